"""Reads a document in a process of its own: what it does to a reader's memory ends with it."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys

from crawler.attachments import DocumentText, read_document
from storage.records import AttachmentState

TIMEOUT_S = 30
"""Seconds of the clock; a document of sixty pages takes one."""
_CPU_S = 20
_MEMORY = 1024 * 1024 * 1024
"""Bytes of address space."""


def read_apart(body: bytes, *, timeout_s: float = TIMEOUT_S) -> DocumentText:
    """Read a document within limits of time and memory. Never raises."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "crawler.apart"],
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
        return DocumentText(AttachmentState.UNREADABLE, reason="takes too long")
    except (OSError, ValueError, KeyError):
        return DocumentText(AttachmentState.UNREADABLE, reason="reader ended early")


def main() -> None:
    """Be the process: a document in, its text out as JSON."""
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_S, _CPU_S))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    found = read_document(sys.stdin.buffer.read())
    answer = {"state": found.state.value, "text": found.text, "reason": found.reason}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
