"""What a probe found, told to people as lines and to machines as data. Pure.

All that comes from the site was cut short and tidied when it became a clue.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.probing import samples
from crawler.probing.clues import shortened
from crawler.probing.sections import Verdict
from storage.language import t

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crawler.probing.checking import SiteCheck
    from crawler.probing.clues import Clue
    from crawler.probing.drift import SectionCheck
    from crawler.probing.fetching import Robots, TlsState
    from crawler.probing.result import Channel, Probe
    from crawler.probing.samples import Read
    from crawler.probing.sections import Section

SHOWN = 40
"""Pages with a verdict that are told one by one."""


def lines_of(probe: Probe) -> Iterator[str]:
    """Give the report, line by line."""
    yield f"{probe.base_url}  ({probe.site})"
    yield from _titled(t("Phần mềm", "Software"), _software(probe))
    yield from _titled(t("Máy chủ", "Server"), _server(probe))
    yield from _titled(
        t("Nguồn bài dùng trong hồ sơ", "Where the profile finds articles"),
        _channels(probe.channels),
    )
    yield from _titled(t("Đã xem, không lấy", "Looked at and left out"), _left_out(probe))
    clues = (*probe.days.clues, *probe.trust.clues, *probe.clock.clues)
    yield from _titled(t("Ngày", "Days"), map(str, clues))
    yield from _titled(
        t("Vị trí trên trang bài", "Where things stand on an article"), _places(probe)
    )
    yield from _titled(t("Bài đọc thử", "Sample articles"), map(_sample, probe.reads))
    yield from _titled(t("Không mở được", "Could not be had"), _misses(probe))
    yield from _titled(
        t("CẦN ANH/CHỊ QUYẾT ĐỊNH", "FOR YOU TO DECIDE"),
        (f"{one.field}: {one.text}" for one in probe.questions),
    )


def _titled(title: str, lines: Iterable[str]) -> Iterator[str]:
    told = list(lines)
    if told:
        yield ""
        yield f"{title}:"
        yield from (f"  {line}" for line in told)


def _software(probe: Probe) -> Iterator[str]:
    for guess in probe.guesses[:3]:
        yield f"{guess.family} ({guess.weight}): {_joined(guess.clues)}"
    if not probe.guesses:
        yield t("không có dấu hiệu nào quen", "no sign that is known")
    reading = samples.clue_of(probe.reads)
    yield t(f"đọc theo họ “{probe.family}”: {reading}", f"read as '{probe.family}': {reading}")


def _server(probe: Probe) -> Iterator[str]:
    yield robots_line(probe.robots)
    yield tls_line(probe.tls)
    usual, slowest = probe.usual_seconds, max(probe.seconds, default=None)
    if usual is not None and slowest is not None:
        yield t(
            f"tốc độ: thường {usual:.2f} giây, chậm nhất {slowest:.2f} giây một trang; "
            f"{probe.requests} lượt hỏi",
            f"speed: usually {usual:.2f} s, at most {slowest:.2f} s a page; "
            f"{probe.requests} requests",
        )


def robots_line(robots: Robots) -> str:
    """Give what robots.txt says."""
    if robots.rules is None:
        return t(f"robots.txt: không có ({robots.state})", f"robots.txt: none ({robots.state})")
    said = [t("robots.txt: có, được tôn trọng", "robots.txt: read and kept")]
    if robots.delay_s:
        said.append(t(f"nghỉ {robots.delay_s:g} giây", f"a pause of {robots.delay_s:g} s"))
    if robots.sitemaps:
        count = len(robots.sitemaps)
        said.append(t(f"nêu {count} sơ đồ trang", f"names {count} sitemaps"))
    return "; ".join(said)


def tls_line(tls: TlsState) -> str:
    """Give what the connection is like."""
    if tls.problem:
        return t(
            f"TLS: chứng thư không hợp lệ: {shortened(tls.problem)}",
            f"TLS: the certificate is not valid: {shortened(tls.problem)}",
        )
    if tls.is_used:
        return t("TLS: chứng thư hợp lệ", "TLS: the certificate is valid")
    return t("TLS: không dùng (http)", "TLS: not used (http)")


def _channels(channels: Iterable[Channel]) -> Iterator[str]:
    for channel in channels:
        section = channel.section
        kind = section.discover.value + (t(" (phụ)", " (extra)") if section.extra else "")
        yield f"{section.name} — {section.url} [{kind}]: {_joined(channel.clues)}"


def _left_out(probe: Probe) -> Iterator[str]:
    left = [one for one in probe.looked if one.verdict is not Verdict.NEWS]
    for one in left[:SHOWN]:
        yield f"{one.look.link.name} — {one.look.link.url}: {_joined(one.clues)}"
    if len(left) > SHOWN:
        yield t(f"… và {len(left) - SHOWN} trang khác", f"… and {len(left) - SHOWN} more")
    yield from _channels(probe.others)


def _places(probe: Probe) -> Iterator[str]:
    names = {
        "headline": t("tiêu đề", "title"),
        "date": t("ngày", "day"),
        "lead": t("sapo", "lead"),
        "body": t("nội dung", "body"),
    }
    count = len(probe.reads)
    usual = samples.usual_places(probe.reads)
    for part, name in names.items():
        if part in usual:
            path, times = usual[part]
            yield t(f"{name}: {path} ({times}/{count} bài)", f"{name}: {path} ({times} of {count})")
        elif count:
            yield t(f"{name}: không thấy", f"{name}: not found")
    sources = samples.day_sources(probe.reads)
    if sources:
        yield t("ngày lấy từ: ", "days come from: ") + ", ".join(
            f"{source.value} {times}/{count}" for source, times in sources.items()
        )


def _sample(one: Read) -> str:
    extraction = one.extraction
    if extraction is None:
        title = shortened(one.sample.item.title or one.sample.item.url)
        return t(f"✗ {title}: {one.refusal}", f"✗ {title}: {one.refusal}")
    day = extraction.date_published or one.sample.item.day
    words = len(extraction.body.split())
    shown = day.strftime("%d/%m/%Y") if day else t("không có ngày", "no day")
    return f"{shown}  {shortened(extraction.headline, 90)}  " + t(
        f"({words} tiếng)", f"({words} words)"
    )


def _misses(probe: Probe) -> Iterator[str]:
    shown = probe.misses[:10]
    yield from (f"{shortened(one.asked)}: {one.reason}" for one in shown)
    if len(probe.misses) > len(shown):
        more = len(probe.misses) - len(shown)
        yield t(f"… và {more} địa chỉ khác", f"… and {more} more addresses")


def _joined(clues: Iterable[Clue]) -> str:
    return "; ".join(map(str, clues))


# -------------------------------------------------------------------------- for machines


def data_of(probe: Probe) -> dict[str, Any]:
    """Give the report as plain values."""
    return {
        "site": probe.site,
        "base_url": probe.base_url,
        "hosts": list(probe.hosts),
        "probed_at": probe.probed_at.isoformat(),
        "families": [
            {"family": one.family, "weight": one.weight, "evidence": list(map(str, one.clues))}
            for one in probe.guesses
        ],
        "family": probe.family,
        "select": probe.select.model_dump(exclude_none=True),
        "sections": [_channel_data(one) for one in probe.channels],
        "not_used": [_channel_data(one) for one in probe.others],
        "undecided": [one.noticed.model_dump() for one in probe.undecided],
        "not_news": [one.noticed.model_dump() for one in probe.not_news],
        "looked_at": [_looked_data(one) for one in probe.looked],
        "days": {
            "order": probe.days.order.value,
            "formats": list(probe.days.formats),
            "trust": [source.value for source in probe.trust.order],
            "clock": probe.clock.clock.value if probe.clock.clock else None,
            "evidence": list(map(str, (*probe.days.clues, *probe.trust.clues, *probe.clock.clues))),
        },
        "places": {
            part: {"path": path, "samples": times}
            for part, (path, times) in samples.usual_places(probe.reads).items()
        },
        "samples": [_sample_data(one) for one in probe.reads],
        "misses": [
            {"url": one.asked, "fate": one.fate.value, "reason": one.reason} for one in probe.misses
        ],
        "robots": {
            "state": probe.robots.state,
            "delay_s": probe.robots.delay_s,
            "sitemaps": probe.robots.sitemaps,
        },
        "tls": {"used": probe.tls.is_used, "problem": probe.tls.problem},
        "seconds": {
            "median": probe.usual_seconds,
            "longest": max(probe.seconds, default=None),
        },
        "requests": probe.requests,
        "questions": [{"field": one.field, "text": str(one.text)} for one in probe.questions],
    }


def _channel_data(channel: Channel) -> dict[str, Any]:
    section = channel.section
    return {
        **section.model_dump(mode="json", exclude_none=True),
        "evidence": list(map(str, channel.clues)),
    }


def _looked_data(one: Section) -> dict[str, Any]:
    look = one.look
    return {
        "name": look.link.name,
        "url": look.link.url,
        "verdict": one.verdict.value,
        "items": len(look.items),
        "dated": len(look.days),
        "next_url": look.next_url,
        "evidence": list(map(str, one.clues)),
    }


def _sample_data(one: Read) -> dict[str, Any]:
    extraction = one.extraction
    read = extraction is not None
    return {
        "url": one.sample.page.url,
        "listed_title": one.sample.item.title,
        "listed_day": one.sample.item.day,
        "headline": extraction.headline if extraction else None,
        "date_published": extraction.date_published if extraction else None,
        "date_source": extraction.date_source.value if extraction else None,
        "body_characters": len(extraction.body) if extraction else None,
        "refusal": None if read else one.refusal,
    }


# ------------------------------------------------------------------------ checks of profiles


def check_lines(checks: Iterable[SiteCheck]) -> Iterator[str]:
    """Give what the checks of profiles showed, line by line."""
    for one in checks:
        state = (
            t("không hỏi được", "could not be asked")
            if not one.is_reached
            else t(f"{len(one.drifts)} chỗ lệch", f"{len(one.drifts)} drifts")
            if one.drifts
            else t("khớp", "fits")
        )
        yield t(
            f"{one.site}: {state} ({one.requests} lượt hỏi)",
            f"{one.site}: {state} ({one.requests} requests)",
        )
        yield from (f"  {_section_line(section)}" for section in one.sections)
        read = sum(sample.extraction is not None for sample in one.reads)
        yield "  " + t(
            f"bài đọc thử: {read}/{len(one.reads)} đọc được",
            f"sample articles: {read} of {len(one.reads)} read",
        )
        yield f"  {robots_line(one.robots)}"
        yield f"  {tls_line(one.tls)}"
        for found in one.drifts:
            where = f"{found.section}: " if found.section else ""
            yield f"  ! [{found.kind.value}] {where}{shortened(str(found.text), 300)}"


def _section_line(one: SectionCheck) -> str:
    name = one.section.name
    if one.page is None or one.reason:
        return f"{name}: {one.reason}"
    if one.further:
        return t(f"{name}: {one.further} sơ đồ con", f"{name}: {one.further} further sitemaps")
    paging = t("có trang sau", "has a next page") if one.next_url else t("một trang", "one page")
    return t(
        f"{name}: {len(one.items)} mục, {one.dated} có ngày, {paging}",
        f"{name}: {len(one.items)} items, {one.dated} with a day, {paging}",
    )


def check_data(one: SiteCheck) -> dict[str, Any]:
    """Give the check of a profile as plain values."""
    return {
        "site": one.site,
        "reached": one.is_reached,
        "whole": one.is_whole,
        "requests": one.requests,
        "sections": [
            {
                "name": section.section.name,
                "url": section.url,
                "fate": section.fate.value,
                "reason": section.reason,
                "items": len(section.items),
                "dated": section.dated,
                "next_url": section.next_url,
            }
            for section in one.sections
        ],
        "samples": [_sample_data(sample) for sample in one.reads],
        "drifts": [
            {"kind": found.kind.value, "section": found.section, "text": str(found.text)}
            for found in one.drifts
        ],
        "robots": {"state": one.robots.state, "delay_s": one.robots.delay_s},
        "tls": {"used": one.tls.is_used, "problem": one.tls.problem},
    }
