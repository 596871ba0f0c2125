"""What the spider made of a capture goes into the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from storage.errors import DatabaseError, EvidenceError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.errands import Judged
    from crawler.spiders.site import SiteSpider


class StorePipeline:
    """Hands judged captures to the run, which stores them; ends the run when it cannot."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StorePipeline:
        """Make it, as Scrapy asks for it."""
        return cls(crawler)

    def process_item(self, item: Judged) -> Judged:
        """Take one from the spider."""
        self.keep(item)
        return item

    def keep(self, judged: Judged) -> None:
        """Take one: from here on it is stored or, after a kill, found again in the evidence."""
        spider = cast("SiteSpider", self.crawler.spider)
        try:
            spider.run.keep(judged)
        except (DatabaseError, EvidenceError) as error:
            spider.give_up(str(error))
        spider.tell()
