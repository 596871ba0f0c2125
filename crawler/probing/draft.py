"""The profile that a probe writes: YAML that loads, with the evidence as comments. Pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.probing.clues import Clue, shortened
from crawler.probing.sections import Verdict
from storage.records import vietnam_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crawler.probing.result import Channel, Probe, Remark

EXPECTED_SHARE = 0.5
"""Share of the items now on the first pages that a run must find: below it something broke."""


def profile_text(probe: Probe) -> str:
    """Give the text of the profile.

    Without any section it does not load: it says what is missing, in the place where it belongs.
    All that a site says of itself is quoted, or stands on one line behind a '#'.
    """
    return "\n".join(
        [*_head(probe), "versions:", *_version(probe), *_expectation(probe), ""],
    )


def _head(probe: Probe) -> Iterator[str]:
    yield _comment(
        Clue(
            f"Hồ sơ do tinbai sites probe lập ngày {vietnam_day(probe.probed_at):%d/%m/%Y}, "
            f"{probe.requests} lượt hỏi. Đọc lại, sửa nếu cần, rồi chạy: tinbai sites check --live",
            f"Written by tinbai sites probe on {vietnam_day(probe.probed_at)}, "
            f"{probe.requests} requests. Read it, correct it, then run: tinbai sites check --live",
        )
    )
    for question in probe.questions:
        yield _comment(
            Clue(
                f"CẦN HỎI {question.field}: {question.text.vi}",
                f"ASKED {question.field}: {question.text.en}",
            )
        )
    yield f"site: {_quoted(probe.site)}"
    yield f"base_url: {_quoted(probe.base_url)}"
    if probe.hosts:
        yield f"hosts: [{', '.join(map(_quoted, probe.hosts))}]"
    if probe.tls.problem:
        yield _comment(
            Clue(
                f"Chứng thư TLS không kiểm được: {probe.tls.problem}",
                f"The TLS certificate cannot be verified: {probe.tls.problem}",
            )
        )
    wanted = probe.robots.delay_s
    if wanted:
        yield _comment(Clue("robots.txt yêu cầu khoảng nghỉ này", "robots.txt asks for this pause"))
        yield f"delay_s: {wanted:g}"


def _version(probe: Probe) -> Iterator[str]:
    yield f"  - family: {probe.family}"
    for clue in probe.family_clues:
        yield "    " + _comment(clue)
    yield "    sections:"
    for channel in probe.channels:
        yield from _section(channel)
    if not probe.channels:
        yield "      " + _comment(
            Clue(
                '- {name: "Tin tức", url: "địa chỉ trang danh sách"}',
                '- {name: "News", url: "address of the list"}',
            )
        )
    yield from _left_out(probe)
    yield from _remarks(probe)
    yield from _selectors(probe)
    yield from _dates(probe)


def _section(channel: Channel) -> Iterator[str]:
    section = channel.section
    yield f"      - name: {_quoted(section.name)}"
    yield f"        url: {_quoted(section.url)}"
    yield f"        discover: {section.discover.value}"
    if section.pages:
        yield f"        pages: {_quoted(section.pages)}"
    if section.post is not None:
        yield f"        post: {_quoted(section.post)}"
    if section.first_page != 1:
        yield f"        first_page: {section.first_page}"
    if section.json_fields:
        named = section.json_fields.model_dump(exclude_none=True).items()
        fields = ", ".join(f"{name}: {_quoted(value)}" for name, value in named)
        yield f"        json_fields: {{{fields}}}"
    if section.article:
        yield f"        article: {_quoted(section.article)}"
    if section.extra:
        yield "        extra: true"
    for clue in channel.clues:
        yield "        " + _comment(clue)


def _remarks(probe: Probe) -> Iterator[str]:
    """Name what is no section: what nobody has decided on, and what is not news."""
    if probe.undecided:
        yield "    " + _comment(
            Clue(
                "chưa quyết định: đến khi có người trả lời, trang không được coi là đã xem trọn. "
                "Là tin thì ghi name, url vào sections; không phải tin thì chuyển xuống not_news",
                "not decided: until somebody answers, the site does not count as seen in full. If "
                "it is news, write name and url under sections; if not, move it to not_news",
            )
        )
        yield "    undecided:"
        yield from map(_remark, probe.undecided)
    if probe.not_news:
        yield "    not_news:"
        yield from map(_remark, probe.not_news)


def _remark(one: Remark) -> str:
    said = one.noticed.model_dump().items()
    return "      - {" + ", ".join(f"{name}: {_quoted(value)}" for name, value in said) + "}"


def _left_out(probe: Probe) -> Iterator[str]:
    """Name what answered and is not read, for what is on it is listed elsewhere."""
    used = {one.section.url for one in probe.channels}
    for one in probe.looked:
        place = one.look.link.url.removeprefix(probe.base_url) or "./"
        if one.verdict in _LISTED_ELSEWHERE and place not in used:
            why = "; ".join(clue.vi for clue in one.clues), "; ".join(c.en for c in one.clues)
            name, path = one.look.link.name, urlsplit(one.look.link.url).path
            yield "      " + _comment(
                Clue(
                    f"không lấy “{name}” {path}: không có danh sách riêng ({why[0]})",
                    f"left out: '{name}' {path}: no list of its own ({why[1]})",
                )
            )
    for channel in probe.others:
        section = channel.section
        yield "      " + _comment(
            Clue(
                f"không lấy {section.discover.value} {section.url}: {channel.clues[0].vi}",
                f"left out: {section.discover.value} {section.url}: {channel.clues[0].en}",
            )
        )


_LISTED_ELSEWHERE = frozenset({Verdict.TWIN, Verdict.NEWS})


def _selectors(probe: Probe) -> Iterator[str]:
    chosen = probe.select.model_dump(exclude_none=True)
    if chosen:
        yield "    " + _comment(
            Clue(
                "tìm được nhờ tiêu đề và ngày của các danh sách, đúng trên các bài đọc thử",
                "found by the titles and days of the lists, right on the sample articles",
            )
        )
        yield "    select:"
    for name, selector in chosen.items():
        yield f"      {name}: {_quoted(selector)}"


def _dates(probe: Probe) -> Iterator[str]:
    for clue in (*probe.days.clues, *probe.trust.clues, *probe.clock.clues):
        yield "    " + _comment(clue)
    if probe.days.formats or probe.trust.order or probe.clock.clock:
        yield "    dates:"
    if probe.days.formats:
        yield f"      formats: [{', '.join(map(_quoted, probe.days.formats))}]"
    if probe.trust.order:
        yield f"      trust: [{', '.join(source.value for source in probe.trust.order)}]"
    if probe.clock.clock:
        yield f"      clock: {probe.clock.clock.value}"


def _expectation(probe: Probe) -> Iterator[str]:
    news = [one for one in probe.looked if one.verdict is Verdict.NEWS]
    items = {item.url for one in news for item in one.look.items}
    least = int(len(items) * EXPECTED_SHARE)
    if least and probe.channels:
        yield _comment(
            Clue(
                f"trang đầu các chuyên mục nay có {len(items)} mục: ít hơn một nửa là có trục trặc",
                f"the first pages now show {len(items)} items: less than half means that "
                "something broke",
            )
        )
        yield "expect:"
        yield f"  articles_min: {least}"


def _comment(clue: Clue) -> str:
    return f"# {shortened(str(clue), 300)}"


def _quoted(text: str) -> str:
    """Give a scalar that YAML reads as this very text: a JSON string is one."""
    return json.dumps(text, ensure_ascii=False)


def lines(clues: Iterable[Clue]) -> str:
    """Give clues on one line."""
    return "; ".join(map(str, clues))
