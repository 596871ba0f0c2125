"""The job: tag texts that are in no database, line by line, in memory that does not grow."""

from __future__ import annotations

import json
import os
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, Final

from classifier.decide import headline_verdict
from classifier.errors import TextsError
from classifier.text import Document
from storage.language import t
from storage.records import Field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import BinaryIO

    from classifier.tagger import Tagger
    from storage.records import HeadlineTag, Span, Tagging

MAX_LINE_BYTES: Final = 64_000_000
"""Of one text: a longer line is a broken file, and its rest is skipped."""
_CHUNK: Final = 50
"""Texts handed to a process at a time: some tenths of a second of work."""
_WAITING: Final = 4
"""Chunks under way for each process: enough to keep it busy, few enough to hold in memory."""
_MOST_BAD: Final = 100
"""Wrong lines told one by one; the others are only counted."""
_FIELDS: Final = {Field.HEADLINE: "title", Field.LEAD: "lead", Field.BODY: "text"}


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no text to tag, and why."""

    number: int
    why: str


@dataclass(frozen=True, slots=True)
class TextSummary:
    """What one call of the job did."""

    tagged: int
    """Texts tagged now."""
    kept: int
    """Texts tagged by an earlier call that was stopped."""
    bad: tuple[BadLine, ...]
    """Lines left out, the first ones with their reason; every other line has its verdict."""
    bad_lines: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """Who tags, and in how many processes."""

    tagger: Tagger
    tags: tuple[HeadlineTag, ...]
    make_tagger: Callable[[], Tagger]
    """Makes the same tagger in another process."""
    jobs: int = 1


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    data: bytes


def tag_texts(
    source: Path, target: Path, work: Work, *, progress: Callable[[int], None] = lambda _: None
) -> TextSummary:
    """Tag every text of ``source`` into ``target``, in order; go on where a stopped call was.

    Until all is done the verdicts stand in '<target>.part'. ``progress`` is told the number of
    lines after each chunk.

    Raises:
        TextsError: a file cannot be read or written, or the unfinished one is another tagger's.
    """
    part = target.with_name(target.name + ".part")
    try:
        with source.open("rb") as lines:
            kept, last = _resume(part, work.tagger.identity)
            with part.open("ab") as out:
                summary = _run(_skip(_lines(lines), last), out, work, progress)
        part.replace(target)
    except OSError as error:
        raise TextsError(t(f"Lỗi đọc hoặc ghi tệp: {error}", f"Cannot go on: {error}")) from error
    return TextSummary(summary.tagged, kept, summary.bad, summary.bad_lines)


def judge_line(data: bytes, tagger: Tagger, tags: tuple[HeadlineTag, ...]) -> dict[str, Any]:
    """Give the verdict on one line: the text's headline tags, and each topic with its reasons.

    Raises:
        ValueError: the line is no JSON object with an ``id``, a ``title`` and a ``text``.
    """
    row = json.loads(data)
    if not isinstance(row, dict) or "id" not in row:
        raise ValueError(t("cần một đối tượng JSON có “id”", "a JSON object with 'id' is needed"))
    texts = [row.get(name) or "" for name in ("title", "text")]
    if not all(isinstance(text, str) for text in texts):
        raise ValueError(t("“title” và “text” phải là chữ", "'title' and 'text' must be strings"))
    taggings = tagger.tag(Document(headline=texts[0], lead=None, body=texts[1]))
    return {
        "id": row["id"],
        **headline_verdict(taggings, tags),
        "topics": {tagging.topic: _topic(tagging) for tagging in taggings},
        "tagger": tagger.identity,
    }


def _topic(tagging: Tagging) -> dict[str, Any]:
    return {
        "level": tagging.level.value,
        "verdict": tagging.verdict.value,
        "probability": tagging.score,
        "reason": tagging.reason,
        "spans": [_span(span) for span in tagging.spans],
    }


def _span(span: Span) -> dict[str, Any]:
    return {
        "field": _FIELDS[span.field],
        "start": span.start,
        "end": span.end,
        "text": span.text,
        "cue": span.cue,
        "weight": span.weight,
    }


# ------------------------------------------------------------------------- lines


def _lines(file: BinaryIO) -> Iterator[_Line]:
    """Give the lines with something on them; of one that is too long, only its beginning."""
    number = 0
    while data := file.readline(MAX_LINE_BYTES):
        number += 1
        if len(data) == MAX_LINE_BYTES and not data.endswith(b"\n"):
            while (rest := file.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
                pass
        if data.strip():
            yield _Line(number, data)


def _skip(lines: Iterator[_Line], last: int) -> Iterator[_Line]:
    return (line for line in lines if line.number > last)


def _resume(part: Path, identity: str) -> tuple[int, int]:
    """Cut a half-written last line off; give how many verdicts stand, and for which line the last.

    Raises:
        TextsError: they are another tagger's.
    """
    if not part.exists():
        return 0, 0
    kept, last, good = 0, 0, 0
    with part.open("r+b") as file:
        for line in file:
            if not line.endswith(b"\n"):
                break
            row = json.loads(line)
            if row.get("tagger") != identity:
                raise TextsError(
                    t(
                        f"{part} dở dang do bộ gắn khác ({row.get('tagger')}). Hãy xóa tệp đó.",
                        f"{part} is unfinished work of another tagger. Delete it first.",
                    )
                )
            kept, last, good = kept + 1, row["line"], good + len(line)
        file.truncate(good)
    return kept, last


# ------------------------------------------------------------------------- processes

_worker: tuple[Tagger, tuple[HeadlineTag, ...]] | None = None
"""The tagger of this process, when it is one of several."""


def _run(
    lines: Iterator[_Line], out: BinaryIO, work: Work, progress: Callable[[int], None]
) -> TextSummary:
    tagged, bad_lines = 0, 0
    bad: list[BadLine] = []
    for verdicts in _judged(lines, work):
        for number, verdict in verdicts:
            if isinstance(verdict, str):
                bad_lines += 1
                bad += [BadLine(number, verdict)] if len(bad) < _MOST_BAD else []
                continue
            row = json.dumps(verdict | {"line": number}, ensure_ascii=False)
            out.write(row.encode() + b"\n")
            tagged += 1
        out.flush()
        progress(len(verdicts))
    return TextSummary(tagged, 0, tuple(bad), bad_lines)


_Judged = list[tuple[int, "dict[str, Any] | str"]]


def _judged(lines: Iterator[_Line], work: Work) -> Iterator[_Judged]:
    """Give the verdicts chunk by chunk, in order, never reading far ahead."""
    chunks = iter(lambda: list(islice(lines, _CHUNK)), [])
    if work.jobs == 1:
        for chunk in chunks:
            yield _judge_chunk(chunk, work.tagger, work.tags)
        return
    with ProcessPoolExecutor(
        work.jobs,
        mp_context=get_context("spawn"),
        initializer=_start,
        initargs=(work.make_tagger, work.tags),
    ) as pool:
        under_way: deque[Any] = deque()
        for chunk in chunks:
            under_way.append(pool.submit(_judge_in_process, chunk))
            if len(under_way) >= work.jobs * _WAITING:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


def _start(make_tagger: Callable[[], Tagger], tags: tuple[HeadlineTag, ...]) -> None:
    global _worker  # noqa: PLW0603 - a process of the pool has no other memory
    _worker = (make_tagger(), tags)


def _judge_in_process(chunk: list[_Line]) -> _Judged:
    assert _worker is not None  # noqa: S101 - set by _start
    return _judge_chunk(chunk, *_worker)


def _judge_chunk(chunk: list[_Line], tagger: Tagger, tags: tuple[HeadlineTag, ...]) -> _Judged:
    judged: _Judged = []
    for line in chunk:
        try:
            judged.append((line.number, judge_line(line.data, tagger, tags)))
        except (ValueError, RecursionError) as error:
            judged.append((line.number, str(error)[:200]))
    return judged


def cores() -> int:
    """Give the number of processes that can run at once here."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
