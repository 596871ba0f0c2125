"""What a probe saw that is no section: what nobody has decided on, and what is not news. Pure.

What may be a list of posts and is in no profile would be missed without a trace. So each such
page is named, with its doubt: the site is not seen in full until somebody answers.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from crawler.probing.clues import Clue, shortened
from crawler.probing.exploring import OF_ARTICLES
from crawler.probing.fetching import in_words
from crawler.probing.result import Question, Remark, relative
from crawler.probing.sections import LEAST_UNDATED, Verdict, may_fill_later
from crawler.urls import canonical_for

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence

    from crawler.probing.exploring import Explorer
    from crawler.probing.links import PageLink
    from crawler.probing.result import Channel
    from crawler.probing.sections import Section
    from crawler.profiles import ProfileVersion, SiteProfile

_Said = tuple[str, str, Clue]
"""A page's name and address, and what is said of it."""


def remarks(
    judged: Sequence[Section],
    met: Explorer,
    used: Sequence[Channel],
    scripted: Mapping[str, Clue | None],
    version: ProfileVersion,
) -> tuple[list[Remark], list[Remark]]:
    """Give what is undecided, then what is not news; each address once.

    Args:
        judged: the pages that were looked at, with the last word on them.
        met: what was asked for, and what was not.
        used: what the profile lists.
        scripted: pages whose list a script fills; with what is not known of it, or None where
            it was found.
        version: of the profile to be.
    """
    profile = met.profile
    lists = [profile.address_of(one.section) for one in used]
    filled = [url for url, doubt in scripted.items() if doubt is None]
    settled = {canonical_for(url, profile) for url in (profile.base_url, *lists, *filled)}
    names = {one.section.name for one in used}
    posts = [link for link in met.unseen if _is_post_of(settled, link.url, met)]
    doubtful = _doubtful(judged, met, posts, scripted, version)
    undecided = list(_remarks(doubtful, settled, names, profile))
    return undecided, list(_remarks(_not_news(judged, met, posts), settled, names, profile))


def _is_post_of(lists: Container[str], url: str, met: Explorer) -> bool:
    """Tell whether an address lies below a list's, among pages that were seen to be articles."""
    folder = url.rstrip("/").rpartition("/")[0]
    is_below = any(canonical_for(one, met.profile) in lists for one in (folder, f"{folder}/"))
    return is_below and met.is_among_articles(url, least=LEAST_UNDATED)


def _doubtful(
    judged: Sequence[Section],
    met: Explorer,
    posts: Collection[PageLink],
    scripted: Mapping[str, Clue | None],
    version: ProfileVersion,
) -> Iterator[_Said]:
    for one in judged:
        look = one.look
        said = scripted.get(look.link.url)
        if one.verdict is Verdict.DOCUMENTS and look.days and not look.files:
            yield look.link.name, look.link.url, _LIKE_DOCUMENTS
        elif one.verdict is Verdict.UNDATED:
            yield look.link.name, look.link.url, _WITHOUT_DAYS
        elif said is not None:
            yield look.link.name, look.link.url, said
        elif canonical_for(look.page.url, met.profile) in met.lists_of_lists:
            continue
        elif one.verdict is Verdict.NO_LIST and may_fill_later(look, version):
            yield look.link.name, look.link.url, _EMPTY
    for link, miss in met.missed:
        why = in_words(miss)
        yield link.name, link.url, Clue(f"không mở được: {why}", f"could not be had: {why}")
    for link in met.unseen:
        if link not in posts:
            yield link.name, link.url, _SPENT if met.is_spent else _NOT_OPENED


def _not_news(
    judged: Sequence[Section], met: Explorer, posts: Iterable[PageLink]
) -> Iterator[_Said]:
    for one in judged:
        is_list = len(one.look.items) >= LEAST_UNDATED
        if one.verdict in _TOLD or (one.verdict is Verdict.NO_LIST and is_list):
            vi, en = _TOLD.get(one.verdict, _NO_POSTS)
            why = Clue(
                "; ".join((vi, *(clue.vi for clue in one.clues))),
                "; ".join((en, *(clue.en for clue in one.clues))),
            )
            yield one.look.link.name, one.look.link.url, why
    for link, why in (*met.passed_over, *((link, OF_ARTICLES) for link in posts)):
        yield link.name, link.url, why


def _remarks(
    said: Iterable[_Said], settled: set[str], names: set[str], profile: SiteProfile
) -> Iterator[Remark]:
    """Give each address once, with a name of its own; what is given is settled then."""
    for given, url, why in said:
        address = canonical_for(url, profile)
        if address in settled:
            continue
        settled.add(address)
        name = shortened(given)
        numbered = (f"{name} ({number})" for number in count(2))
        own = name if name not in names else next(one for one in numbered if one not in names)
        names.add(own)
        yield Remark(name=own, url=relative(url, profile), why=why)


def questions(undecided: Sequence[Remark]) -> Iterator[Question]:
    """Ask about what is undecided, one by one; about what was not looked at together."""
    for one in undecided:
        if one.why not in {_SPENT, _NOT_OPENED}:
            vi = f"“{one.name}” ({one.url}): {one.why.vi}. Có phải tin, bài?"
            en = f"'{one.name}' ({one.url}): {one.why.en}. Is it news?"
            yield Question("sections", Clue(vi, en))
    for why in (_SPENT, _NOT_OPENED):
        yield from _unseen(why, [one.name for one in undecided if one.why == why])


def _unseen(why: Clue, names: Sequence[str]) -> Iterator[Question]:
    if not names:
        return
    named = ", ".join(f"“{name}”" for name in names[:_NAMED])
    named += " …" if len(names) > _NAMED else ""
    number = len(names)
    clue = Clue(
        f"chưa mở {number} mục ({named}): nhiều mục tương tự không có danh sách tin; mục nào "
        "là tin thì ghi địa chỉ vào sections, còn lại chuyển sang not_news",
        f"{number} links were not looked at ({named}): many like them had no list of posts; if one "
        "is news, add its address to sections, and move the others to not_news",
    )
    if why is _SPENT:
        clue = Clue(
            f"hết lượt hỏi, còn {number} mục chưa mở ({named}): chạy lại với --requests lớn hơn",
            f"no requests left for {number} links ({named}): run again with more --requests",
        )
    yield Question("sections", clue)


_NAMED = 6
"""Links that a question names; the others are counted."""

_LIKE_DOCUMENTS = Clue(
    "danh sách có ngày, giống danh mục văn bản", "a list with days that looks like legal texts"
)
_WITHOUT_DAYS = Clue(
    "danh sách không có ngày và chưa đọc được bài nào",
    "a list without days, none of its articles was read",
)
_EMPTY = Clue(
    "tên là tin, trang không có danh sách (trống, hay điền bằng script)",
    "named after news, no list on it (empty, or filled by a script)",
)
_SPENT = Clue("chưa mở: hết lượt hỏi", "not looked at: no requests were left")
_NOT_OPENED = Clue(
    "chưa mở: nhiều mục tương tự không có danh sách tin",
    "not looked at: many like it had no list of posts",
)
_NO_POSTS = ("không phải danh sách tin", "no list of posts")
_TOLD = {
    Verdict.DOCUMENTS: ("danh mục văn bản", "legal texts"),
    Verdict.MEDIA: ("ảnh, phim", "pictures, films"),
}
