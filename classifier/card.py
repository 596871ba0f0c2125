"""Model cards: what a model was trained on, how good it is, and the floors that it must keep."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import yaml

from classifier.decide import MAIN_FROM
from classifier.errors import ModelError
from classifier.gate import Quality
from classifier.linear import COST
from classifier.training import ASKED_SHARE, PARTS
from storage.language import t

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from classifier.model import Model

_HEAD: Final = """\
# Thẻ mô hình, do “tinbai model train” ghi. Không sửa tay: cổng kiểm tra đọc mục floors.
# Model card, written by 'tinbai model train'. Not edited by hand: the gate reads its floors.
"""
_LIMITS: Final = [
    "Học từ báo điện tử, cổng thông tin và trang huyện, sở bằng tiếng Việt; ngôn ngữ khác: none.",
    "Nhãn do hai người đọc cùng một bản quy tắc gán; người khác có thể nghĩ khác.",
    "the_che, tai_chinh_cong, chi_so có rất ít bài thật: xác suất của chúng chỉ để tham khảo.",
    "Cặp từ chỉ đọc ở tiêu đề và 300 chữ cái đầu; phần còn lại: từng tiếng và quy tắc đếm.",
]


@dataclass(frozen=True, slots=True)
class Card:
    """The parts of a card that are read again."""

    digest: str
    """SHA-256 of the model's file."""
    floors: Quality
    quality: Quality
    """As measured when it was trained; never below the floors."""


def write_card(
    folder: Path,
    model: Model,
    digest: str,
    quality: Quality,
    taught: Mapping[str, object],
    *,
    floors: Quality | None,
) -> Path:
    """Write the card of a model; without ``floors`` its own quality becomes them."""
    data = {
        "model": model.name,
        "taxonomy": model.taxonomy_release,
        "sha256": digest,
        "features": len(model.weights),
        "data": dict(taught),
        "training": {
            "method": "linear SVMs (dual coordinate descent), logistic on their margins",
            "cost": COST,
            "folds": PARTS,
            "asked_share": ASKED_SHARE,
        },
        "thresholds": {"main_from": MAIN_FROM, "risk_limit": model.risk_limit},
        "quality": dataclasses.asdict(quality),
        "floors": dataclasses.asdict(floors or quality),
        "limits": _LIMITS,
    }
    path = card_path(folder, model.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=100)
    path.write_text(_HEAD + text, encoding="utf-8")
    return path


def read_card(folder: Path, name: str) -> Card | None:
    """Read a model's card; None: it has none.

    Raises:
        ModelError: it is damaged.
    """
    path = card_path(folder, name)
    if not path.exists():
        return None
    try:
        data: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        floors, quality = Quality(**data["floors"]), Quality(**data["quality"])
        return Card(str(data["sha256"]), floors, quality)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError) as error:
        raise ModelError(
            t(f"Thẻ mô hình {path} hỏng: {error}", f"The model card {path} is damaged: {error}")
        ) from error


def card_path(folder: Path, name: str) -> Path:
    """Give where a model's card stands."""
    return folder / "cards" / f"{name}.yml"
