"""What goes into the bundle of a report: everything behind its counted and disputed articles.

Counted, or named by a finding: all captures of the article until the report's instant (redirects,
every look, attachments), the records that their bodies lie in, and the first capture of each WARC
file, which carries the file's head. For units with a claim that was not found: the certificate,
and every list page that it rests on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.calendar import parse_period
from reports.proof import certify
from reports.serial import from_json
from storage import chain, stamps
from storage.errors import InputError
from storage.exhibits import (
    captures_of_articles,
    captures_of_versions,
    exhibits,
    first_captures,
    originals,
)
from storage.findings import report_content, stored_reports
from storage.language import t
from storage.merkle import consistency_path, inclusion_paths
from storage.records import FindingKind
from storage.removals import removals

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path

    from reports.certificate import Certificate
    from storage.engine import Connection
    from storage.exhibits import Exhibit
    from storage.records import LineArticle, Report, TreeHead
    from storage.stamps import Stamp


@dataclass(frozen=True, kw_only=True, slots=True)
class Proof:
    """Why a leaf is in a tree."""

    number: int
    path: tuple[tuple[str, str], ...]
    """From the leaf up: on which side the other hash stands ('L' or 'R'), and the hash."""
    head: TreeHead


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """An article that the bundle is about."""

    article: LineArticle
    unit: str
    tags: tuple[str, ...]
    """Headline tags that it counts for."""
    disputes: tuple[FindingKind, ...]
    version_capture: int | None
    """The capture that its text was read from."""
    captures: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Bundle:
    """All that is written."""

    report_id: int
    report: Report
    content: str
    """The frozen JSON, byte for byte."""
    made_at: dt.datetime
    articles: tuple[Shown, ...]
    exhibits: tuple[Exhibit, ...]
    unsealed: tuple[int, ...]
    """Captures of runs that have not ended: not in the chain yet, and not in the bundle."""
    proofs: Mapping[int, Proof]
    """By capture."""
    certificates: tuple[Certificate, ...]
    head: TreeHead
    """The newest head that a proof leads to."""
    consistency: tuple[str, ...]
    """From the report's head to that one; empty when they are the same, or it has none."""
    stamp: Stamp | None
    """The first time stamp on a head that holds all of the report's captures."""
    stamp_consistency: tuple[str, ...]
    """From the report's head to the stamped one."""


def gather(c: Connection, folder: Path, report_id: int) -> Bundle:
    """Read all that goes into a report's bundle; of the WARC files only heads of records.

    Raises:
        DatabaseError: there is no such report, or it was changed.
        InputError: no run has ended yet, so that nothing is in the chain.
    """
    content = report_content(c, report_id)
    report = from_json(content)
    (frozen,) = [one for one in stored_reports(c) if one.id == report_id]
    articles = _articles(c, report)
    certificates = tuple(_certificates(c, report))
    wanted = {capture for one in articles for capture in one.captures}
    wanted |= {one.capture_id for one in report.findings if one.capture_id is not None}
    wanted |= {
        page.capture.id
        for one in certificates
        for site in one.sites
        for section in site.sections
        for look in section.looks
        for page in look.pages
        if page.capture.id is not None
    }
    removed = removals(c)
    found = exhibits(c, wanted, removed=removed)
    wanted |= originals(c, folder, found)
    files = {one.capture.warc.file for one in exhibits(c, wanted, removed=removed)
             if one.capture.warc is not None}  # fmt: skip
    wanted |= set(first_captures(c, files).values())
    found = exhibits(c, wanted, removed=removed)
    heads = [one.head for one in chain.heads(c)]
    if not heads or not found:
        raise InputError(
            t(
                f"Báo cáo số {report_id} chưa có bằng chứng nào trong chuỗi để xuất.",
                f"Report {report_id} has no evidence in the chain that could be exported.",
            )
        )
    needed = max(one.number for one in found) + 1
    newest = _smallest(heads, max(needed, report.evidence.size if report.evidence else 0))
    stamp = next((one for one in stamps.stamps(c) if one.head.size >= newest.size), None)
    size = max(newest.size, stamp.head.size if stamp else 0)
    leaves = chain.leaf_hashes(c, size)
    return Bundle(
        report_id=report_id,
        report=report,
        content=content,
        made_at=frozen.made_at,
        articles=articles,
        exhibits=tuple(found),
        unsealed=tuple(sorted(wanted - {one.capture.id or 0 for one in found})),
        proofs=_proofs(found, leaves, report.evidence or newest, newest),
        certificates=certificates,
        head=newest,
        consistency=_consistency(report.evidence, newest, leaves),
        stamp=stamp,
        stamp_consistency=_consistency(report.evidence, stamp.head if stamp else newest, leaves),
    )


