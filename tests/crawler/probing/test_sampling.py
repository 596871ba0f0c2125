"""Articles that a probe opens: every list without days gets some, to decide whether it is news."""

# ruff: noqa: ANN401 - websites are fixtures of conftest

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.probing.probe import probe

if TYPE_CHECKING:
    from collections.abc import Callable

    from crawler.probing.fetching import Visit

SECTIONS = [
    *("Tin tức", "Kinh tế", "Văn hóa", "Xã hội", "Y tế", "Thanh niên", "Phụ nữ", "Du lịch"),
]
TEXT = "Ủy ban nhân dân xã tổ chức hội nghị và thông báo đến toàn thể nhân dân được biết. " * 4


def publish(website: Any, path: str, body: str) -> None:
    menu = "".join(f'<a href="/muc-{n}/">{name}</a>' for n, name in enumerate(SECTIONS))
    website.page(path, f"<!doctype html><html><body><nav>{menu}</nav>{body}</body></html>")


def publish_all(website: Any) -> None:
    """Publish sections whose lists print no day; their articles do."""
    publish(website, "/", "<p>Chào mừng</p>")
    for n in range(len(SECTIONS)):
        titles = [f"Hội nghị triển khai nhiệm vụ số {n} lần {k} của xã" for k in range(4)]
        links = [f'<li><a href="/muc-{n}/bai-{k}/">{title}</a>' for k, title in enumerate(titles)]
        publish(website, f"/muc-{n}/", f"<main><h1>Mục</h1><ul>{''.join(links)}</ul></main>")
        for k, title in enumerate(titles):
            day = f'<p class="ngay">{14 + k}/0{n + 1}/2022</p>'
            article = f"<main><h1>{title}</h1>{day}<p>{TEXT}</p></main>"
            publish(website, f"/muc-{n}/bai-{k}/", article)


def test_every_list_without_days_is_decided_by_its_own_articles(
    start_website: Callable[[], Any], visit: Callable[..., Visit]
) -> None:
    website = start_website()
    publish_all(website)
    found = probe(visit(website.url, requests=120), website.url)
    assert [one.section.name for one in found.channels] == SECTIONS
    assert found.questions == ()


def test_lists_for_whose_articles_no_request_was_left_are_asked_for(
    start_website: Callable[[], Any], visit: Callable[..., Visit]
) -> None:
    website = start_website()
    publish_all(website)
    found = probe(visit(website.url, requests=24), website.url)
    taken = [one.section.name for one in found.channels]
    asked = [one.text.vi for one in found.questions if one.field == "sections"]
    assert found.requests <= 24
    assert 0 < len(taken) < len(SECTIONS)
    assert all(name in taken or any(name in text for text in asked) for name in SECTIONS)
