"""Does a post say itself that it was taken over?"""

from __future__ import annotations

import pytest

from reports.origin import names_another_source

NAMES = ("UBND xã Hà Bình", "Thị trấn Vân Khê")


@pytest.mark.parametrize(
    "line",
    [
        "Nguồn: Báo Quảng Trị",
        "(Nguồn tin: Cổng thông tin điện tử tỉnh)",
        "Theo TTXVN",
        "Theo Báo Chính phủ",
        "Nguồn: UBND xã Khe Đông",
        "Sưu tầm",
        "Trích nguồn: quangtri.gov.vn",
    ],
)
def test_a_line_that_names_somebody_else_says_so(line: str) -> None:
    assert names_another_source(line, NAMES)


@pytest.mark.parametrize(
    "line",
    [
        None,
        "",
        "Nguồn:",
        "Nguồn: BBT",
        "Nguồn: Ban Biên tập",
        "Nguồn: UBND xã Hà Bình",
        "Nguồn: BBT xã HÀ BÌNH",
        "Nguồn: Trang thông tin điện tử thị trấn Vân Khê",
        "Nguồn: TT. Vân Khê",
        "Nguồn ảnh: Báo Quảng Trị",
        "Theo UBND xã Hà Bình",
    ],
)
def test_the_units_own_name_a_picture_or_nothing_says_nothing(line: str | None) -> None:
    assert not names_another_source(line, NAMES)
