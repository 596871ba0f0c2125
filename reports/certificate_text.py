"""A certificate as lines for a terminal or a file, in the language in use. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.coverage import doubt_words, spell_gap, why_words
from reports.render import words
from storage.language import t
from storage.records import CoverageReason, ListOrder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reports.capture_recapture import Missed
    from reports.certificate import Certificate, Found, Look, Page, SectionProof, SiteProof


def to_lines(certificate: Certificate) -> Iterator[str]:
    """Give the answer first, then every page that it rests on."""
    yield t("GIẤY XÁC NHẬN NỘI DUNG ĐÃ XEM", "CERTIFICATE OF WHAT WAS LOOKED AT")
    yield t("Đơn vị: ", "Unit: ") + f"{certificate.unit_name} ({certificate.unit})"
    yield t("Kỳ: ", "Period: ") + certificate.period.name
    if certificate.section is not None:
        yield t("Mục: ", "Section: ") + certificate.section
    yield t("Theo dữ liệu đến: ", "As known at: ") + words.instant_text(certificate.as_of)
    yield ""
    yield conclusion(certificate)
    for site in certificate.sites:
        yield ""
        yield from _site(site)


def conclusion(certificate: Certificate) -> str:
    """Say in one or two sentences what can be said of an absence."""
    found = sum(len(site.found) for site in certificate.sites)
    undated = sum(len(site.undated) for site in certificate.sites)
    if not certificate.sites:
        return t(
            "Đơn vị không có trang nào trong danh sách ở kỳ này: không xác nhận được gì.",
            "The unit has no site in this period: nothing can be certified.",
        )
    if not certificate.is_complete:
        return t(
            f"CHƯA XEM TRỌN: thấy {found} bài có ngày trong kỳ; còn ngày chưa xem trọn (nêu dưới "
            "đây), nên không kết luận được là không có bài nào khác.",
            f"NOT SEEN IN FULL: {found} articles dated in the period; some days (below) were not "
            "seen in full, so that it cannot be said that there is no other one.",
        )
    also = t(
        f" Ngoài ra có {undated} bài không rõ ngày, có thể thuộc kỳ.",
        f" Besides, {undated} articles without a trusted day may be of the period.",
    )
    return t(
        f"ĐÃ XEM TRỌN: danh sách của mọi ngày trong kỳ; ngoài {found} bài nêu dưới đây, các danh "
        "sách không có bài nào khác có ngày trong kỳ.",
        f"SEEN IN FULL: the lists of every day of the period; beyond the {found} articles below "
        "they show no other one dated in the period.",
    ) + (also if undated else "")


def missed_words(missed: Missed) -> str:
    """Say how many posts every channel may have missed."""
    return t(
        f"ước tính bỏ sót {missed.estimate:g} bài (95 %: {missed.low}–{missed.high}); "
        f"{missed.channel} thấy {missed.by_it}, các kênh khác {missed.by_others}, "
        f"cùng thấy {missed.by_both}",
        f"estimate missed {missed.estimate:g} (95 %: {missed.low}–{missed.high}); "
        f"{missed.channel} shows {missed.by_it}, the others {missed.by_others}, "
        f"both {missed.by_both}",
    )


def order_words(order: ListOrder | None) -> str:
    """Say how a list stands."""
    return {
        ListOrder.NEWEST_FIRST: t("mới trước", "newest first"),
        ListOrder.PINNED_ON_TOP: t("bài ghim, rồi mới trước", "pinned, then newest first"),
        ListOrder.LAST_CHANGE: t("theo lần sửa cuối", "by last change"),
        ListOrder.UNORDERED: t("không theo thứ tự ngày", "in no order of days"),
        None: t("không xác định được", "cannot be told"),
    }[order]


def _site(site: SiteProof) -> Iterator[str]:
    yield t("Trang ", "Site ") + f"{site.site} — {site.base_url} ({words.days_text(site.days)})"
    if not site.sections:
        yield "  " + t("chưa thu thập lần nào.", "never crawled.")
    for section in site.sections:
        yield from _section(section)
    yield t(
        f"  Bài có ngày trong kỳ: {len(site.found)}",
        f"  Articles dated in the period: {len(site.found)}",
    )
    for article in site.found:
        yield f"    {_article(article)}"
    if site.undated:
        yield t(
            f"  Bài không rõ ngày, có thể thuộc kỳ: {len(site.undated)}",
            f"  Without a trusted day, may be of the period: {len(site.undated)}",
        )
        for article in site.undated:
            yield f"    {_article(article)}"
    if site.missed is not None:
        yield t("  Đối chiếu các kênh: ", "  Channels compared: ") + missed_words(site.missed)


def _section(section: SectionProof) -> Iterator[str]:
    seen = t("xem trọn", "seen in full") if not section.missing else t("CHƯA TRỌN", "NOT IN FULL")
    yield t(f"  Mục “{section.section}”: {seen}", f"  Section '{section.section}': {seen}")
    if section.doubt is not None:
        yield "    " + doubt_words([(section.section, section.doubt)])
    for gap in section.missing:
        days, why = spell_gap(gap.days), why_words(gap.why)
        yield t(f"    chưa xem {days}: {why}", f"    not seen {days}: {why}")
    for look in section.looks:
        yield from _look(look)
    if section.further_looks:
        yield t(
            f"    (và {section.further_looks} lần xem khác, cũ hơn)",
            f"    (and {section.further_looks} further looks, older ones)",
        )


def _look(look: Look) -> Iterator[str]:
    days = "; ".join(words.days_text(one) for one in look.proves)
    clock = t(" [đồng hồ được đặt]", " [its clock was set]") if look.simulated_clock else ""
    yield t(
        f"    Lần thu thập {look.run_id}, {words.instant_text(look.started_at)}{clock}: xem trọn "
        f"{days}; cách xếp: {order_words(look.order)}; {_how(look)}",
        f"    Run {look.run_id}, {words.instant_text(look.started_at)}{clock}: saw {days} in full; "
        f"order: {order_words(look.order)}; {_how(look)}",
    )
    for page in look.pages:
        yield f"      {_page(page)}"
    if not look.pages:
        yield "      " + t(
            "(lần này chưa ghi từng trang danh sách; mở bằng: tinbai evidence show)",
            "(this run did not keep which page was which)",
        )


def _how(look: Look) -> str:
    if look.joins_run_id is not None:
        return t(
            f"đọc tới chỗ nối với lần thu thập {look.joins_run_id}",
            f"read until it joined run {look.joins_run_id}",
        )
    if look.reason is CoverageReason.REACHED_LIST_END:
        return t("đọc tới trang cuối", "read to its last page")
    if look.reason is CoverageReason.REACHED_WINDOW_START:
        return t("đọc quá ngày đầu kỳ thu thập", "read past the first day that is collected")
    stopped = why_words(look.reason)
    return t(f"dừng sớm hơn ({stopped})", f"ended before that ({stopped})")


def _page(page: Page) -> str:
    capture, listed = page.capture, page.page
    at = words.instant_text(capture.captured_at)
    if listed.items is None:
        what = t(f"không đọc được ({capture.disposition.value})", f"{capture.disposition.value}")
    else:
        span = f"{words.day_text(listed.newest)} → {words.day_text(listed.oldest)}"
        what = t(f"{listed.items} mục, {span}", f"{listed.items} items, {span}")
        if listed.undated:
            what += t(f", {listed.undated} không ngày", f", {listed.undated} undated")
    place = capture.warc
    where = f"WARC {place.file} @ {place.offset} <{place.record_id}>" if place else "—"
    digest = f"sha256 {capture.body_sha256 or '—'}"
    return f"{listed.number}. {capture.url} — {at} — {what} — #{capture.id} — {digest} — {where}"


def _article(article: Found) -> str:
    day = words.day_text(article.day)
    return f"{day}  {article.title}  {article.url}  (#{article.article_id})"
