"""How each of the four publishing systems forms its addresses and prints its days. Pure."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import parse_qs, urlencode

if TYPE_CHECKING:
    import datetime as dt

    from demo.content import Post, Website

WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")
_UNITS = ("Một", "Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy", "Tám", "Chín", "Mười")
_MONTHS = (*_UNITS, "Mười Một", "Mười Hai")


class Dialect(ABC):
    """A publishing system. Addresses are paths on the host, with the query where it matters."""

    name: ClassVar[str]
    content_type: ClassVar[str] = "text/html; charset=UTF-8"
    compresses: ClassVar[bool] = False
    feeds: ClassVar[dict[str, str]] = {}
    """Path below the site → template, for what is neither a list nor an article."""

    @abstractmethod
    def list_address(self, website: Website, section: str, page: int) -> str:
        """Give where a section's page lies; pages count from 1."""

    @abstractmethod
    def article_address(self, website: Website, post: Post) -> str:
        """Give where a post lies."""

    def key_of(self, path: str, query: str) -> str:  # noqa: ARG002 - some look at the query
        """Give the part of a requested address that decides what is shown."""
        return path

    def listed_day(self, post: Post) -> str:
        """Give the day as lists print it."""
        return post.printed if post.printed is not None else self._in_list(post.published_at)

    def printed_day(self, post: Post) -> str:
        """Give the day as the post's page prints it."""
        return post.printed if post.printed is not None else self._on_page(post.published_at)

    @abstractmethod
    def _in_list(self, when: dt.datetime) -> str: ...

    @abstractmethod
    def _on_page(self, when: dt.datetime) -> str: ...


class WordPress(Dialect):
    """WordPress with a classic theme: year and month in the address, a feed, day in words."""

    name = "wordpress"
    compresses = True
    feeds: ClassVar[dict[str, str]] = {"/feed/": "wordpress_feed.xml.j2"}

    def list_address(self, website: Website, section: str, page: int) -> str:  # noqa: D102 - see Dialect
        folder = f"{website.prefix}/category/{section}/"
        return folder if page == 1 else f"{folder}page/{page}/"

    def article_address(self, website: Website, post: Post) -> str:  # noqa: D102 - see Dialect
        return f"{website.prefix}/{post.published_at:%Y/%m}/{post.slug}/"

    def _in_list(self, when: dt.datetime) -> str:
        return f"{when.day} Tháng {_MONTHS[when.month - 1]}, {when.year}"

    _on_page = _in_list


class NukeViet(Dialect):
    """NukeViet 4: the section and a number in the address, the weekday on the page."""

    name = "nukeviet"

    def list_address(self, website: Website, section: str, page: int) -> str:  # noqa: D102 - see Dialect
        folder = f"{website.prefix}/news/{section}/"
        return folder if page == 1 else f"{folder}page-{page}/"

    def article_address(self, website: Website, post: Post) -> str:  # noqa: D102 - see Dialect
        return f"{website.prefix}/news/{post.section}/{post.slug}-{post.number}.html"

    def _in_list(self, when: dt.datetime) -> str:
        return f"{when:%d/%m/%Y %I:%M:%S %p}"

    def _on_page(self, when: dt.datetime) -> str:
        return f"{WEEKDAYS[when.weekday()]} - {when:%d/%m/%Y %H:%M}"


class Liferay(Dialect):
    """Liferay 6.2 with an asset publisher: the page of a list stands in a long query."""

    name = "liferay"
    content_type = "text/html;charset=UTF-8"
    portlet = "101_INSTANCE_vKh4Dm2eTn7q"

    def list_address(self, website: Website, section: str, page: int) -> str:  # noqa: D102 - see Dialect
        folder = f"{website.prefix}/{section}"
        return folder if page == 1 else f"{folder}?{urlencode({f'_{self.portlet}_cur': page})}"

    def paging_link(self, website: Website, section: str, page: int) -> str:
        """Give the link to a page as the paginator writes it, noise and all."""
        query = {
            "p_p_id": self.portlet,
            "p_p_lifecycle": 0,
            "p_p_state": "normal",
            "p_p_mode": "view",
            "p_p_col_id": "column-2",
            "p_p_col_count": 1,
            f"_{self.portlet}_advancedSearch": "false",
            f"_{self.portlet}_delta": website.per_page,
            f"_{self.portlet}_cur": page,
        }
        return f"{website.prefix}/{section}?{urlencode(query)}"

    def article_address(self, website: Website, post: Post) -> str:  # noqa: D102 - see Dialect
        publisher = self.portlet.removeprefix("101_INSTANCE_")
        return f"{website.prefix}/{post.section}/-/asset_publisher/{publisher}/content/{post.slug}"

    def key_of(self, path: str, query: str) -> str:  # noqa: D102 - see Dialect
        page = parse_qs(query).get(f"_{self.portlet}_cur", ["1"])[0]
        return path if page == "1" else f"{path}?{urlencode({f'_{self.portlet}_cur': page})}"

    def _in_list(self, when: dt.datetime) -> str:
        return f"{when:%d/%m/%Y | %I:%M %p}"

    _on_page = _in_list


class Generic(Dialect):
    """Pages of a department's own making, in the manner of old SharePoint."""

    name = "generic"
    content_type = "text/html"
    feeds: ClassVar[dict[str, str]] = {"/sitemap.xml": "generic_sitemap.xml.j2"}

    def list_address(self, website: Website, section: str, page: int) -> str:  # noqa: D102 - see Dialect
        folder = f"{website.prefix}/Pages/{section}.aspx"
        return folder if page == 1 else f"{folder}?Page={page}"

    def article_address(self, website: Website, post: Post) -> str:  # noqa: D102 - see Dialect
        return f"{website.prefix}/Pages/chitiet.aspx?ItemID={post.number}"

    def key_of(self, path: str, query: str) -> str:  # noqa: D102 - see Dialect
        asked = parse_qs(query)
        if "ItemID" in asked:
            return f"{path}?ItemID={asked['ItemID'][0]}"
        page = asked.get("Page", ["1"])[0]
        return path if page == "1" else f"{path}?Page={page}"

    def _in_list(self, when: dt.datetime) -> str:
        return f"({when:%d.%m.%Y %H:%M})"

    def _on_page(self, when: dt.datetime) -> str:
        return f"Ngày cập nhật: {when:%d/%m/%Y %H:%M}"


DIALECTS: dict[str, Dialect] = {
    dialect.name: dialect for dialect in (WordPress(), NukeViet(), Liferay(), Generic())
}
