"""The registry of page families: the only place where a new one is entered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.pages import (
    dnn,
    drupal,
    generic,
    ghost,
    huecit,
    joomla,
    liferay,
    nukeviet,
    plone,
    quangtri,
    sharepoint,
    static_site,
    vccorp,
    vnpt,
    wordpress,
)

if TYPE_CHECKING:
    from crawler.pages.base import Family
    from crawler.pages.captured import CapturedPage
    from crawler.profiles import ProfileVersion
    from storage.records import Extraction

FAMILIES: dict[str, Family] = {
    family.page.family: family
    for family in (
        *(dnn.FAMILY, drupal.FAMILY, generic.FAMILY, ghost.FAMILY, huecit.FAMILY, joomla.FAMILY),
        *(liferay.FAMILY, nukeviet.FAMILY, plone.FAMILY, quangtri.FAMILY, sharepoint.FAMILY),
        *(static_site.FAMILY, vccorp.FAMILY, vnpt.FAMILY, wordpress.FAMILY),
    )
}
"""By the name that profiles use."""


def read_article(
    page: CapturedPage, version: ProfileVersion, *, announced: str | None = None
) -> Extraction:
    """Read an article page as its site's family does.

    ``announced``: the title by which a list announces it beside a day.

    Raises:
        NotAnArticle: a real page, but no article.
        LayoutChanged: an article whose parts are not where the family has them.
    """
    return FAMILIES[version.family].page(page, version, announced=announced).read()
