"""What ships with the program and is in force: taxonomy, model, and the tagger made of them."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from classifier.errors import ModelError
from classifier.model_file import read_model, write_model
from classifier.tagger import CombinedTagger
from classifier.taxonomy import load_release
from storage.language import t

if TYPE_CHECKING:
    from classifier.model import Model
    from classifier.taxonomy import TaxonomyFile

CURRENT_MODEL: Final = "2026.2"
"""The model that new taggings are made with."""


def package_folder() -> Path:
    """Give the folder of this package: an application, installed as plain files."""
    return Path(__file__).parent


def model_path(folder: Path, name: str) -> Path:
    """Give where a model's file stands."""
    return folder / "models" / f"{name}.jsonl"


def install_model(folder: Path, model: Model) -> Path:
    """Write a model's file, whole or not at all; give its path."""
    path = model_path(folder, model.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(write_model(model))
    return part.replace(path)


def digest_of(path: Path) -> str:
    """Give the SHA-256 of a file, hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def load_model(path: Path | None = None) -> Model:
    """Load a model file; without a path the one that ships.

    Raises:
        ModelError: it cannot be read, is damaged, or is no model of this program.
    """
    file = path or model_path(package_folder(), CURRENT_MODEL)
    try:
        data = file.read_bytes()
    except OSError as error:
        raise ModelError(
            t(f"Không đọc được mô hình {file}: {error}", f"Cannot read the model {file}: {error}")
        ) from error
    return read_model(data, name=file.name)


def load_tagger(taxonomy: TaxonomyFile | None = None, model: Model | None = None) -> CombinedTagger:
    """Join taxonomy and model; without them those that ship.

    Raises:
        ModelError: the model cannot be read, or does not fit the taxonomy.
        TaxonomyError: the taxonomy that ships cannot be read.
    """
    return CombinedTagger(taxonomy or load_release(), model or load_model())
