"""HTML from the templates beside this file: all is escaped, and nothing missing goes unnoticed."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reports.links import is_web_address
from storage import language
from storage.language import t


def page(template: str, **values: object) -> str:
    """Give a page; the same values give the same text (in the same language).

    ``t`` and ``lang`` are there for every template, and the test ``web_address``.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.tests["web_address"] = is_web_address
    return environment.get_template(template).render(lang=language.current().value, t=t, **values)
