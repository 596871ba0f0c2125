"""Reads a document in a process of its own: what it does to a reader's memory ends with it."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys

from crawler import ocr
from crawler.attachments import DocumentText, read_by_machine, read_document
from storage.records import BY_MACHINE, AttachmentState

TIMEOUT_S = 30
"""Seconds of the clock; a document of sixty pages takes one."""
SCAN_TIMEOUT_S = 600
"""The same for a scan that a machine reads: twenty pages take a minute of one core."""
_CPU_S = 20
_SCAN_CPU_S = 90
"""Of the one that draws the pages, and of each page's reader."""
_MEMORY = 1024 * 1024 * 1024
"""Bytes of address space."""
_READ_BY_MACHINE = "ocr"
_TOO_LONG = "takes too long"
SCAN_TAKES_TOO_LONG = f"{BY_MACHINE}: {_TOO_LONG}"
"""The reason of a scan that was not read for want of time: another night may do it."""


def read_apart(body: bytes, *, timeout_s: float = TIMEOUT_S) -> DocumentText:
    """Read a document within limits of time and memory; a scan by OCR where there is. Never raises.

    A scan that cannot be read for want of time stays a scan: half of it would be another text
    each night.
    """
    found = _apart(body, timeout_s=timeout_s)
    is_scan = found.state is AttachmentState.SCAN and ocr.can_read(body)
    reader = ocr.reader() if is_scan else None
    if reader is None:
        return found
    read = _apart(body, _READ_BY_MACHINE, reader, timeout_s=SCAN_TIMEOUT_S)
    if read.state is AttachmentState.UNREADABLE:
        return DocumentText(AttachmentState.SCAN, reason=f"{BY_MACHINE}: {read.reason}")
    return read


def _apart(body: bytes, *how: str, timeout_s: float) -> DocumentText:
    try:
        done = subprocess.run(  # noqa: S603 - our own module, with words of ours
            [sys.executable, "-m", "crawler.apart", *how],
            input=body,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            timeout=timeout_s,
            check=False,
        )
        answer = json.loads(done.stdout)
        return DocumentText(AttachmentState(answer["state"]), answer["text"], answer["reason"])
    except subprocess.TimeoutExpired:
        return DocumentText(AttachmentState.UNREADABLE, reason=_TOO_LONG)
    except (OSError, ValueError, KeyError):
        return DocumentText(AttachmentState.UNREADABLE, reason="reader ended early")


def main() -> None:
    """Be the process: a document in, its text out as JSON."""
    by_machine = sys.argv[1:2] == [_READ_BY_MACHINE]
    seconds = _SCAN_CPU_S if by_machine else _CPU_S
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    body = sys.stdin.buffer.read()
    if by_machine:
        found = read_by_machine(ocr.read_pages(body), reader=sys.argv[2])
    else:
        found = read_document(body)
    answer = {"state": found.state.value, "text": found.text, "reason": found.reason}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
