"""Joomla 2.5 to 5: articles, blog and list views of ``com_content``. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from crawler.pages import metadata
from crawler.pages.base import ArticlePage, Family, ListParts, Parts
from crawler.pages.markers import FITS, address, generator, selector

# An article's last segment begins with its number, or it is asked for by name.
_ARTICLE = re.compile(r"/\d+-[^/]+$|[?&]view=article(?:&|$)")
_FULL = ".item-page, .com-content-article, .itemView"


class JoomlaPage(ArticlePage):
    """An article of ``com_content``, or of K2."""

    family = "joomla"
    revision = 3
    parts = Parts(
        headline=(
            *(".item-page [itemprop=headline]", ".com-content-article [itemprop=headline]"),
            *(".itemView .itemTitle", ".item-page .page-header h2", ".item-page .page-header h1"),
            *(".item-page h2", ".item-page h1", ".contentheading"),
        ),
        lead=(".itemIntroText", ".item-page .sapo"),
        body=(
            *(".com-content-article__body", ".item-page [itemprop=articleBody]"),
            *(".itemFullText", ".itemBody", ".article-content", ".item-page"),
        ),
        date=(
            *(".item-page dd.published", ".com-content-article dd.published", ".itemDateCreated"),
            *(".item-page dd.create", ".com-content-article dd.create", ".createdate"),
        ),
        author=("dd.createdby [itemprop=name]", "dd.createdby", ".itemAuthor a"),
        noise=(
            *(".article-info", ".page-header", ".icons", ".pager.pagenav", ".pagenavigation"),
            *(".content_rating", ".tags", ".itemToolbar", ".itemRelated", ".itemNavigation"),
            *("dl.article-info-term", ".actions", ".contentheading"),
        ),
    )

    def refusal(self) -> str | None:
        """Refuse the views of whole categories."""
        lists = ".blog-featured, .com-content-category-blog, .category-list, .com-content-category"
        if self._every((_FULL,)) or not self._every((lists,)):
            return None
        return "a category's view"

    def is_marked(self) -> bool:
        """Tell it by the container of a whole article, or by an address on Joomla."""
        url = urlsplit(self.page.url)._replace(fragment="").geturl()
        is_joomla = any("joomla" in name.lower() for name in metadata.meta(self.tree, "generator"))
        return bool(self._every((_FULL,))) or (is_joomla and _ARTICLE.search(url) is not None)


FAMILY = Family(
    page=JoomlaPage,
    lists=(
        ListParts(
            item=".blog-item, .items-leading > div, .items-row > .item, .items-row > div > .item",
            link="[itemprop=name] a, h2 a, h3 a, a[itemprop=url]",
            date="dd.published, dd.create, time",
        ),
        ListParts(
            item="table.category tbody tr, .com-content-category__table tbody tr",
            link=".list-title a, a",
            date=".list-date",
        ),
        ListParts(item=".itemContainer", link=".catItemTitle a", date=".catItemDateCreated"),
    ),
    next=(
        *("a[aria-label='Go to next page']", ".pagination-next a", "li.next a"),
        *(".pagination a[title='Next']", ".pagination a[title='Tiếp']", ".pagination a.next"),
    ),
    markers=(
        generator(r"Joomla!"),
        address(r"/media/(?:system/js/core|jui/|vendor/joomla)|/components/com_|option=com_\w+"),
        selector(".item-page, .com-content-article, .com-content-category-blog, .items-leading"),
        address(r"/index\.php/(?:vi/)?[^?]+/\d+-[\w-]+", FITS),
        selector("dl.article-info", FITS),
    ),
)
