"""Why an article counts or does not, from the report's line down to the bytes in the WARC."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.articles import COUNTED, fates_of
from reports.assembly import Assembly
from reports.calendar import Period, parse_period
from reports.duplicates import first_by
from reports.reading import read_facts
from reports.render import words
from reports.rules import RULE
from reports.similar import most_similar
from storage.articles import attachments_of, find_article, sightings_of, versions_of
from storage.captures import capture
from storage.errors import InputError
from storage.language import t
from storage.lost_bytes import lost_bytes
from storage.moving_days import dated_looks
from storage.records import Exclusion, vietnam_day
from storage.reviews import decided_articles
from storage.tags import tags_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from storage.engine import Connection
    from storage.lost_bytes import LostBytes
    from storage.moving_days import DatedLook
    from storage.records import (
        Article,
        ArticleVersion,
        Attachment,
        Candidate,
        Capture,
        CountingRule,
        Extraction,
        HeadlineTag,
        LineArticle,
        Review,
        Sighting,
        Span,
        TaggedVersion,
        Tagging,
    )

_DECIDED_AT_MOST = 2000  # the latest decisions: enough to compare with, and read in a moment
_CONTEXT = 40  # code points on each side: about ten words, one line on a terminal


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadVersion:
    """A version and the capture that it was read from."""

    version: ArticleVersion
    capture: Capture
    attachments: tuple[Attachment, ...] = ()
    """The documents that the page links, and what became of each."""
    lost: LostBytes | None = None
    """The decision by which its archived bytes were removed; None: they are there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Topic:
    """What the tagger said of one topic, with each span in its surroundings."""

    name: str
    tagging: Tagging
    contexts: tuple[str, ...]
    """One for each span: '… trước «đoạn» sau …'."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fate:
    """The bucket of the article for one headline tag."""

    tag: str
    bucket: Exclusion | None
    """None: counted."""
    why: str
    """One sentence, in the language in use."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SimilarArticle:
    """Another article that people have decided on."""

    article_id: int
    headline: str
    likeness: float
    """0 … 1."""
    reviews: tuple[Review, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """All that is known of one article, as of an instant, for one period."""

    article: Article
    period: Period
    as_of: dt.datetime
    candidate: Candidate
    unit: str | None
    unit_name: str | None
    may_also_be_of: tuple[str, ...]
    """Units that it may belong to as well because its day is not known."""
    sightings: tuple[Sighting, ...]
    versions: tuple[ReadVersion, ...]
    dated_looks: tuple[DatedLook, ...]
    """Looks that found the text as before under a day that had moved."""
    tagger: str | None
    taxonomy_release: str
    topics: tuple[Topic, ...]
    fates: tuple[Fate, ...]
    similar: tuple[SimilarArticle, ...]
    """The articles most like it that people have decided on, the likest first."""


def explain(
    c: Connection,
    text: str,
    *,
    as_of: dt.datetime,
    period: Period | None = None,
    rule: CountingRule = RULE,
) -> Explanation:
    """Explain the article with this id or address.

    Without a period: the calendar year of its day (undated: of the day it was first seen).

    Raises:
        InputError: no such article was known at ``as_of``.
        NotReadyError: there is no unit list or taxonomy yet.
    """
    article = find_article(c, text)
    if article is None or article.first_seen_at > as_of:
        raise InputError(
            t(
                f"Không có bài nào là “{text}”. Tìm số hoặc địa chỉ bằng: tinbai articles --search",
                f"There is no article '{text}'. Find its number or address with: "
                "tinbai articles --search",
            )
        )
    facts = read_facts(c, as_of, rules=[rule])
    candidate = next(x for x in facts.candidates if x.article_id == article.id)
    day = candidate.latest_day or vietnam_day(candidate.first_seen_at)
    period = period or parse_period(str(day.year))
    assembly = Assembly(facts, office="", period=period, rule=rule)
    attribution = assembly.attributions[article.id]
    tagged = (
        tags_of(c, candidate.version_id, facts.tagger)
        if candidate.version_id is not None and facts.tagger is not None
        else None
    )
    versions = [v for v in versions_of(c, article.id) if v.extracted_at <= as_of]
    captures = {v.id: capture(c, v.capture_id) for v in versions}
    lost = lost_bytes(c, captures.values())
    names = {topic.code: topic.name for topic in facts.taxonomy.topics}
    return Explanation(
        article=article,
        period=period,
        as_of=as_of,
        candidate=candidate,
        unit=attribution.owner,
        unit_name=assembly.names.get(attribution.owner) if attribution.owner else None,
        may_also_be_of=tuple(sorted(attribution.others)),
        sightings=tuple(s for s in sightings_of(c, article.id) if s.seen_at <= as_of),
        versions=tuple(
            ReadVersion(
                version=v,
                capture=captures[v.id],
                attachments=attachments_of(c, v.id),
                lost=lost.get(v.capture_id),
            )
            for v in versions
        ),
        dated_looks=tuple(one for one in dated_looks(c, article.id) if one.seen_at <= as_of),
        tagger=facts.tagger,
        taxonomy_release=facts.taxonomy.release,
        topics=_topics(tagged, versions, names),
        fates=_fates(assembly, article.id),
        similar=_similar(c, article.id, versions, as_of=as_of),
    )


def _similar(
    c: Connection, article_id: int, versions: Sequence[ArticleVersion], *, as_of: dt.datetime
) -> tuple[SimilarArticle, ...]:
    if not versions:
        return ()
    others = [
        one
        for one in decided_articles(c, as_of, most=_DECIDED_AT_MOST)
        if one.article_id != article_id
    ]
    found = most_similar(versions[-1].search_text, [one.search_text for one in others])
    return tuple(
        SimilarArticle(
            article_id=others[place].article_id,
            headline=others[place].headline,
            likeness=round(likeness, 2),
            reviews=others[place].reviews,
        )
        for place, likeness in found
    )


def in_context(extraction: Extraction, span: Span) -> str:
    """Give a span between « », with some of what stands around it."""
    text = getattr(extraction, span.field.value) or ""
    start, end = max(0, span.start - _CONTEXT), span.end + _CONTEXT
    before, after = text[start : span.start], text[span.end : end]
    left = "… " if start > 0 else ""
    right = " …" if end < len(text) else ""
    return f"{left}{before}«{text[span.start : span.end]}»{after}{right}".replace("\n", " ")


def _topics(
    tagged: TaggedVersion | None, versions: list[ArticleVersion], names: dict[str, str]
) -> tuple[Topic, ...]:
    if tagged is None:
        return ()
    extraction = next(v.extraction for v in versions if v.id == tagged.version_id)
    return tuple(
        Topic(
            name=names.get(tagging.topic, tagging.topic),
            tagging=tagging,
            contexts=tuple(in_context(extraction, span) for span in tagging.spans),
        )
        for tagging in tagged.taggings
    )


def _fates(assembly: Assembly, article_id: int) -> tuple[Fate, ...]:
    named = fates_of(assembly)[article_id]
    return tuple(
        Fate(tag=tag.code, bucket=bucket, why=_why(assembly, article_id, tag, bucket))
        for tag in assembly.facts.taxonomy.headline_tags
        for bucket in [None if named[tag.code] == COUNTED else Exclusion(named[tag.code])]
    )


def _why(assembly: Assembly, article_id: int, tag: HeadlineTag, bucket: Exclusion | None) -> str:
    if bucket is Exclusion.DUPLICATE:
        article = _in_line(assembly, article_id, tag)
        first = article.duplicate_of if article else None
        return t(
            f"Cùng nội dung với bài số {first}{_first(assembly, first, article)}, đã tính cho "
            "đơn vị.",
            f"The same text as article {first}{_first(assembly, first, article)}, which is "
            "counted for the unit.",
        )
    if bucket is None or bucket is Exclusion.REPOST:
        return _of_counted(assembly, article_id, tag, bucket)
    return {
        Exclusion.OUT_OF_PERIOD: t(
            "Ngày đăng (hoặc ngày thấy lần đầu) nằm ngoài kỳ.",
            "Its day (or the day it was first seen) is not in the period.",
        ),
        Exclusion.NOT_OWNED: t(
            "Không đơn vị nào phụ trách trang vào ngày đó.", "No unit answered for the site then."
        ),
        Exclusion.UNREAD: t("Chưa đọc được trang bài.", "Its page could not be had."),
        Exclusion.UNTAGGED: t(
            "Chưa gắn chủ đề; chạy: tinbai tag", "Not tagged yet; run: tinbai tag"
        ),
        Exclusion.UNDECIDED: t(
            "Chưa chắc đúng chủ đề, cần người xem.", "The tagger is unsure: a person has to look."
        ),
        Exclusion.OFF_TOPIC: t(
            f"Không chủ đề nào của {tag.code} là nội dung của bài.",
            f"No topic of {tag.code} is its subject.",
        ),
        Exclusion.MENTION_ONLY: t(
            f"Chỉ nhắc tới {tag.code}, không phải chủ đề chính.",
            f"{tag.code} occurs in passing.",
        ),
        Exclusion.WITHDRAWN: t(
            "Bài đã bị gỡ khỏi trang trước lúc chốt số liệu.",
            "It was removed from the site before the report's instant.",
        ),
        Exclusion.UNDATED: t(
            "Đúng chủ đề nhưng không có ngày đăng tin cậy được.",
            "On topic, but without a day that can be trusted.",
        ),
        Exclusion.OTHER_SECTION: t(
            "Nằm ở chuyên mục mà quy tắc đếm không tính.",
            "It stands in a section that the counting rule leaves out.",
        ),
        Exclusion.TOO_SHORT: t(
            "Ngắn hơn mức quy tắc đếm yêu cầu.", "Shorter than the counting rule asks."
        ),
        Exclusion.OTHER_TAG: t(
            "Đã tính cho thẻ khác; quy tắc đếm chỉ tính mỗi bài một lần.",
            "Counted for another tag; the rule counts each article once.",
        ),
    }[bucket]


def _of_counted(
    assembly: Assembly, article_id: int, tag: HeadlineTag, bucket: Exclusion | None
) -> str:
    counted = t("Được tính", "Counted") if bucket is None else t("Không được tính", "Not counted")
    if article_id not in assembly.reposted:
        return f"{counted}."
    article = _in_line(assembly, article_id, tag)
    if article is None or article.repost_of is None:
        line = assembly.candidates[article_id].source_line
        return counted + t(
            f"; bài tự ghi lấy từ nơi khác: “{line}”.", f"; it names another source: '{line}'."
        )
    first = f"{article.repost_of}{_first(assembly, article.repost_of, article)}"
    return counted + t(
        f"; đơn vị khác đã đăng trước (bài số {first}).",
        f"; another unit had published it before (article {first}).",
    )


def _first(assembly: Assembly, first: int | None, article: LineArticle | None) -> str:
    """Say how alike two articles are, and by which evidence one was the first."""
    if first is None or article is None:
        return ""
    alike = t("giống ", "alike ") + f"{article.likeness} %, " if article.likeness else ""
    by = first_by(assembly.candidates[first], assembly.candidates[article.article_id])
    return f" ({alike}{words.first_by_word(by)})"


def _in_line(assembly: Assembly, article_id: int, tag: HeadlineTag) -> LineArticle | None:
    owner = assembly.owners[article_id]
    articles = assembly.ledger(owner, tag).considered if owner else ()
    return next((a for a in articles if a.article_id == article_id), None)
