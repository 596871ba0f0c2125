"""Options that several commands of reports take."""

from __future__ import annotations

from typing import Annotated

import typer

from storage.language import t

PERIOD = typer.Option(
    "--period",
    "-p",
    help=t(
        "Kỳ: 2022-09, 2022-Q3, 2022-H1, 2022-9M, 2022 (dương lịch); BC-2022-Q3 (kỳ báo cáo từ ngày "
        "15 đến ngày 14); 2022-01-01..2022-10-10 (kể cả ngày đầu và ngày cuối).",
        "Period: 2022-09, 2022-Q3, 2022-H1, 2022-9M, 2022 (calendar); BC-2022-Q3 (reporting "
        "window, 15th to 14th); 2022-01-01..2022-10-10 (both days included).",
    ),
)

AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        help=t(
            "Chỉ dùng những gì đã biết đến lúc này: ngày (hết ngày) hoặc ngày giờ kèm múi giờ.",
            "Use only what was known by then: a day (its end) or an instant with its zone.",
        ),
    ),
]

RuleOption = Annotated[
    str | None,
    typer.Option(
        "--rule",
        help=t(
            "Quy tắc đếm, theo tên trong quy-tac.yml (xem: reports rules).",
            "Counting rule, by its name in quy-tac.yml (see: reports rules).",
        ),
    ),
]