def _articles(c: Connection, report: Report) -> tuple[Shown, ...]:
    disputes: dict[int, list[FindingKind]] = {}
    for finding in report.findings:
        if finding.article_id is not None:
            disputes.setdefault(finding.article_id, []).append(finding.kind)
    rows: dict[int, tuple[str, LineArticle]] = {}
    tags: dict[int, list[str]] = {}
    for line in report.lines:
        for article in line.articles:
            if article.bucket is None:
                rows[article.article_id] = (line.unit, article)
                tags.setdefault(article.article_id, []).append(line.tag)
            elif article.article_id in disputes:
                rows.setdefault(article.article_id, (line.unit, article))
    for article in report.unowned:
        if article.article_id in disputes:
            rows.setdefault(article.article_id, ("", article))
    captures = captures_of_articles(c, {*rows, *disputes}, report.as_of)
    read_from = captures_of_versions(
        c, [one.version_id for _, one in rows.values() if one.version_id is not None]
    )
    return tuple(
        Shown(
            article=article,
            unit=unit,
            tags=tuple(tags.get(number, ())),
            disputes=tuple(disputes.get(number, ())),
            version_capture=read_from.get(article.version_id or 0),
            captures=tuple(captures.get(number, ())),
        )
        for number, (unit, article) in sorted(rows.items())
    )


def _certificates(c: Connection, report: Report) -> list[Certificate]:
    """Give what "not found" rests on, for every unit that claims what was not found."""
    units = {
        finding.unit for finding in report.findings if finding.kind is FindingKind.CLAIM_NOT_FOUND
    }
    period = parse_period(report.period_code)
    return [certify(c, unit=unit, period=period, as_of=report.as_of) for unit in sorted(units)]


def _smallest(heads: list[TreeHead], size: int) -> TreeHead:
    return next(one for one in heads if one.size >= size)


def _proofs(
    found: list[Exhibit], leaves: list[bytes], first: TreeHead, newest: TreeHead
) -> dict[int, Proof]:
    """Prove each leaf in the report's tree; one that came later in the newest that is needed."""
    proofs: dict[int, Proof] = {}
    for head in dict.fromkeys((first, newest)):
        mine = [
            one for one in found if one.number < head.size and (one.capture.id or 0) not in proofs
        ]
        paths = inclusion_paths(leaves[: head.size], [one.number for one in mine])
        for one in mine:
            proofs[one.capture.id or 0] = Proof(
                number=one.number,
                path=_sided(paths[one.number], number=one.number, size=head.size),
                head=head,
            )
    return proofs


def _sided(path: list[bytes], *, number: int, size: int) -> tuple[tuple[str, str], ...]:
    """Say of each hash whether it stands to the left or to the right (RFC 9162, 2.1.3.2)."""
    sided, last = [], size - 1
    for one in path:
        if number & 1 or number == last:
            sided.append(("L", one.hex()))
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            sided.append(("R", one.hex()))
        number, last = number >> 1, last >> 1
    return tuple(sided)


def _consistency(before: TreeHead | None, after: TreeHead, leaves: list[bytes]) -> tuple[str, ...]:
    if before is None or before.size == 0 or before.size >= after.size:
        return ()
    return tuple(one.hex() for one in consistency_path(leaves[: after.size], before.size))
