"""The rules in force, made ready once, and a small taxonomy for tests of single rules."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from classifier.tagger import RuleTagger
from classifier.taxonomy import TaxonomyFile, load_release, parse_taxonomy
from classifier.text import Document
from storage.articles import ensure_articles, record_version
from storage.captures import add_captures, start_run
from storage.records import (
    Capture,
    CapturePurpose,
    CrawlRun,
    DateSource,
    DayInterval,
    Disposition,
    Extraction,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from storage.engine import Database
    from storage.records import Tagging

NOW = dt.datetime(2022, 9, 30, 16, tzinfo=dt.UTC)

SMALL = """\
release: "1.0"
effective_from: 2026-01-01
source: bài thử
headline_tags:
  - {code: CCHC, name: Cải cách hành chính, topics: [tthc, chi_so]}
words:
  giảm: [cắt giảm, bãi bỏ]
off_subject: [lừa đảo]
void: [một cửa hàng]
topics:
  - code: tthc
    name: Thủ tục
    definition: Thủ tục hành chính.
    cues:
      strong: [cải cách thủ tục hành chính, một cửa]
      medium: [thủ tục hành chính, hồ sơ]
      weak: [giấy tờ, tiếp nhận]
      company: [tthc]
      headline: {strong: [thủ tục hành chính]}
      veto: [tố tụng]
    together:
      - {weight: strong, of: ["@giảm", [điều kiện kinh doanh]], in: headline}
    numbers:
      - {number: 61/2018/NĐ-CP, weight: strong}
      - {number: 76/NQ-CP, dated: 2021-07-15, weight: strong}
    examples: {"yes": [Một cửa], "no": [Một cửa hàng]}
  - code: chi_so
    name: Chỉ số
    definition: Chỉ số.
    cues: {strong: [chỉ số cải cách thủ tục hành chính]}
    examples: {"yes": [Chỉ số cải cách thủ tục hành chính], "no": [Chỉ số giá]}
"""


@pytest.fixture(scope="session")
def small() -> str:
    """The text of a small taxonomy without mistakes."""
    return SMALL


@pytest.fixture(scope="session")
def release() -> TaxonomyFile:
    """The release in force."""
    return load_release()


@pytest.fixture(scope="session")
def tagger(release: TaxonomyFile) -> RuleTagger:
    """The rules in force."""
    return RuleTagger(release)


@pytest.fixture(scope="session")
def small_tagger(small: str) -> RuleTagger:
    """Rules of the small taxonomy."""
    return RuleTagger(parse_taxonomy(small, name="nhỏ.yml"))


@pytest.fixture
def tagged(tagger: RuleTagger) -> Callable[..., dict[str, Tagging]]:
    """Tag a title (and text) by the rules in force; gives topic → tagging."""

    def tag(headline: str, body: str = "", lead: str | None = None) -> dict[str, Tagging]:
        document = Document(headline=headline, lead=lead, body=body)
        return {tagging.topic: tagging for tagging in tagger.tag(document)}

    return tag


@pytest.fixture
def add_articles() -> Callable[[Database, Sequence[str]], None]:
    """Store an article with only a title for each headline, as a crawl would."""
    return _add_articles


def _add_articles(database: Database, headlines: Sequence[str]) -> None:
    with database.write() as c:
        run = start_run(
            c,
            CrawlRun(
                site="xa",
                window=DayInterval(dt.date(2022, 1, 1)),
                started_at=NOW,
                profile_digest="0",
                code_version="0",
                simulated_clock=True,
            ),
        )
        urls = [f"http://xa.test/{i}" for i in range(len(headlines))]
        articles = ensure_articles(c, "xa", urls, first_seen_at=NOW)
        captures = add_captures(
            c,
            [
                Capture(
                    run_id=run,
                    url=url,
                    purpose=CapturePurpose.ARTICLE,
                    captured_at=NOW,
                    disposition=Disposition.STORED,
                )
                for url in urls
            ],
        )
        for url, capture, headline in zip(urls, captures, headlines, strict=True):
            extraction = Extraction(
                headline=headline,
                body="",
                date_published=None,
                date_published_raw=None,
                date_source=DateSource.NONE,
                extractor="test@1",
            )
            record_version(
                c, articles[url], capture_id=capture, extraction=extraction, extracted_at=NOW
            )
