"""Errors of the classifier that a person should hear of."""

from __future__ import annotations

from storage.errors import InputError


class TaxonomyError(InputError):
    """A taxonomy file is wrong; each problem names file, line and field."""


class ModelError(InputError):
    """A model file is damaged, foreign, or does not fit the taxonomy."""


class DatasetError(InputError):
    """A file of labelled articles is wrong; each problem names file and line."""


class GateError(InputError):
    """A trained model is worse than what is allowed, or cannot be compared; it is not installed."""


class TextsError(InputError):
    """A file of texts to tag cannot be read, or its verdicts cannot be written."""
