"""What the official report says: lower bounds as such, nobody accused by what is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.render import prose
from reports.render.lookup import Lookup
from storage.records import (
    Counted,
    CoverageState,
    Exclusion,
    Finding,
    FindingKind,
    Letterhead,
    LineStatus,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.records import LineArticle, Report, ReportLine

    Line = Callable[..., ReportLine]

COMPLETE, PARTIAL, NONE = CoverageState.COMPLETE, CoverageState.PARTIAL, CoverageState.NONE


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (
            {"counted": Counted(11, COMPLETE), "planned": 12, "claimed": 16,
             "status": LineStatus.SHORT},
            ("TTHC: chỉ tiêu 12; xác minh được 11 tin, bài, bằng 91,7 % kế hoạch; chưa đạt chỉ "
            "tiêu, còn thiếu 1 tin, bài; đơn vị tự báo cáo 16, nhiều hơn số xác minh 5."),
        ),
        (
            {"counted": Counted(8, PARTIAL), "planned": 10, "claimed": 12,
             "status": LineStatus.NOT_VERIFIABLE},
            ("TTHC: chỉ tiêu 10; xác minh được ít nhất 8 tin, bài, bằng ít nhất 80 % kế hoạch; "
            "chưa đủ căn cứ kết luận đạt hay chưa đạt; đơn vị tự báo cáo 12, chưa đủ căn cứ đối "
            "chiếu."),
        ),
        (
            {"counted": Counted(0, NONE), "planned": 10, "claimed": 12,
             "status": LineStatus.NOT_VERIFIABLE},
            ("TTHC: chỉ tiêu 10; không xác minh được; chưa đủ căn cứ kết luận đạt hay chưa đạt; "
            "đơn vị tự báo cáo 12, chưa đủ căn cứ đối chiếu."),
        ),
        (
            {"counted": Counted(9, PARTIAL), "planned": 6, "claimed": 7,
             "status": LineStatus.REACHED},
            ("TTHC: chỉ tiêu 6; xác minh được ít nhất 9 tin, bài, bằng ít nhất 150 % kế hoạch; đạt "
            "chỉ tiêu; đơn vị tự báo cáo 7, ít hơn số xác minh ít nhất 2."),
        ),
        (
            {"counted": Counted(4, COMPLETE), "planned": 0, "claimed": 4, "reposts": 1,
             "status": LineStatus.NO_QUOTA},
            ("TTHC: không giao chỉ tiêu; xác minh được 4 tin, bài (trong đó 1 bài đăng lại từ "
            "đơn vị khác); đơn vị tự báo cáo 4, khớp số xác minh."),
        ),
        (
            {"counted": Counted(4, PARTIAL), "planned": None, "claimed": 4,
             "status": LineStatus.NO_QUOTA},
            ("TTHC: không giao chỉ tiêu; xác minh được ít nhất 4 tin, bài; đơn vị tự báo cáo 4, "
            "bằng số thấy được đến nay."),
        ),
    ],
)  # fmt: skip
def test_a_line_in_one_sentence(rendered_line: Line, values: dict[str, object], said: str) -> None:
    assert list(prose.of_unit([rendered_line(**values)])) == [said]


@settings(deadline=None)
@given(data=st.data())
def test_nobody_falls_short_or_claims_too_much_by_what_was_not_seen(
    any_report: st.SearchStrategy[Report], data: st.DataObject
) -> None:
    for line in data.draw(any_report).lines:
        (said,) = prose.of_unit([line])
        if not line.counted.is_exact:
            assert "còn thiếu" not in said
            assert "nhiều hơn số xác minh" not in said
            assert f"xác minh được {line.counted.posts} tin" not in said


def test_the_general_result_sums_up_by_tag_and_by_items(
    rendered_report: Callable[..., Report], rendered_line: Line
) -> None:
    lines = (
        rendered_line(),
        rendered_line(unit="b", counted=Counted(3, PARTIAL), status=LineStatus.NOT_VERIFIABLE),
        rendered_line(unit="c", planned=None, claimed=None, status=LineStatus.NO_QUOTA),
    )
    first, items = prose.general(rendered_report(lines=lines, tags=("TTHC",)))
    assert first == (
        "TTHC: 2/3 đơn vị được giao chỉ tiêu, tổng cộng 8 tin, bài; xác minh được ít nhất 5 tin, "
        "bài, bằng ít nhất 62,5 % kế hoạch. Chưa đơn vị nào đạt chỉ tiêu, 1 đơn vị chưa đạt, 1 đơn "
        "vị chưa đủ căn cứ kết luận. Tính cả đơn vị không giao chỉ tiêu: xác minh được ít nhất 7 "
        "tin, bài. 2 đơn vị tự báo cáo 10 tin, bài; cũng của các đơn vị này, xác minh được ít nhất "
        "5 tin, bài."
    )
    assert items.endswith("hoàn thành ít nhất 0/2 chỉ tiêu, bằng ít nhất 0 %.")


def test_without_any_quota_there_is_no_percentage(
    rendered_report: Callable[..., Report], rendered_line: Line
) -> None:
    line = rendered_line(planned=None, claimed=None, status=LineStatus.NO_QUOTA)
    said = list(prose.general(rendered_report(lines=(line,), tags=("TTHC",))))
    assert said[-1] == "Không đơn vị nào được giao chỉ tiêu bằng số."
    assert not any("%" in sentence for sentence in said)


def _finding(kind: FindingKind, **values: object) -> Finding:
    given: dict[str, object] = {
        "unit": "ST-DONG", "tag": "TTHC", "expected": "5", "observed": "2",
        "explanation": "Đề nghị rà soát.",
    }  # fmt: skip
    return Finding(kind=kind, **{**given, **values})  # type: ignore[arg-type]


def test_numbers_held_against_each_other_are_said_together_by_unit(
    rendered_report: Callable[..., Report],
) -> None:
    lookup = Lookup.of(rendered_report())
    findings = [
        _finding(FindingKind.SHORTFALL),
        _finding(FindingKind.SHORTFALL, tag="CPĐT", expected="3", observed="1"),
        _finding(FindingKind.OVERCLAIM, unit="ST-TAY", claim_cell="S!D2"),
    ]
    assert all(map(prose.compares_numbers, findings))
    assert list(prose.compared(findings, lookup)) == [
        "UBND xã Đông Trầm: TTHC chỉ tiêu 5, xác minh 2; CPĐT chỉ tiêu 3, xác minh 1.",
        "UBND xã Tây Trầm: TTHC tự báo cáo 5 (ô S!D2), xác minh 2.",
    ]


def test_a_finding_about_an_article_names_unit_article_and_cell(
    rendered_report: Callable[..., Report],
) -> None:
    lookup = Lookup.of(rendered_report())
    finding = _finding(FindingKind.CLAIM_OFF_TOPIC, article_id=1, claim_cell="S!F2")
    assert not prose.compares_numbers(finding)
    assert prose.finding_sentence(finding, lookup) == (
        "UBND xã Đông Trầm (TTHC), bài “Bài số 1 về thủ tục hành chính” (mã bài 1): Đề nghị rà "
        "soát. (Ô S!F2 trong báo cáo của đơn vị.)"
    )


def test_every_kind_of_finding_has_a_possible_cause() -> None:
    assert set(prose.CAUSES) == set(FindingKind)


def test_proposals_follow_from_the_findings_only(
    rendered_report: Callable[..., Report],
    rendered_line: Line,
    rendered_article: Callable[..., LineArticle],
) -> None:
    reached = rendered_line(status=LineStatus.REACHED, counted=Counted(4, COMPLETE))
    nothing = rendered_report(lines=(reached,), findings=(), unowned=())
    assert list(prose.proposals(nothing)) == []
    orphan = rendered_article(9, bucket=Exclusion.NOT_OWNED)
    asked = list(
        prose.proposals(
            rendered_report(
                lines=(rendered_line(),),
                findings=(
                    _finding(FindingKind.OVERCLAIM),
                    _finding(FindingKind.BACKDATED),
                    _finding(FindingKind.NOT_VERIFIABLE),
                    _finding(FindingKind.UNCLAIMED),
                ),
                unowned=(orphan,),
            )
        )
    )
    assert len(asked) == 6
    assert asked[0].endswith("gồm: UBND xã Đông Trầm (TTHC: 2).")


@pytest.mark.parametrize(
    ("letterhead", "kept"),
    [
        (Letterhead(), ("- Các đơn vị được kiểm tra;", "- Lưu: VT.")),
        (
            Letterhead(addressees=("Sở",), recipients=("UBND xã",), drafter="PNV"),
            ("- Như trên;", "- UBND xã;", "- Lưu: VT, PNV."),
        ),
    ],
)
def test_recipients_end_with_the_copy_that_is_kept(
    rendered_report: Callable[..., Report], letterhead: Letterhead, kept: tuple[str, ...]
) -> None:
    assert prose.recipients(rendered_report(letterhead=letterhead)) == kept


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Quý III/2022 theo kỳ báo cáo (từ 15/6/2022 đến hết 14/9/2022)", "quý III/2022"),
        ("Năm 2022 theo dương lịch (từ 01/01/2022 đến hết 31/12/2022)", "năm 2022"),
        ("Từ 01/01/2022 đến hết 10/10/2022", "từ 01/01/2022 đến hết 10/10/2022"),
    ],
)
def test_the_subject_names_the_period_shortly(
    rendered_report: Callable[..., Report], name: str, short: str
) -> None:
    assert prose.subject(rendered_report(period_name=name)).endswith(short)
