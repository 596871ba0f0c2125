"""Time stamps by an outside authority (RFC 3161): asked for, and checked.

What is stamped is the text of a head of the evidence chain (``storage.leaves.head_content``): who
has the stamp can show that all captures of the chain were there at that time. Needs the extra
``timestamp``. The authority is the one that the office names; nothing else is asked.
"""

from __future__ import annotations

import http.client
import urllib.request
from typing import TYPE_CHECKING, Any

from storage.errors import EvidenceError
from storage.language import t

if TYPE_CHECKING:
    import datetime as dt

_ANSWER_AT_MOST = 2**17
"""Bytes; real answers have 3,000 to 8,000 with all certificates."""


class TimestampError(EvidenceError):
    """No valid time stamp could be had. Never stops a night."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """An authority answers itself: it sends nobody on to another host."""

    def redirect_request(self, *_: object) -> None:
        """Follow nothing."""


def ask(
    url: str, content: bytes, *, certificates: bytes, timeout_s: float, proxy: str | None
) -> tuple[bytes, dt.datetime]:
    """Ask an authority to stamp a text; give its whole answer (DER) and the time in it.

    Args:
        url: the authority's address.
        content: what is stamped (its SHA-256 is sent, not the text).
        certificates: in PEM, whom to trust: the authority's root, and what lies between.
        timeout_s: for each step of the exchange, in seconds.
        proxy: the office's, or None.

    Raises:
        TimestampError: no answer, a refusal, or an answer that does not hold.
    """
    client = _client()
    asked = client.TimestampRequestBuilder(
        data=content, hash_algorithm=client.HashAlgorithm.SHA256
    ).build()
    request = urllib.request.Request(  # noqa: S310 - the office's own setting, checked below
        url,
        data=asked.as_bytes(),
        headers={"Content-Type": "application/timestamp-query"},
    )
    if request.type not in {"http", "https"}:
        raise TimestampError(
            t(
                f"[timestamp] url = {url}: cần địa chỉ http:// hoặc https://.",
                f"[timestamp] url = {url}: give an http:// or https:// address.",
            )
        )
    proxies = {"http": proxy, "https": proxy} if proxy else {}
    opener = urllib.request.build_opener(urllib.request.ProxyHandler(proxies), _NoRedirect)
    try:
        with opener.open(request, timeout=timeout_s) as answer:
            token = answer.read(_ANSWER_AT_MOST)
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise TimestampError(
            t(
                f"Không xin được dấu thời gian ở {url}: {error}. Các bước khác không bị ảnh "
                "hưởng; xin lại bằng: tinbai evidence stamp",
                f"No time stamp could be had from {url}: {error}. Nothing else is affected; try "
                "again with: tinbai evidence stamp",
            )
        ) from error
    return token, check(token, content, certificates=certificates, nonce=asked.nonce)


def check(
    token: bytes, content: bytes, *, certificates: bytes, nonce: int | None = None
) -> dt.datetime:
    """Give the time in an authority's answer, when it holds for this text.

    The certificates have to be valid at that time, not today.

    Raises:
        TimestampError: it does not hold, or it cannot be checked.
    """
    client = _client()
    from cryptography import x509  # noqa: PLC0415 - comes with the extra

    try:
        known = x509.load_pem_x509_certificates(certificates)
        roots = [one for one in known if one.issuer == one.subject]
        verifier = client.VerifierBuilder(
            roots=roots, intermediates=[one for one in known if one not in roots], nonce=nonce
        ).build()
        answer = client.decode_timestamp_response(token)
        verifier.verify_message(answer, content)
    except (ValueError, client.VerificationError) as error:
        raise TimestampError(
            t(
                f"Dấu thời gian không hợp lệ: {error}. Kiểm tra [timestamp] url và ca trong "
                "tinbai.toml.",
                f"The time stamp does not hold: {error}. Check [timestamp] url and ca in "
                "tinbai.toml.",
            )
        ) from error
    found: dt.datetime = answer.tst_info.gen_time
    return found


def _client() -> Any:  # noqa: ANN401 - the module, which may not be there
    try:
        import rfc3161_client  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise TimestampError(
            t(
                "Dấu thời gian cần phần cài thêm: pip install 'tinbai[timestamp]'",
                "Time stamps need an extra: pip install 'tinbai[timestamp]'",
            )
        ) from error
    return rfc3161_client
