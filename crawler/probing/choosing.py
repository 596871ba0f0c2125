"""What a profile takes of all that was found, and what has to be asked. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.probing import channels, samples, sections
from crawler.probing.clues import Clue, shortened
from crawler.probing.dayorder import Order
from crawler.probing.result import Channel, Question, relative
from crawler.probing.sections import Verdict
from crawler.profiles import Discover, Section, SiteProfile
from crawler.urls import canonical_for
from storage.language import t

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crawler.probing.channels import Found
    from crawler.probing.dayorder import Decision
    from crawler.probing.samples import Read


@dataclass(frozen=True, slots=True)
class FurtherPages:
    """What is known of the second pages of lists, by the address of the list."""

    said: dict[str, Clue] = field(default_factory=dict)
    """What became of them."""
    fruitless: set[str] = field(default_factory=set)
    """Lists whose next page has no new item: what they call so is none."""
    counted: dict[str, tuple[str, str]] = field(default_factory=dict)
    """How they are addressed where no link leads there: the form's name, and itself."""


def choose(
    judged: Sequence[sections.Section],
    found: Sequence[Found],
    reads: Sequence[Read],
    further: FurtherPages,
    profile: SiteProfile,
) -> tuple[list[Channel], list[Channel]]:
    """Choose what the profile lists; give the feeds and sitemaps that it does not, too."""
    lists = _lists(judged, reads, further, profile)
    used = [_listing(one, further, profile) for one in lists]
    known = {canonical_for(item.url, profile) for one in judged for item in one.look.items}
    others: list[Channel] = []
    is_extra = bool(used)
    for channel in found:
        written = _written(channel, judged, reads, profile, is_extra=is_extra)
        new = channels.adds_to(channel, known, profile)
        clues = (channel.clue, Clue(f"{new} địa chỉ mới", f"{new} new addresses"))
        is_wanted = _is_wanted(channel, written, used, new=new)
        (used if is_wanted else others).append(Channel(section=written, clues=clues))
        if is_wanted:
            known |= {canonical_for(item.url, profile) for item in channel.items}
    return _named_apart(used), _named_apart(others)


def _is_wanted(channel: Found, written: Section, used: Sequence[Channel], *, new: int) -> bool:
    """Take the first feed, further ones that add something, and a sitemap of known articles."""
    if not 0 < len(channel.items) <= channels.LARGEST_SITEMAP:
        return False
    if channel.discover is Discover.SITEMAP:
        return written.article is not None
    return new > 0 or all(one.section.discover is not channel.discover for one in used)


def _lists(
    judged: Sequence[sections.Section],
    reads: Sequence[Read],
    further: FurtherPages,
    profile: SiteProfile,
) -> list[sections.Section]:
    """Give the lists of news.

    The home page only where it goes on, or where there is no other. Where it lists
    everything, with days, the lists without days are left out: a walk over them never
    knows where to stop.
    """
    lists = [one for one in judged if one.verdict is Verdict.NEWS]
    home = [one for one in lists if one.look.link.url == profile.base_url]
    others = [one for one in lists if one not in home]
    if home and home[0].look.next_url and sections.lists_everything(home[0].look, reads):
        others = [one for one in others if one.look.days]
    goes_on = [
        one for one in home if one.look.next_url and one.look.link.url not in further.fruitless
    ]
    return [*others, *(goes_on if others else home)]


def _listing(one: sections.Section, further: FurtherPages, profile: SiteProfile) -> Channel:
    link = one.look.link
    second = [further.said[link.url]] if link.url in further.said else []
    _, form = further.counted.get(link.url, (None, None))
    section = Section(
        name=link.name,
        url=relative(link.url, profile),
        discover=Discover.LISTING,
        pages=_without_host(form) if form else None,
    )
    return Channel(section=section, clues=(*one.clues, *second))


def _written(
    found: Found,
    judged: Sequence[sections.Section],
    reads: Sequence[Read],
    profile: SiteProfile,
    *,
    is_extra: bool,
) -> Section:
    pattern = None
    if found.discover is Discover.SITEMAP:
        articles = [one.sample.page.url for one in reads if one.extraction]
        others = [one.look.link.url for one in judged]
        pattern = channels.pattern_of(articles, [*others, profile.base_url])
    names = {Discover.FEED: "RSS", Discover.REST: "REST"}
    return Section(
        name=names.get(found.discover, t("Sơ đồ trang", "Sitemap")),
        url=relative(found.url, profile),
        discover=found.discover,
        article=pattern,
        extra=is_extra,
    )


def questions(
    used: Sequence[Channel],
    judged: Sequence[sections.Section],
    days: Decision,
    reads: Sequence[Read],
) -> Iterator[Question]:
    """Give what the evidence does not decide of what is used; of the rest see ``remarks``."""
    if not used:
        yield Question("sections", _NO_SECTIONS)
    elif all(one.section.discover in _UNPROVEN for one in used):
        yield Question("sections", _NO_LIST)
    for one in judged:
        if one.verdict is Verdict.NEWS and one.look.is_cut_off:
            name = one.look.link.name
            vi = f"“{name}”: trang sau mở bằng mã (script), chưa có địa chỉ để đọc tiếp."
            en = f"'{name}': its next page opens by script, there is no address to go on."
            yield Question("pages", Clue(vi, en))
    if days.order in {Order.UNDECIDED, Order.MIXED}:
        yield Question("dates.formats", days.clues[0])
    for part in samples.without_parts(reads):
        vi = f"không tìm thấy {_PARTS_VI[part]} ở phần lớn bài đọc thử: cần bộ chọn CSS"
        en = f"most sample articles show no {part}: a CSS selector is needed"
        yield Question(f"select.{part}", Clue(vi, en))


_UNPROVEN = frozenset({Discover.FEED, Discover.SITEMAP})
_NO_LIST = Clue(
    "chỉ tìm thấy RSS hoặc sơ đồ trang, không chứng minh được đã xem đủ bài: ghi thêm địa chỉ "
    "trang danh sách nếu có",
    "only a feed or sitemap was found, which cannot prove that every post was seen: add the "
    "address of a list if there is one",
)
_PARTS_VI = {"headline": "tiêu đề", "body": "nội dung", "date": "ngày đăng"}
_NO_SECTIONS = Clue(
    "không tìm thấy chuyên mục tin nào: ghi địa chỉ trang danh sách (mở trang chuyên mục trong "
    "trình duyệt, chép địa chỉ vào url)",
    "no section of news was found: give the address of a list (open the section in a browser "
    "and copy its address into url)",
)


def _without_host(url: str) -> str:
    parts = urlsplit(url)
    return url.removeprefix(f"{parts.scheme}://{parts.netloc}")


def _named_apart(found: Iterable[Channel]) -> list[Channel]:
    """Give the channels with a name each: profiles refuse two with one."""
    apart: dict[str, Channel] = {}
    for channel in found:
        name = shortened(channel.section.name)
        numbered = (f"{name} ({number})" for number in count(2))
        own = name if name not in apart else next(one for one in numbered if one not in apart)
        section = channel.section.model_copy(update={"name": own})
        apart[own] = Channel(section=section, clues=channel.clues)
    return list(apart.values())
