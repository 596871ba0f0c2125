"""An explanation as lines for a terminal, in the language in use. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.render import words
from storage.language import t
from storage.records import AttachmentState, Channel, DateSource, Field, Level, Verdict
from storage.removals import said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reports.explain import Explanation, Fate, ReadVersion, Topic
    from storage.lost_bytes import LostBytes
    from storage.records import Attachment, Candidate, Extraction, Review, Sighting


def to_lines(explanation: Explanation) -> Iterator[str]:
    """Give the answer first, then the way back to the bytes."""
    candidate = explanation.candidate
    yield t(f"Bài số {candidate.article_id}: ", f"Article {candidate.article_id}: ") + (
        candidate.title
    )
    yield f"  {candidate.url}"
    yield t("  Ngày đăng: ", "  Published: ") + _day(explanation)
    yield t("  Đơn vị: ", "  Unit: ") + _unit(explanation)
    yield ""
    yield t("Kết quả — ", "Result — ") + explanation.period.name
    for fate in explanation.fates:
        yield f"  {fate.tag}: {_fate(fate)}"
    yield ""
    yield t(
        f"Chủ đề (bộ phân loại {explanation.tagger}, bộ chủ đề {explanation.taxonomy_release})",
        f"Topics (tagger {explanation.tagger}, taxonomy {explanation.taxonomy_release})",
    )
    yield from _topics(explanation.topics)
    if explanation.similar:
        yield ""
        yield t("Bài tương tự đã có người quyết định", "Similar articles that people decided on")
        for similar in explanation.similar:
            yield f"  {similar.likeness:.0%} #{similar.article_id}: {similar.headline}"
            yield from (f"      {_decision(review)}" for review in similar.reviews)
    yield ""
    yield t("Bản nội dung và bằng chứng", "Versions and evidence")
    yield from _versions(explanation)
    yield ""
    yield t("Thấy trong danh sách", "Seen on lists")
    for sighting in explanation.sightings:
        yield f"  {_sighting(sighting)}"


def _day(explanation: Explanation) -> str:
    candidate = explanation.candidate
    if candidate.days is not None:
        return _interval(candidate)
    if candidate.day is None:
        seen = words.instant_text(candidate.first_seen_at)
        return t(f"không rõ (thấy lần đầu {seen})", f"not known (first seen {seen})")
    source = source_word(candidate.date_source)
    raw = f"“{candidate.day_raw}”" if candidate.day_raw else words.NOTHING
    return words.day_text(candidate.day) + t(
        f" — in trên trang: {raw}, đọc từ: {source}", f" — as printed: {raw}, read from: {source}"
    )


def _interval(candidate: Candidate) -> str:
    days = words.dated_text(None, candidate.days)
    return days + t(
        f" — khoảng từ lần xem trước đến lần đầu thấy; ngày in “{candidate.day_raw}” chạy theo "
        "đồng hồ",
        f" — from the look before to the first look with it; the printed “{candidate.day_raw}” "
        "follows the clock",
    )


def _unit(explanation: Explanation) -> str:
    unit = explanation.unit
    named = words.NOTHING if unit is None else f"{explanation.unit_name or unit} ({unit})"
    if not explanation.may_also_be_of:
        return named
    others = ", ".join(explanation.may_also_be_of)
    return named + t(f"; cũng có thể của: {others}", f"; may also be of: {others}")


def _fate(fate: Fate) -> str:
    word = t("Được tính", "Counted") if fate.bucket is None else words.exclusion_word(fate.bucket)
    return fate.why if fate.why.startswith(word) else f"{word}. {fate.why}"


def _topics(topics: tuple[Topic, ...]) -> Iterator[str]:
    if not topics:
        yield "  " + t("không có chủ đề nào.", "none.")
    for topic in topics:
        tagging = topic.tagging
        yield f"  {topic.name} [{tagging.topic}]: " + ", ".join(
            (level_word(tagging.level), verdict_word(tagging.verdict), f"{tagging.score:.2f}")
        )
        yield f"    {tagging.reason}"
        for span, context in zip(tagging.spans, topic.contexts, strict=True):
            yield f"    {span.weight:+.2f} {field_word(span.field)}: {context}"


def _decision(review: Review) -> str:
    return f"{review.topic}: {level_word(review.level)} — {review.reviewer}: {review.reason}"


def level_word(level: Level) -> str:
    """Name a level in the language in use."""
    return {
        Level.MAIN: t("chủ đề chính", "main"),
        Level.MENTION: t("chỉ nhắc tới", "mention"),
        Level.NONE: t("không có", "none"),
    }[level]


def verdict_word(verdict: Verdict) -> str:
    """Name a verdict in the language in use."""
    return {
        Verdict.ASSIGNED: t("gán", "assigned"),
        Verdict.REJECTED: t("không gán", "rejected"),
        Verdict.UNCERTAIN: t("chưa chắc", "uncertain"),
    }[verdict]


def _versions(explanation: Explanation) -> Iterator[str]:
    if not explanation.versions:
        unread = explanation.candidate.unread
        why = unread.value if unread else t("chưa thử", "never tried")
        yield "  " + t(f"chưa đọc được trang bài ({why}).", f"its page was not read ({why}).")
    for read in explanation.versions:
        yield from _version(read)
    for look in explanation.dated_looks:
        seen, raw = words.instant_text(look.seen_at), look.raw or words.day_text(look.day)
        yield "  " + t(
            f"{seen}, lần truy cập số {look.capture_id}: nội dung như cũ, ngày in nay là “{raw}”",
            f"{seen}, capture {look.capture_id}: the text as before, the printed day now “{raw}”",
        )
    if explanation.candidate.gone_at is not None:
        since = words.instant_text(explanation.candidate.gone_at)
        yield "  " + t(f"Không còn trên trang từ {since}.", f"Not on the site since {since}.")


def _version(read: ReadVersion) -> Iterator[str]:
    version, capture = read.version, read.capture
    yield t(
        f"  Bản {version.number}: đọc lúc {words.instant_text(version.extracted_at)} "
        f"bằng {version.extraction.extractor}",
        f"  Version {version.number}: read {words.instant_text(version.extracted_at)} "
        f"by {version.extraction.extractor}",
    )
    yield t(
        f"    Lần truy cập số {capture.id}: {words.instant_text(capture.captured_at)}, "
        f"mã {capture.status}, {capture.url}",
        f"    Capture {capture.id}: {words.instant_text(capture.captured_at)}, "
        f"status {capture.status}, {capture.url}",
    )
    if capture.warc is not None:
        yield (
            f"    WARC: {capture.warc.file} @ {capture.warc.offset}, {capture.warc.record_id}, "
            f"sha256 {capture.body_sha256}"
        )
        if read.lost is None:
            yield t("    Xem: ", "    See: ") + f"tinbai evidence show {capture.id}"
        else:
            yield from (f"    {said}" for said in lost_lines(read.lost))
    if version.extraction.text_note is not None:
        yield t("    Chữ trên trang: ", "    Letters on the page: ") + version.extraction.text_note
    yield from other_days(version.extraction)
    for attachment in read.attachments:
        yield attachment_line(attachment)


def lost_lines(lost: LostBytes) -> Iterator[str]:
    """Say who removed archived bytes, when and why; and what still stands for them."""
    yield t("Bản lưu đã xóa: ", "The archived bytes are gone: ") + said(lost.removal)
    if lost.is_sealed and lost.root is not None:
        yield t(
            f"Mã băm còn nguyên trong chuỗi bằng chứng: lá số {lost.leaf}, mã gốc {lost.root}. Ai "
            "giữ bản sao của trang đều đối chiếu được với mã băm này.",
            f"The digest still stands in the evidence chain: leaf {lost.leaf}, root {lost.root}. "
            "Whoever has a copy of the page can hold it against that.",
        )
    elif lost.leaf is None:
        yield t(
            "Lần truy cập này chưa từng vào chuỗi bằng chứng.",
            "This capture never was in the evidence chain.",
        )
    else:
        yield t(
            "Chuỗi bằng chứng KHÔNG còn khớp với dòng này. Chạy: tinbai evidence verify",
            "The evidence chain does NOT agree with this row. Run: tinbai evidence verify",
        )


def other_days(extraction: Extraction) -> Iterator[str]:
    """Give the days that the page prints beside the one that was taken."""
    for one in extraction.date_candidates:
        if one.day == extraction.date_published:
            continue
        told = words.day_text(one.day) if one.day else t("không đọc", "refused")
        why = f" ({one.refusal})" if one.refusal else ""
        yield t("    Ngày khác thấy được: ", "    Another day there: ") + (
            f"{told} — {source_word(one.source)}: “{one.raw}”{why}"
        )


def attachment_line(attachment: Attachment) -> str:
    """Say what became of a document, and where its bytes are."""
    state = {
        AttachmentState.NAMED: t("không tải", "not fetched"),
        AttachmentState.READ: t("đã đọc", "read"),
        AttachmentState.SCAN: t("bản quét, không có chữ", "a scan without text"),
        AttachmentState.UNREADABLE: t("không đọc được", "unreadable"),
        AttachmentState.MISSING: t("không tải được", "could not be had"),
    }[attachment.state]
    if attachment.is_read_by_machine:
        state = t("chữ do máy đọc từ bản quét", "text read from a scan by a machine")
    why = f" ({attachment.reason})" if attachment.reason else ""
    seen = (
        "" if attachment.capture_id is None else f", tinbai evidence show {attachment.capture_id}"
    )
    return t("    Tệp đính kèm: ", "    Attachment: ") + f"{attachment.url} — {state}{why}{seen}"


def field_word(field: Field) -> str:
    """Name a part of an article."""
    return {
        Field.HEADLINE: t("tiêu đề", "headline"),
        Field.LEAD: t("phần dẫn", "lead"),
        Field.BODY: t("thân bài", "body"),
    }[field]


def source_word(source: DateSource) -> str:
    """Name the part of the site that gave a day."""
    return {
        DateSource.STRUCTURED: t("dữ liệu cấu trúc của trang", "structured data"),
        DateSource.META: t("thẻ meta của trang", "a meta element"),
        DateSource.TEMPLATE: t("chỗ in ngày của trang", "where the template prints the day"),
        DateSource.LIST: t("danh sách bài", "the list"),
        DateSource.FEED: t("nguồn tin (RSS, Atom)", "the feed"),
        DateSource.URL: t("địa chỉ bài", "the address"),
        DateSource.FOLLOWS_CLOCK: t("khoảng giữa hai lần xem", "the looks before and after"),
        DateSource.NONE: t("không có", "none"),
    }[source]


def channel_word(channel: Channel) -> str:
    """Name how an article was found."""
    return {
        Channel.LIST: t("danh sách", "list"),
        Channel.FEED: t("nguồn tin", "feed"),
        Channel.SITEMAP: t("sơ đồ trang", "sitemap"),
        Channel.CLAIM: t("đơn vị kê khai", "claim"),
    }[channel]


def _sighting(sighting: Sighting) -> str:
    return (
        f"{words.instant_text(sighting.seen_at)}, {channel_word(sighting.channel)} "
        f"“{sighting.section}”: {sighting.title or t('không ghi tiêu đề', 'no title')}; "
        + t("ngày ghi: ", "day given: ")
        + (sighting.date_published_raw or t("không có", "none"))
    )
