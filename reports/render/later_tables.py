"""What came to light after frozen reports, as sentences and rows that every format sets.

Without arithmetic; in the language in use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.causes import because, cause_word, effects_of, in_words
from reports.render import words
from reports.verification import spell_count
from storage.language import t
from storage.records import LaterArticle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.records import Counted, LaterLine, Report, SinceFrozen


def title() -> str:
    """Give the heading."""
    return t("Phát sinh sau chốt", "Since the frozen report")


def against(since: SinceFrozen) -> str:
    """Say which frozen report a list is held against, and that its number stands."""
    day, known = words.day_text(since.signed_on), words.instant_text(since.as_of)
    days = words.days_text(since.days)
    return t(
        f"So với báo cáo số {since.number} ngày {day} của {since.issuer} (số liệu đến {known}), "
        f"trên các ngày {days}. Số đã chốt giữ nguyên; số của báo cáo này gồm cả phần phát sinh.",
        f"Against report no. {since.number} of {day} by {since.issuer} (as known at {known}), on "
        f"the days {days}. The frozen numbers stand; those of this report include what came since.",
    )


def sentences(since: SinceFrozen) -> Iterator[str]:
    """Say for each line what came to light; that nothing did, if so."""
    for line in since.lines:
        yield f"{line.unit_name}, {line.tag}: {_line(line)}."
    if not since.lines:
        yield t("Không có gì phát sinh.", "Nothing came to light.")


def _line(line: LaterLine) -> str:
    said = []
    effects = effects_of((article.cause, article.change) for article in line.articles)
    if effects:
        was, now, why = _count(line.was), _count(line.now), because(effects)
        said.append(
            t(
                f"đã chốt {was}, nay {now} ({line.change:+d}, vì {why})",
                f"frozen {was}, now {now} ({line.change:+d}, because: {why})",
            )
        )
    if line.accepted:
        number = len(line.accepted)
        said.append(
            t(
                f"{in_words(number)} giải trình được chấp nhận sau chốt (ngoài số xác minh)",
                f"{number} explanations accepted since (beside the verified number)",
            )
        )
    return "; ".join(said)


def _count(counted: Counted | None) -> str:
    if counted is None:
        return t("chưa có dòng", "no line")
    return t(spell_count(counted), words.count_text(counted))


def headers() -> tuple[str, ...]:
    """Give the headers of ``rows``."""
    return (
        t("TT", "No."),
        t("Nhóm", "Tag"),
        t("Tiêu đề, địa chỉ", "Title, address"),
        t("Ngày đăng", "Day"),
        t("Thay đổi", "Change"),
        t("Vì", "Because"),
        t("Mã bài", "Article"),
    )


Row = tuple[LaterArticle, tuple[str, ...]]
"""An article, and its row; of the third cell the address is ``LaterArticle.url``."""


def rows(since: SinceFrozen) -> list[tuple[str, list[Row]]]:
    """Give the articles by unit: its name, and a row for each article and tag."""
    by_unit: dict[str, list[Row]] = {}
    for line in since.lines:
        of_unit = by_unit.setdefault(line.unit_name, [])
        for article in line.articles:
            of_unit.append((article, _row(len(of_unit) + 1, line, article)))
    return [(name, of_unit) for name, of_unit in by_unit.items() if of_unit]


def _row(number: int, line: LaterLine, article: LaterArticle) -> tuple[str, ...]:
    return (
        str(number),
        line.tag,
        article.title,
        words.day_text(article.day),
        f"{article.change:+d}".replace("-", "−"),
        cause_word(article.cause, article.change),
        str(article.article_id),
    )


def accepted(report: Report, since: SinceFrozen) -> Iterator[str]:
    """Say which claims were accepted since, by whom and why."""
    keys = {key: line.unit_name for line in since.lines for key in line.accepted}
    for finding in report.findings:
        if finding.key in keys:
            last = finding.steps[-1]
            yield (
                f"{keys[finding.key]}, {finding.tag}, {t('ô', 'cell')} {finding.claim_cell}: "
                f"“{finding.expected}” — {last.who}, {words.instant_text(last.noted_at)}: "
                f"{last.note}"
            )
