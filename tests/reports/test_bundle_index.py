"""The indexes of a bundle are what WACZ 1.1.1 and its readers want."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re

import pytest

from reports.bundle_index import (
    Resource,
    cdxj,
    index_piece,
    package,
    package_digest,
    pages,
    sums,
    surt,
)
from storage import warc
from storage.records import ArchivedBody, CapturePurpose
from storage.warc import Exchange

AT = dt.datetime(2022, 9, 1, 16, 0, 5, 123456, tzinfo=dt.UTC)
ASKED = Exchange(
    url="http://xa-a.test:8080/Bài?b=2&a=1",
    purpose=CapturePurpose.ARTICLE,
    captured_at=AT,
    request_method="GET",
    request_headers=((b"Host", b"xa-a.test"),),
    protocol="HTTP/1.1",
    status=200,
    reason="OK",
    response_headers=((b"Content-Type", b"text/html; charset=utf-8"),),
    body=b"<p>x</p>",
)


@pytest.mark.parametrize(
    ("url", "key"),
    # What the Internet Archive's own library gives for them.
    [
        ("http://xa.gov.vn", "vn,gov,xa)/"),
        ("https://www2.Xa.gov.vn:443/a/b/?", "vn,gov,xa)/a/b"),
        ("http://127.0.0.1:8080/tin/bai-1.html", "1,0,0,127:8080)/tin/bai-1.html"),
        ("http://xa.gov.vn:8080/a?x=1", "vn,gov,xa:8080)/a?x=1"),
        ("https://xa.gov.vn/Tin.aspx?ItemID=7&A=b", "vn,gov,xa)/tin.aspx?a=b&itemid=7"),
        ("http://xa.gov.vn/B%C3%A0i", "vn,gov,xa)/b%c3%a0i"),
        ("http://xa.gov.vn/Bài", "vn,gov,xa)/b%c3%a0i"),
        ("http://[xa", "http://[xa"),
    ],
)  # fmt: skip
def test_addresses_sort_as_archives_sort_them(url: str, key: str) -> None:
    assert surt(url) == key


def test_an_index_line_opens_the_record_without_reading_the_rest() -> None:
    head = warc.warcinfo_record("x.warc.gz", AT, {"software": "test"})
    response = warc.response_record(ASKED, "urn:uuid:1", None)
    piece = head + response + warc.request_record(ASKED, "urn:uuid:1")
    (found,) = index_piece(piece, offset=1000, filename="x.warc.gz")
    assert (found.offset, found.size) == (1000 + len(head), len(response))
    key, stamp, data = cdxj([found]).decode().strip().split(" ", 2)
    assert (key, stamp) == ("test,xa-a:8080)/b%c3%a0i?a=1&b=2", "20220901160005")
    assert json.loads(data) == {
        "url": ASKED.url,
        "mime": "text/html",
        "status": "200",
        "digest": found.digest,
        "length": str(len(response)),
        "offset": str(1000 + len(head)),
        "filename": "x.warc.gz",
    }
    assert found.digest.startswith("sha256:")


def test_a_body_that_came_before_is_indexed_as_a_revisit() -> None:
    before = ArchivedBody(
        sha256=hashlib.sha256(ASKED.body).hexdigest(), captured_at=AT, url=ASKED.url
    )
    piece = warc.response_record(ASKED, "urn:uuid:2", before)
    (found,) = index_piece(piece, offset=0, filename="x.warc.gz")
    assert found.mime == "warc/revisit"


def test_a_package_names_every_file_once_and_its_digest_is_that_of_its_bytes() -> None:
    resources = [
        Resource("archive/xa-20220901T000000Z.warc.gz", "a" * 64, 1),
        Resource("giay-xac-nhan/ĐV 1.txt", "b" * 64, 2),
        Resource("giay-xac-nhan/ĐV+1.txt", "c" * 64, 3),
    ]
    data = package(resources, title="T", about="A", made_at=AT, software="tinbai 1")
    found = json.loads(data)
    assert found["wacz_version"] == "1.1.1"
    assert found["profile"] == "data-package"
    assert found["created"] == "2022-09-01T16:00:05Z"
    names = [one["name"] for one in found["resources"]]
    assert len(set(names)) == 3
    assert all(re.fullmatch(r"[-a-z0-9._/]+", name) for name in names)  # Data Package 1.0
    assert found["resources"][1] == {
        "name": names[1],
        "path": "giay-xac-nhan/ĐV 1.txt",
        "hash": "sha256:" + "b" * 64,
        "bytes": 2,
    }
    digest = json.loads(package_digest(data))
    assert digest["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
    assert sums(resources).decode().splitlines()[0] == "a" * 64 + f"  {resources[0].path}"


def test_the_list_of_pages_begins_with_what_it_is() -> None:
    head, page = map(json.loads, pages("Gói", [(7, ASKED.url, AT, "Bài")]).splitlines())
    assert head == {"format": "json-pages-1.0", "id": "pages", "title": "Gói"}
    assert page == {"id": "7", "url": ASKED.url, "ts": "2022-09-01T16:00:05Z", "title": "Bài"}
