"""What one field of a site profile may say: its checks, and the types that carry them. Pure."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Annotated
from urllib.parse import urlsplit

from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from pydantic import AfterValidator, Field

from crawler.discovery.counted import CURSOR, PLACES, filled, is_json, place_in
from crawler.hours import read_hours
from storage.language import t
from storage.records import DateSource

FAMILY_NAMES = (
    *("dnn", "drupal", "generic", "ghost", "huecit", "joomla", "liferay", "nukeviet", "plone"),
    *("quangtri", "sharepoint", "static", "vccorp", "vnpt", "wordpress"),
)
"""The page families of ``crawler.pages``, which profiles must not import."""

SITE_CODE = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")


def _family(name: str) -> str:
    if name not in FAMILY_NAMES:
        known = ", ".join(FAMILY_NAMES)
        raise ValueError(
            t(f"không có họ trang “{name}”; có: {known}", f"no family '{name}'; there are: {known}")
        )
    return name


def _regex(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(
            t(f"biểu thức chính quy sai: {error}", f"wrong regular expression: {error}")
        ) from error
    return text


def _selector(text: str) -> str:
    try:
        CSSSelector(text, translator="html")
    except (SelectorError, ValueError) as error:
        raise ValueError(
            t(f"bộ chọn CSS “{text}” sai: {error}", f"wrong CSS selector '{text}': {error}")
        ) from error
    return text


def _day_format(text: str) -> str:
    """Accept what gives a whole day back: without a year, strptime would guess 1900."""
    sample = dt.datetime(2019, 11, 23, tzinfo=dt.UTC)
    try:
        kept = dt.datetime.strptime(sample.strftime(text), text).date()  # noqa: DTZ007 - the day
    except ValueError:
        kept = None
    if kept != sample.date() or not re.search("%[Yy]", text):
        raise ValueError(
            t(
                f"“{text}” không đọc được trọn ngày; cần ngày, tháng, năm, ví dụ %d/%m/%Y",
                f"'{text}' does not read a whole day; give day, month, year, e.g. %d/%m/%Y",
            )
        )
    return text


def _trusted(sources: tuple[DateSource, ...]) -> tuple[DateSource, ...]:
    if DateSource.NONE in sources or len(set(sources)) < len(sources):
        raise ValueError(
            t("mỗi nguồn ngày ghi một lần, không ghi none", "each source once, and never none")
        )
    return sources


def _base_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(
            t(
                "cần địa chỉ đầy đủ bắt đầu bằng http:// hoặc https://, không có ? hay #",
                "must be a whole address with http:// or https://, without ? or #",
            )
        )
    return text if text.endswith("/") else text + "/"


def _host(text: str) -> str:
    if re.search(r"[/:@?#\s]", text):
        raise ValueError(
            t(
                "chỉ ghi tên máy chủ, ví dụ www.vidu.gov.vn",
                "only a host name, e.g. www.vidu.gov.vn",
            )
        )
    return text.lower()


def _counted(text: str) -> str:
    if sum(map(text.count, PLACES)) != 1:
        raise ValueError(
            t(
                "cần đúng một chỗ {page}, {offset} hoặc {cursor}",
                "needs {page}, {offset} or {cursor}, once",
            )
        )
    return text


def _posted(text: str) -> str:
    """Accept what can be sent: JSON that stays JSON with any page in its place, or a form."""
    if sum(map(text.count, PLACES)) > 1:
        raise ValueError(
            t(
                "chỉ ghi một chỗ {page}, {offset} hoặc {cursor}",
                "has more than one of {page}, {offset}, {cursor}",
            )
        )
    place = place_in(text)
    if not is_json(text):
        return text
    try:
        for value in ("", "a") if place == CURSOR else ("1",):
            json.loads(filled(text, place, value))
    except ValueError as error:
        raise ValueError(
            t(
                f"không phải JSON ({error}); {CURSOR} đặt trong dấu nháy kép",
                f"is no JSON ({error}); {CURSOR} stands between quotes",
            )
        ) from error
    return text


def _prefix(text: str) -> str:
    if not re.fullmatch(r"[a-z]{2}(?:-[a-z]{2})?", text):
        raise ValueError(
            t("mã ngôn ngữ như vi, en, vi-vn", "a language code such as vi, en, vi-vn")
        )
    return text


def _site_code(text: str) -> str:
    if not SITE_CODE.fullmatch(text):
        raise ValueError(
            t(
                "mã trang chỉ gồm chữ thường không dấu, số, dấu . _ - ở giữa, ví dụ so-khcn",
                "a site's code has small ASCII letters, digits, and . _ - between them",
            )
        )
    return text


def _hours(text: str) -> str:
    try:
        read_hours(text)
    except ValueError as error:
        raise ValueError(
            t(
                f"“{text}” không phải khoảng giờ; viết như 22:00-05:00",
                f"'{text}' is no span of hours; write it like 22:00-05:00",
            )
        ) from error
    return text


Text = Annotated[str, Field(min_length=1)]
Regex = Annotated[str, AfterValidator(_regex)]
Selector = Annotated[str, AfterValidator(_selector)]
FamilyName = Annotated[str, AfterValidator(_family)]
DayFormat = Annotated[str, AfterValidator(_day_format)]
Trust = Annotated[tuple[DateSource, ...], AfterValidator(_trusted)]
SiteCode = Annotated[Text, AfterValidator(_site_code)]
BaseUrl = Annotated[str, AfterValidator(_base_url)]
Host = Annotated[Text, AfterValidator(_host)]
LanguagePrefix = Annotated[Text, AfterValidator(_prefix)]
CountedAddress = Annotated[Text, AfterValidator(_counted)]
Posted = Annotated[str, AfterValidator(_posted)]
Hours = Annotated[str, AfterValidator(_hours)]
Number = Annotated[int, Field(strict=True, ge=0)]
Positive = Annotated[int, Field(strict=True, ge=1)]
