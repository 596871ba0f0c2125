"""What a site's owner should be told."""

from __future__ import annotations

import pytest

from crawler import advice
from storage.folding import strip_accents
from storage.records import Disposition

NO_ADVICE_NEEDED = {
    Disposition.STORED,
    Disposition.UNCHANGED,
    Disposition.LISTED,
    Disposition.SUPPORT,
    Disposition.REDIRECTED,
    Disposition.INTERRUPTED,
}


@pytest.mark.parametrize("fate", Disposition)
def test_every_fate_that_is_the_site_s_affair_has_a_sentence(fate: Disposition) -> None:
    for reason in (None, "", "status 418", "anything"):
        assert (advice.of(fate, reason) is None) == (fate in NO_ADVICE_NEEDED)


@pytest.mark.parametrize(
    ("fate", "reason", "words"),
    [
        (Disposition.NETWORK_ERROR, "TLS: certificate verify failed", "tls: accept_broken"),
        (Disposition.NETWORK_ERROR, "unknown host", "DNS"),
        (Disposition.NETWORK_ERROR, "private address: 10.0.0.1", "allow_private: true"),
        (Disposition.NETWORK_ERROR, "timeout", "không trả lời kịp"),
        (Disposition.HTTP_ERROR, "status 404", "301"),
        (Disposition.HTTP_ERROR, "error text: khong tim thay trang", "301"),
        (Disposition.HTTP_ERROR, "status 500", "nhật ký lỗi"),
        (Disposition.BLOCKED, "captcha, status 403", "người máy"),
        (Disposition.BLOCKED, "login", "đăng nhập"),
        (Disposition.ROBOTS_DENIED, "robots.txt: status 500", "obey_unless_broken"),
        (Disposition.ROBOTS_DENIED, "robots.txt: timeout", "không trả lời khi hỏi robots.txt"),
        (Disposition.ROBOTS_DENIED, "not asked", "robots.txt cấm"),
        (Disposition.OFF_SITE, "to http://vidu.example/", "hosts"),
    ],
)
def test_the_sentence_names_what_to_do(fate: Disposition, reason: str, words: str) -> None:
    said = advice.of(fate, reason)
    assert said is not None
    assert words in said.vi


def test_every_sentence_is_vietnamese_and_ends() -> None:
    for fate in Disposition:
        said = advice.of(fate, "anything")
        if said is not None:
            assert said.vi.endswith(".")
            assert strip_accents(said.vi) != said.vi.lower()
            assert said.en.endswith(".")


def test_a_list_that_is_not_there_is_no_removed_article() -> None:
    of_list = advice.of(Disposition.HTTP_ERROR, "status 404", of_list=True)
    assert of_list is not None
    assert "hồ sơ trang" in of_list.vi
    assert advice.of(Disposition.HTTP_ERROR, "status 500", of_list=True) == advice.of(
        Disposition.HTTP_ERROR, "status 500"
    )
