from __future__ import annotations

import datetime as dt

from demo.answer import backdated, golden, judged_claims
from demo.content import TOPICS, posts

AT_LEAST = False


def test_the_known_answer_is_what_was_agreed() -> None:
    found = {
        key: (cell.counted, cell.reposts, cell.is_exact, cell.status)
        for key, cell in golden().items()
    }
    assert found == {
        ("VK-TT", "CCHC"): (11, 1, True, "short"),
        ("VK-TT", "TTHC"): (5, 1, True, "reached"),
        ("VK-TT", "CPĐT"): (4, 1, True, "reached"),
        ("VK-TL", "CCHC"): (11, 0, True, "short"),
        ("VK-TL", "TTHC"): (3, 0, True, "short"),
        ("VK-TL", "CPĐT"): (3, 0, True, "reached"),
        ("VK-HB", "CCHC"): (8, 1, AT_LEAST, "not_verifiable"),
        ("VK-HB", "TTHC"): (4, 1, AT_LEAST, "reached"),
        ("VK-HB", "CPĐT"): (4, 1, True, "no_quota"),
        ("VK-DM", "CCHC"): (7, 0, AT_LEAST, "not_verifiable"),
        ("VK-DM", "TTHC"): (2, 0, AT_LEAST, "not_verifiable"),
        ("VK-DM", "CPĐT"): (2, 0, AT_LEAST, "reached"),
        ("VK-KD", "CCHC"): (6, 0, True, "reached"),
        ("VK-KD", "TTHC"): (1, 0, True, "short"),
        ("VK-KD", "CPĐT"): (1, 0, True, "reached"),
        ("VK-KT", "CCHC"): (5, 0, True, "reached"),
        ("VK-KT", "TTHC"): (1, 0, True, "short"),
        ("VK-KT", "CPĐT"): (1, 0, True, "reached"),
        ("VK-KS", "CCHC"): (5, 1, True, "short"),
        ("VK-KS", "TTHC"): (2, 1, True, "short"),
        ("VK-KS", "CPĐT"): (2, 1, True, "reached"),
        ("VK-VHTT", "CCHC"): (11, 0, True, "reached"),
        ("VK-VHTT", "TTHC"): (4, 0, True, "reached"),
        ("VK-VHTT", "CPĐT"): (2, 0, True, "reached"),
    }


def test_while_the_centre_is_down_its_counts_are_lower_bounds() -> None:
    cells = golden(as_of=dt.datetime(2022, 10, 1, 8))  # noqa: DTZ001 - local, as the demo counts
    assert not cells["VK-VHTT", "CCHC"].is_exact
    assert cells["VK-VHTT", "CCHC"].counted == 10
    assert cells["VK-KT", "CCHC"].is_exact


def test_one_post_is_backdated() -> None:
    assert backdated() == [208]


def test_the_list_of_claims_holds_each_kind_once() -> None:
    verdicts = [verdict for _, _, verdict in judged_claims()]
    wrong = sorted(verdict for verdict in verdicts if verdict != "confirmed")
    assert wrong == [
        "claim_duplicated",
        "claim_not_found",
        "claim_off_topic",
        "claim_other_unit",
        "claim_out_of_period",
    ]
    assert verdicts.count("confirmed") == 15


def test_every_topic_occurs_as_a_subject() -> None:
    assert {topic for post in posts().values() for topic in post.main} == set(TOPICS)


def test_every_post_is_a_text_of_its_own() -> None:
    own = [post for post in posts().values() if not post.same_as and not post.repost_of]
    paragraphs = [paragraph for post in own for paragraph in post.body]
    assert len(set(paragraphs)) == len(paragraphs)
    assert len({post.title for post in own}) == len(own)
