"""A probe's visit to a website of the tests."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from crawler.probing.fetching import Visit
from crawler.probing.probe import trial_profile
from storage.clock import Clock
from storage.workspace import Settings

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def visit() -> Callable[..., Visit]:
    """Give a function that makes the visit to a site, at most so many requests long."""
    settings = Settings(
        office_name="Phòng Nội vụ",
        contact="cchc@example.test",
        since=dt.date(2022, 1, 1),
        delay_s=0,
        timeout_s=10,
        proxy=None,
        database_url=None,
        busy_timeout_s=1,
        allow_private=True,
    )
    clock = Clock.parse("2022-10-01T01:00+07:00")

    def make(url: str, **options: Any) -> Visit:  # noqa: ANN401 - those of a visit
        return Visit(profile=trial_profile(url), settings=settings, clock=clock, **options)

    return make
