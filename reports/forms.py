"""Tin and bài told apart: how many posts the lines of each form have, at least and at most. Pure.

A post between the two lengths, or of unknown length, is one of the two, and nobody knows which. So
it is in the upper bound of both forms and in the lower bound of neither; what is asked of both
together shows that it cannot fill two lines (``lacking``). What can only be used for a line of its
form goes there first: lines on tin or bài alike ('tin, bài') have what those do not ask for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage.records import OutputForm, PostForm

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, kw_only=True, slots=True)
class Posts:
    """The posts that the lines share."""

    news: int
    articles: int
    doubtful: int
    """Of one of the two forms."""

    @classmethod
    def of(cls, forms: Sequence[PostForm | None]) -> Posts:
        """Count the forms of posts; None is not known."""
        news, articles = forms.count(PostForm.NEWS), forms.count(PostForm.ARTICLE)
        return cls(news=news, articles=articles, doubtful=len(forms) - news - articles)


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What the lines on one form alone ask for, in sum; a line without a number asks for none."""

    news: int
    articles: int


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many posts the lines of a form have, whichever form the doubtful ones are of."""

    at_least: int
    at_most: int


def bounds(form: OutputForm, posts: Posts, asked: Asked) -> Bounds:
    """Give the bounds for the lines of a form; both are reached by some doubtful posts' forms.

    >>> posts = Posts(news=3, articles=1, doubtful=2)
    >>> bounds(OutputForm.NEWS, posts, Asked(news=4, articles=2))
    Bounds(at_least=3, at_most=5)
    """
    if form is OutputForm.NEWS:
        return Bounds(posts.news, posts.news + posts.doubtful)
    if form is OutputForm.ARTICLE:
        return Bounds(posts.articles, posts.articles + posts.doubtful)
    left = [_left(as_news, posts, asked) for as_news in _turning_points(posts, asked)]
    return Bounds(min(left), max(left))


def lacking(posts: Posts, asked: Asked) -> int:
    """Give how many posts the lines of the two forms lack together, at least."""
    missing = max(0, asked.news - posts.news) + max(0, asked.articles - posts.articles)
    return max(0, missing - posts.doubtful)


def _left(as_news: int, posts: Posts, asked: Asked) -> int:
    """Give what no line on one form asks for when so many of the doubtful posts are tin."""
    news = posts.news + as_news - asked.news
    articles = posts.articles + posts.doubtful - as_news - asked.articles
    return max(0, news) + max(0, articles)


def _turning_points(posts: Posts, asked: Asked) -> set[int]:
    """Give where ``_left`` can be smallest or largest: its ends, and where a form has enough."""
    enough = asked.news - posts.news, posts.articles + posts.doubtful - asked.articles
    return {0, posts.doubtful, *(min(max(0, point), posts.doubtful) for point in enough)}
