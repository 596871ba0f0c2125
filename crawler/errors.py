"""What can go wrong while a site is read: one class for each reaction."""

from __future__ import annotations

from storage.errors import InputError, TinbaiError


class ProfileError(InputError):
    """A site profile is wrong. Every problem reads ``file:line: field: message``."""


class NotAnArticle(TinbaiError):  # noqa: N818 - a fate of a page, not a fault of ours
    """A real page, but no article: a list, a form, a gallery. The message is the reason."""


class LayoutChanged(TinbaiError):  # noqa: N818 - a fate of a page, not a fault of ours
    """An article whose parts are not where its family has them. The message is the reason."""


class UnreadableList(TinbaiError):  # noqa: N818 - a fate of an answer, not a fault of ours
    """An answer that is no feed or sitemap, or none that is safe to parse."""
