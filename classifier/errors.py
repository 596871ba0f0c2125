"""Errors of the classifier that a person should hear of."""

from __future__ import annotations

from storage.errors import InputError


class TaxonomyError(InputError):
    """A taxonomy file is wrong; each problem names file, line and field."""
