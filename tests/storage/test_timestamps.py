"""Time stamps of an authority on loopback, made here with OpenSSL: asked for, kept, checked."""

from __future__ import annotations

import datetime as dt
import http.server
import shutil
import subprocess
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from storage import chain, stamps
from storage.captures import finish_run, start_run
from storage.clock import Clock
from storage.engine import Database
from storage.evidence_commands import try_stamp
from storage.leaves import head_content
from storage.records import CrawlRun, DayInterval, RunOutcome
from storage.timestamping import TimestampError, ask, check
from storage.verify import verify
from storage.workspace import lay_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from storage.console import Session
    from storage.workspace import Workspace

pytest.importorskip("rfc3161_client", reason="the extra 'timestamp' is not installed")
pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl")

CONTENT = head_content(3, "ab" * 32)
_CONFIG = """
[tsa]
default_tsa = it
[it]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
ess_cert_id_alg = sha256
"""


def certificate(
    name: str, *, issuer: tuple[x509.Name, ec.EllipticCurvePrivateKey] | None
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """Make a root (without an issuer), or a certificate that may only stamp."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    by, signer = issuer or (subject, key)
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    )
    if issuer is not None:
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        made = made.add_extension(purpose, critical=True)
    return made.sign(signer, hashes.SHA256()), key


@dataclass
class Authority:
    """A time-stamping authority on this machine."""

    folder: Path
    url: str = ""
    broken: Callable[[bytes], bytes] = lambda answer: answer

    @property
    def certificates(self) -> bytes:
        """Whom to trust."""
        return (self.folder / "ca.pem").read_bytes()

    def answer(self, query: bytes) -> bytes:
        """Stamp a query."""
        asked, answered = self.folder / "query.tsq", self.folder / "answer.tsr"
        asked.write_bytes(query)
        command = ["openssl", "ts", "-reply", "-config", str(self.folder / "tsa.cnf")]
        subprocess.run(
            [*command, "-queryfile", str(asked), "-out", str(answered)],
            check=True,
            capture_output=True,
        )
        return self.broken(answered.read_bytes())


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    folder = tmp_path_factory.mktemp("tsa")
    root, root_key = certificate("Gốc", issuer=None)
    own, key = certificate("Dấu thời gian", issuer=(root.subject, root_key))
    pem = serialization.Encoding.PEM
    (folder / "ca.pem").write_bytes(root.public_bytes(pem))
    (folder / "tsa.pem").write_bytes(own.public_bytes(pem))
    private = serialization.PrivateFormat.PKCS8
    (folder / "tsa.key").write_bytes(key.private_bytes(pem, private, serialization.NoEncryption()))
    (folder / "serial").write_text("01\n")
    (folder / "tsa.cnf").write_text(_CONFIG.format(folder=folder))
    made = Authority(folder)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.headers["Content-Type"] == "application/timestamp-query"
            data = made.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        made.url = f"http://127.0.0.1:{server.server_port}/"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield made
        server.shutdown()
        thread.join()


@pytest.fixture
def workspace(authority: Authority, tmp_path: Path, empty_database_file: Path) -> Workspace:
    """A workspace with one run in the chain, and the authority in its settings."""
    made = lay_out(tmp_path / "phòng", since=dt.date(2022, 1, 1))
    shutil.copyfile(empty_database_file, made.folder / "tinbai.db")
    (made.folder / "ca.pem").write_bytes(authority.certificates)
    database = Database.open(made.database_url)
    at = dt.datetime(2022, 9, 1, tzinfo=dt.UTC)
    run = CrawlRun(
        site="a",
        window=DayInterval(dt.date(2022, 1, 1)),
        started_at=at,
        profile_digest="p",
        code_version="0",
        simulated_clock=True,
    )
    with database.write() as c:
        run_id = start_run(c, run)
        finish_run(c, run_id, finished_at=at, outcome=RunOutcome.COMPLETE, reason=None, counters={})
        chain.seal(c, made.evidence, at=at)
    database.close()
    settings = replace(made.settings, timestamp_url=authority.url, timestamp_ca="ca.pem")
    return replace(made, settings=settings)


def found(workspace: Workspace, certificates: bytes | None) -> list[str]:
    database = Database.open(workspace.database_url)
    with database.read() as c:
        kinds = [one.kind.value for one in verify(c, workspace.evidence, certificates=certificates)]
    database.close()
    return kinds


def stamp_of(authority: Authority) -> bytes:
    token, _ = ask(
        authority.url, CONTENT, certificates=authority.certificates, timeout_s=10, proxy=None
    )
    return token


def test_a_stamp_is_had_once_kept_and_found_to_hold(
    workspace: Workspace, authority: Authority, tmp_path: Path
) -> None:
    made = stamps.stamp_newest(workspace, Clock())
    assert made is not None
    assert made.at is not None
    assert abs(made.at - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=5)
    again = stamps.stamp_newest(workspace, Clock())
    assert again is not None
    assert again.at is None
    assert found(workspace, authority.certificates) == []
    database = Database.open(workspace.database_url)
    with database.read() as c:
        (kept,) = stamps.stamps(c)
    database.close()
    # An outsider needs nothing of ours.
    (tmp_path / "head.txt").write_bytes(head_content(kept.head.size, kept.head.root))
    (tmp_path / "stamp.tsr").write_bytes(kept.token)
    openssl = ["openssl", "ts", "-verify", "-data", "head.txt", "-in", "stamp.tsr", "-CAfile"]
    ended = subprocess.run(
        [*openssl, str(authority.folder / "ca.pem")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Verification: OK" in ended.stdout + ended.stderr


def test_a_stamp_that_was_changed_or_cannot_be_checked_is_named(
    workspace: Workspace, authority: Authority
) -> None:
    stamps.stamp_newest(workspace, Clock())
    assert found(workspace, None) == ["stamp_wrong"]
    database = Database.open(workspace.database_url)
    with database.write() as c:
        c.exec_driver_sql(
            "UPDATE tree_head SET root = printf('%064d', 1)"
            " WHERE id = (SELECT max(id) FROM tree_head)"
        )
    database.close()
    # The token is judged by the root that the leaves give, not by the one that was written down.
    assert found(workspace, authority.certificates) == ["root_changed"]


def test_a_stamp_holds_for_its_text_and_by_whom_it_says(authority: Authority) -> None:
    token = stamp_of(authority)
    check(token, CONTENT, certificates=authority.certificates)
    stranger, _ = certificate("Người lạ", issuer=None)
    pem = stranger.public_bytes(serialization.Encoding.PEM)
    changed = bytearray(token)
    changed[-10] ^= 0xFF
    for bytes_, content, trusted in (
        (token, CONTENT + b"x", authority.certificates),
        (token, CONTENT, pem),
        (token, CONTENT, b""),
        (bytes(changed), CONTENT, authority.certificates),
        (b"no DER", CONTENT, authority.certificates),
    ):
        with pytest.raises(TimestampError, match=r"\[timestamp\]"):
            check(bytes_, content, certificates=trusted)


def test_an_answer_to_another_question_is_refused(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = stamp_of(authority)
    monkeypatch.setattr(authority, "broken", lambda _: old)  # its nonce is the old one
    with pytest.raises(TimestampError):
        stamp_of(authority)


def test_an_authority_that_fails_stops_no_night(
    workspace: Workspace, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    session: Session = type("Session", (), {"clock": Clock()})()
    refusal = bytes.fromhex("3009300702010203020500")  # a status "rejection", and no token
    for answer in (b"out of order", b"", refusal):
        monkeypatch.setattr(authority, "broken", lambda _, it=answer: it)
        assert "[timestamp]" in str(try_stamp(session, workspace))
    nobody = replace(workspace.settings, timestamp_url="http://127.0.0.1:9/")
    assert "127.0.0.1:9" in str(try_stamp(session, replace(workspace, settings=nobody)))
    wrong = replace(workspace.settings, timestamp_url="file:///etc/passwd")
    assert "http://" in str(try_stamp(session, replace(workspace, settings=wrong)))
    none = replace(workspace.settings, timestamp_url=None)
    assert try_stamp(session, replace(workspace, settings=none)) is None
    lost = replace(workspace.settings, timestamp_ca="nowhere.pem")
    assert "nowhere.pem" in str(try_stamp(session, replace(workspace, settings=lost)))
