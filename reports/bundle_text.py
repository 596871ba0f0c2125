"""The words of a bundle, in Vietnamese: how to check it with nothing of ours, what it proves not.

Pure. Like the report's other texts they do not follow the language of the person at the keyboard.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reports.links import is_web_address
from reports.render import words
from storage.language import Language, speaking
from storage.records import FindingKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reports.bundle import Bundle, Proof, Shown
    from storage.exhibits import Exhibit

PAPERS = "ho-so"
"""The folder of what is not WACZ's own: validators want no such file at the top."""
PROOFS, HEAD, STAMPED, TOKEN, TRUSTED = (
    f"{PAPERS}/chung-minh.txt",
    f"{PAPERS}/niem-phong.txt",
    f"{PAPERS}/dau-thoi-gian.txt",
    f"{PAPERS}/dau-thoi-gian.tsr",
    f"{PAPERS}/chung-thu.pem",
)
"""Files of the bundle that the instruction speaks of."""

SCRIPT = r"""hash() { sha256sum | cut -c1-64; }
while read -r what value; do
  case $what in
    bytes) set -- $value
           digest=$(tail -c +$(($2 + 1)) "$1" | head -c "$3" | hash) ;;
    none)  digest= ;;
    leaf)  case $value in
             *"\"warc_sha256\":\"$digest\""*) ;;
             *) [ -z "$digest" ] || echo "SAI BYTE: $value" ;;
           esac
           h=$(printf '\000%s' "$value" | hash) ;;
    L)     h=$(printf '01%s%s' "$value" "$h" | xxd -r -p | hash) ;;
    R)     h=$(printf '01%s%s' "$h" "$value" | xxd -r -p | hash) ;;
    root)  [ "$h" = "$value" ] && echo "dung $value" || echo "SAI GOC: $value" ;;
  esac
done < ho-so/chung-minh.txt | sort | uniq -c
"""
"""Checks every proof with sha256sum and xxd; short enough to be read before it is run."""

_NO_NAME = re.compile(r"[^\w-]+")
_TEMPLATES = Path(__file__).parent / "render" / "templates"
LIMITS = tuple((_TEMPLATES / "bundle_limits.txt").read_text("utf-8").splitlines())
"""What the evidence does not prove, a sentence or two each."""


def proof_lines(bundle: Bundle, places: Mapping[int, tuple[str, int]]) -> bytes:
    """Give every proof as lines for ``SCRIPT``: bytes, leaf, hashes upwards, root.

    Args:
        bundle: whose proofs.
        places: by capture: the bundle's file that has its bytes, and where they begin.
    """
    blocks = [
        _block(one, bundle.proofs[one.capture.id or 0], places.get(one.capture.id or 0))
        for one in bundle.exhibits
    ]
    return b"".join(blocks)


def _block(one: Exhibit, proof: Proof, place: tuple[str, int] | None) -> bytes:
    where = f"bytes {place[0]} {place[1]} {one.size}" if place else "none"
    lines = [where.encode(), b"leaf " + one.content]
    lines += [f"{side} {sha256}".encode() for side, sha256 in proof.path]
    lines.append(f"root {proof.head.root}".encode())
    return b"\n".join(lines) + b"\n"


def instruction(bundle: Bundle) -> bytes:
    """Give the one page that says how to check the bundle by hand."""
    text = _environment(is_html=False).get_template("bundle.txt.j2")
    return text.render(
        bundle=bundle, script=SCRIPT, words=words, names=_names(), limits=LIMITS
    ).encode()


def certificate_name(unit: str) -> str:
    """Give the path of a unit's certificate, without its ending; a code is no path.

    >>> certificate_name("../ĐV 1")
    'giay-xac-nhan/-ĐV-1'
    """
    return "giay-xac-nhan/" + _NO_NAME.sub("-", unit)


def read_first() -> bytes:
    """Give the few lines at the top of the bundle; no dot in its name, as validators want."""
    return (
        f"Mở {PAPERS}/index.html để xem danh mục; {PAPERS}/HUONG-DAN-KIEM-TRA.txt nói cách tự kiểm "
        f"tra; {PAPERS}/KHONG-CHUNG-MINH.txt nói gói này không chứng minh điều gì.\n"
    ).encode()


def limits() -> bytes:
    """Give the plain list of what the evidence does not prove."""
    lines = ["GÓI BẰNG CHỨNG NÀY KHÔNG CHỨNG MINH NHỮNG ĐIỀU SAU", ""]
    lines += [f"{number}. {text}" for number, text in enumerate(LIMITS, start=1)]
    return ("\n".join(lines) + "\n").encode()


def front_page(bundle: Bundle, places: Mapping[int, tuple[str, int]]) -> bytes:
    """Give the page that lists the articles and what is there of each."""
    exhibits = {one.capture.id: one for one in bundle.exhibits}
    unit_names = {line.unit: line.unit_name for line in bundle.report.lines}
    with speaking(Language.VI):
        page = _environment(is_html=True).get_template("bundle.html.j2")
        return page.render(
            bundle=bundle,
            certificate_name=certificate_name,
            exhibits=exhibits,
            fate=_fate,
            limits=LIMITS,
            names=_names(),
            not_found=[
                one for one in bundle.report.findings if one.kind is FindingKind.CLAIM_NOT_FOUND
            ],
            places=places,
            unit_names=unit_names,
            words=words,
        ).encode()


def _fate(one: Shown) -> str:
    said = [f"Được tính: {', '.join(one.tags)}"] if one.tags else [words.fate_word(one.article)]
    return "; ".join([*said, *(words.finding_word(kind) for kind in one.disputes)])


def _names() -> dict[str, str]:
    return {
        "proofs": PROOFS,
        "head": HEAD,
        "stamped": STAMPED,
        "token": TOKEN,
        "trusted": TRUSTED,
    }


def _environment(*, is_html: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=is_html,  # noqa: S701 - the other one is plain text
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.tests["web_address"] = is_web_address
    return environment
