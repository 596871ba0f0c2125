"""A page as a browser shows it, for the check of a profile: its scripts are asked by the visit."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from crawler import browser
from crawler.browser import Given, RenderError, Wanted
from crawler.politeness import user_agent
from crawler.probing.fetching import Answer, Miss
from storage.records import Disposition

if TYPE_CHECKING:
    from crawler.probing.fetching import Visit

_OK = 200


def as_shown(visit: Visit, answer: Answer) -> Answer | Miss:
    """Give the answer with the page as a browser shows it; an error page as it came."""
    page = answer.page
    if page.status != _OK:
        return answer

    async def fetch(wanted: Wanted) -> Given | None:
        if wanted.method != "GET":
            raise RenderError(f"{wanted.url}: method {wanted.method}")
        got = await asyncio.to_thread(visit.get, wanted.url)
        if isinstance(got, Answer):
            return _given(got)
        if got.fate is Disposition.OFF_SITE:
            return None
        raise RenderError(f"{wanted.url}: {got.reason}")

    try:
        body = asyncio.run(
            browser.render(
                page.url,
                _given(answer),
                fetch,
                named=visit.settings.browser,
                agent=user_agent(visit.profile, visit.settings),
                timeout_s=browser.TIMEOUT_S,
            )
        )
    except RenderError as error:
        reason = f"browser: {error}"
        return Miss(asked=answer.asked, fate=Disposition.UNREADABLE, reason=reason)
    headers = {"content-type": "text/html; charset=utf-8"}
    return replace(answer, page=replace(page, body=body, headers=headers))


def _given(answer: Answer) -> Given:
    page = answer.page
    return Given(status=page.status, headers=page.headers, body=page.body)
