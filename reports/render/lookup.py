"""What several renderings look up in a report: articles and unit names by their keys. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.records import Finding, LineArticle, Report


@dataclass(frozen=True, slots=True)
class Lookup:
    """A report's articles and unit names by their keys."""

    articles: dict[int, LineArticle]
    unit_names: dict[str, str]

    @classmethod
    def of(cls, report: Report) -> Lookup:
        """Make the lookup of a report."""
        listed = [article for line in report.lines for article in line.articles]
        return cls(
            {article.article_id: article for article in (*report.unowned, *listed)},
            {line.unit: line.unit_name for line in report.lines},
        )

    def unit_name(self, unit: str) -> str:
        """Give a unit's name; its code when it has no line."""
        return self.unit_names.get(unit, unit)

    def article_of(self, finding: Finding) -> LineArticle | None:
        """Give the article that a finding is about, when the report lists it."""
        return None if finding.article_id is None else self.articles.get(finding.article_id)
