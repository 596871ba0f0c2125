"""The figures of an evaluation: as plain values for machines, as tables for people."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Final

from rich.markup import escape
from rich.table import Table

from classifier.evaluation import (
    asked_share,
    by_source,
    confusion,
    interval,
    reliability,
    score,
)
from storage.language import t
from storage.records import Level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from classifier.card import Card
    from classifier.evaluation import Judged
    from classifier.gate import Quality
    from storage.records import HeadlineTag

_WORST: Final = 20
_MOST_SITES: Final = 20
"""Shown to people; machines get all."""
_BAR: Final = 20
"""Characters that stand for a share of 1."""


def figures(judged: Sequence[Judged], tags: Sequence[HeadlineTag]) -> dict[str, Any]:
    """Give precision, recall and F1 of each headline tag and of all, forced and with review."""
    codes = [tag.code for tag in tags]
    found: dict[str, Any] = {"asked": round(asked_share(judged), 4)}
    for name, with_review in (("forced", False), ("with review", True)):
        for label, group in (*((code, [code]) for code in codes), ("micro", codes)):
            one = score(judged, group, with_review=with_review)
            low, high = interval(judged, group, with_review=with_review)
            found[f"{name} {label}"] = {
                "precision": round(one.precision, 4),
                "recall": round(one.recall, 4),
                "f1": round(one.f1, 4),
                "interval": [round(low, 4), round(high, 4)],
                "right": one.right,
                "too_many": one.too_many,
                "missed": one.missed,
            }
    return found


def figure_table(title: str, judged: Sequence[Judged], tags: Sequence[HeadlineTag]) -> Table:
    """Show the figures of each headline tag, with the interval of F1."""
    table = Table(t("Nhãn", "Tag"), title=title)
    for heading in ("P", "R", "F1", "95 %", "tp", "fp", "fn"):
        table.add_column(heading, justify="right")
    for label, one in figures(judged, tags).items():
        if label == "asked":
            continue
        low, high = one["interval"]
        shares = (f"{one[key]:.3f}" for key in ("precision", "recall", "f1"))
        counts = (str(one[key]) for key in ("right", "too_many", "missed"))
        table.add_row(label, *shares, f"{low:.3f}-{high:.3f}", *counts)
    return table


def reliability_table(judged: Sequence[Judged]) -> Table:
    """Show the share that was main beside the probability given: bars as long as each other."""
    table = Table(
        t("Xác suất trung bình", "Mean probability"),
        t("Thật sự là main", "Really main"),
        t("Số trường hợp", "Cases"),
        "",
    )
    for chance, share, cases in reliability(judged):
        bars = f"{'█' * round(chance * _BAR):{_BAR}} {'▒' * round(share * _BAR)}"
        table.add_row(f"{chance:.2f}", f"{share:.2f}", str(cases), bars)
    return table


def confusion_table(judged: Sequence[Judged], tags: Sequence[HeadlineTag]) -> Table:
    """Show, for each topic, how often each level that people gave became each other."""
    table = Table(t("Chủ đề (người → máy)", "Topic (people → machine)"))
    pairs = [(wanted, given) for wanted in Level for given in Level]
    for wanted, given in pairs:
        table.add_column(f"{wanted.value}→{given.value}", justify="right")
    for topic in topics_of(tags):
        counts = confusion(judged, topic)
        table.add_row(topic, *(str(counts[pair] or "") for pair in pairs))
    return table


def sources(judged: Sequence[Judged], tags: Sequence[HeadlineTag]) -> list[dict[str, Any]]:
    """Give the figures of each kind of source and of each site, as far as the articles tell."""
    return [
        {
            "sort": sort,
            "name": name,
            "articles": articles,
            "right": one.right,
            "too_many": one.too_many,
            "missed": one.missed,
            "f1": round(one.f1, 4),
            "false_per_100": round(100 * one.too_many / articles, 2),
        }
        for (sort, name), (articles, one) in by_source(judged, [tag.code for tag in tags]).items()
    ]


def source_table(judged: Sequence[Judged], tags: Sequence[HeadlineTag]) -> Table:
    """Show the kinds of source and the sites with most articles."""
    table = Table(t("Nguồn", "Source"))
    headings = (
        t("Bài", "Articles"),
        "F1",
        "tp",
        "fp",
        "fn",
        t("Nhãn thừa trên 100 bài", "False tags per 100"),
    )
    for heading in headings:
        table.add_column(heading, justify="right")
    rows = sources(judged, tags)
    sites = [row for row in rows if row["sort"] == "site"][:_MOST_SITES]
    for row in [row for row in rows if row["sort"] == "kind"] + sites:
        counts = (str(row[key]) for key in ("right", "too_many", "missed"))
        shown = (str(row["articles"]), f"{row['f1']:.3f}", *counts, f"{row['false_per_100']:.1f}")
        table.add_row(escape(row["name"]), *shown)
    return table


def comparison(new: Quality, in_use: Card | None) -> dict[str, Any] | None:
    """Give the same figures of the model in use; None: it was measured on other articles."""
    if in_use is None or in_use.quality.fingerprint != new.fingerprint:
        return None
    return dataclasses.asdict(in_use.quality)


def comparison_told(new: Quality, in_use: Card | None) -> str:
    """Say how the model in use did on the same articles, cross-validated in the same way."""
    known = comparison(new, in_use)
    if known is None:
        return t(
            "Mô hình đang dùng được đo trên bài khác: không so sánh được.",
            "The model in use was measured on other articles: no comparison.",
        )
    pairs = ", ".join(
        f"{name} {known[key]:.3f} → {getattr(new, key):.3f}"
        for name, key in (
            ("F1", "forced_f1"),
            (t("F1 sau khi hỏi", "F1 with review"), "reviewed_f1"),
            (t("chính xác sau khi hỏi", "precision with review"), "reviewed_precision"),
            (t("phải hỏi", "asked"), "asked"),
        )
    )
    return t(f"Đang dùng → lần này: {pairs}.", f"In use → this time: {pairs}.")


def topics_of(tags: Sequence[HeadlineTag]) -> list[str]:
    """Give the topics behind the tags, each once."""
    return list(dict.fromkeys(topic for tag in tags for topic in tag.topics))


def confused(judged: Sequence[Judged], topic: str) -> dict[str, int]:
    """Count the articles by 'wanted->given' level of one topic."""
    return {
        f"{wanted.value}->{given.value}": cases
        for (wanted, given), cases in sorted(
            confusion(judged, topic).items(), key=lambda item: (item[0][0].value, item[0][1].value)
        )
    }


def worst_errors(judged: Sequence[Judged], tags: Sequence[HeadlineTag]) -> list[str]:
    """Tell the worst errors, the surest first: article, tag, what was wrong, and the reason."""
    errors = []
    for one in judged:
        for tag in tags:
            if (tag.code in one.wanted) is (tag.code in one.given):
                continue
            topic = max(tag.topics, key=lambda code: one.chances.get(code, 0.0))
            chance = one.chances.get(topic, 0.0)
            off = 1 - chance if tag.code in one.wanted else chance
            kind = t("thiếu", "missed") if tag.code in one.wanted else t("thừa", "too many")
            asked = t(", hỏi người", ", asked") if tag.code in one.uncertain else ""
            why = one.reasons.get(topic, "")
            errors.append((off, f"{one.id} {tag.code} {kind} ({topic} {chance:.2f}{asked}): {why}"))
    return [told for _, told in sorted(errors, reverse=True)[:_WORST]]
