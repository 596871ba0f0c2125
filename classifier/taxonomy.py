"""Taxonomy releases: the topics and their cues, loaded and checked from one YAML file each.

Files are edited by people who know administrative reform, not Python: every mistake in a file is
reported at once, with its line.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from enum import Enum
from importlib import resources
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, StringConstraints, ValidationError

from classifier.errors import TaxonomyError
from storage.language import t
from storage.records import HeadlineTag, Taxonomy, Topic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

CURRENT_RELEASE = "2026.1"
"""The release that new taggings are made by."""

Phrase = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
DocumentNumber = Annotated[str, StringConstraints(pattern=r"^\d{1,5}[a-c]?[-/][\w/-]+$")]
Location = tuple[int | str, ...]


class Weight(Enum):
    """How much one cue says."""

    STRONG = "strong"
    MEDIUM = "medium"
    WEAK = "weak"


class FileModel(BaseModel):
    """A part of a file that people edit: unknown keys are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


M = TypeVar("M", bound=FileModel)


class HeadlineCues(FileModel):
    """Cues that count only where they stand in the title."""

    strong: tuple[Phrase, ...] = ()
    medium: tuple[Phrase, ...] = ()
    weak: tuple[Phrase, ...] = ()


class Cues(HeadlineCues):
    """Cues that count everywhere, and their special cases."""

    company: tuple[Phrase, ...] = ()
    """Ambiguous abbreviations: strong, if another cue of the topic stands in the article."""
    headline: HeadlineCues = HeadlineCues()
    veto: tuple[Phrase, ...] = ()
    """Near misses: in the title they take away its medium and weak cues."""


class Together(FileModel):
    """Counts when one phrase of each list stands in the same sentence or title."""

    weight: Weight
    of: Annotated[tuple[tuple[Phrase, ...] | str, ...], Field(min_length=2)]
    """Lists of phrases; '@name' stands for a list of ``words``."""
    where: Annotated[Literal["headline", "anywhere"], Field(alias="in")] = "anywhere"


class Regulation(FileModel):
    """A legal document that stands for the topic."""

    number: DocumentNumber
    weight: Weight
    dated: dt.date | None = None
    """Set where another year has the same number: a text that names another day means that one."""
    valid_until: dt.date | None = None
    """First day on which it is no longer in force; it still says what a text is about."""
    replaced_by: DocumentNumber | None = None
    """The document in its place."""
    unverified: bool = False
    """Number and days were compared with no copy of the document, nor with a page that cites it."""

    @property
    def told(self) -> str:
        """Give the number as readers should see it, with what has become of it."""
        if self.valid_until is None:
            return self.number
        gone = t(f"hết hiệu lực {self.valid_until:%d/%m/%Y}", f"void from {self.valid_until}")
        new = t(f", thay bằng {self.replaced_by}", f", now {self.replaced_by}")
        return f"{self.number} ({gone}{new if self.replaced_by else ''})"


class Examples(FileModel):
    """Titles or short texts that are tested: main, and not main."""

    yes: Annotated[tuple[Phrase, ...], Field(min_length=1)]
    no: Annotated[tuple[Phrase, ...], Field(min_length=1)]


class TopicRules(FileModel):
    """One topic: what it is, and which words speak for or against it."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
    name: Phrase
    definition: str
    cues: Cues
    together: tuple[Together, ...] = ()
    numbers: tuple[Regulation, ...] = ()
    examples: Examples


class HeadlineTagRules(FileModel):
    """A tag that quotas are set on."""

    code: Phrase
    name: Phrase
    topics: Annotated[tuple[str, ...], Field(min_length=1)]


class TaxonomyFile(FileModel):
    """A whole release as its file says it."""

    release: Phrase
    effective_from: dt.date
    source: str
    headline_tags: Annotated[tuple[HeadlineTagRules, ...], Field(min_length=1)]
    words: dict[str, tuple[Phrase, ...]] = Field(default_factory=dict)
    off_subject: tuple[Phrase, ...] = ()
    """Title words that leave every topic at a mention."""
    void: tuple[Phrase, ...] = ()
    """Phrases that explain the cues inside them away."""
    topics: Annotated[tuple[TopicRules, ...], Field(min_length=1)]
    _digest: str = PrivateAttr()

    def model_post_init(self, context: Any) -> None:  # noqa: ANN401 - pydantic's signature
        """Keep the digest that the loader gives."""
        self._digest = context["digest"]

    @property
    def digest(self) -> str:
        """Give the SHA-256 of the file's text, hexadecimal."""
        return self._digest

    def record(self) -> Taxonomy:
        """Give what is stored and reported of it."""
        return Taxonomy(
            release=self.release,
            digest=self.digest,
            effective_from=self.effective_from,
            topics=tuple(
                Topic(code=topic.code, name=topic.name, definition=topic.definition)
                for topic in self.topics
            ),
            headline_tags=tuple(
                HeadlineTag(code=tag.code, name=tag.name, topics=tag.topics)
                for tag in self.headline_tags
            ),
        )

    def phrases_of(self, entry: str) -> tuple[str, ...]:
        """Give the phrases that '@name' stands for, or the phrase itself."""
        return self.words[entry[1:]] if entry.startswith("@") else (entry,)


def load_release(release: str = CURRENT_RELEASE) -> TaxonomyFile:
    """Load a release that ships with the program."""
    file = resources.files("classifier") / "taxonomy" / f"{release}.yml"
    return parse_taxonomy(file.read_text(encoding="utf-8"), name=f"{release}.yml")


def load_taxonomy(path: Path) -> TaxonomyFile:
    """Load a taxonomy file.

    Raises:
        TaxonomyError: it cannot be read, or has mistakes; all of them are listed.
    """
    return parse_taxonomy(text_of(path), name=str(path))


def text_of(path: Path) -> str:
    """Give the text of a file of topics.

    Raises:
        TaxonomyError: it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TaxonomyError(
            t(
                f"Không đọc được {path}: {error}. Kiểm tra tên tệp, lưu lại dạng UTF-8.",
                f"Cannot read {path}: {error}. Check the file's name; save it as UTF-8.",
            )
        ) from error


def parse_taxonomy(text: str, *, name: str) -> TaxonomyFile:
    """Read a taxonomy from its text; ``name`` stands in the messages.

    Raises:
        TaxonomyError: it has mistakes; all of them are listed as 'name:line: field: message'.
    """
    digest = hashlib.sha256(text.encode()).hexdigest()
    return parse_yaml(TaxonomyFile, text, name=name, context={"digest": digest})


_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's where it is there: ten times as fast."""


def parse_yaml(kind: type[M], text: str, *, name: str, context: Mapping[str, Any]) -> M:
    """Read one of our files from its text, all of its mistakes at once."""
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
        data = None if root is None else loader.construct_document(root)
    except yaml.YAMLError as error:
        raise _error(name, [(_yaml_line(error), "yaml", str(error).splitlines()[0])]) from error
    except ValueError as error:  # an impossible day such as 2026-02-30
        raise _error(name, [(1, "yaml", str(error))]) from error
    if root is None or not isinstance(data, dict):
        message = t("cần một bảng “khóa: giá trị”", "a mapping is needed")
        raise _error(name, [(1, "yaml", message)])
    problems = [*_repeated_keys(root)]
    try:
        parsed = kind.model_validate(data, context=dict(context))
    except ValidationError as error:
        found = [(e["loc"], _told(e)) for e in error.errors(include_url=False)]
    else:
        found = list(_contradictions(parsed)) if isinstance(parsed, TaxonomyFile) else []
        if not found and not problems:
            return parsed
    problems += [(_line(root, at), ".".join(map(str, at)), why) for at, why in found]
    raise _error(name, problems)


def contradictions(file: TaxonomyFile) -> list[str]:
    """Give what does not fit together in a taxonomy that was put together from several files."""
    return [f"{'.'.join(map(str, at))}: {why}" for at, why in _contradictions(file)]


def _told(error: Mapping[str, Any]) -> str:
    """Give the commonest of pydantic's complaints in the person's language."""
    if error["type"] == "missing":
        return t("còn thiếu", "is missing")
    if error["type"] == "extra_forbidden":
        return t("khóa lạ, không dùng ở đây", "unknown key")
    return str(error["msg"])


def _repeated_keys(node: yaml.Node) -> Iterator[tuple[int, str, str]]:
    """Find keys that stand twice in one mapping: YAML itself takes the last in silence."""
    if isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from _repeated_keys(child)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                message = t("khóa có hai lần", "the key stands twice")
                yield key.start_mark.line + 1, str(key.value), message
            seen.add(str(key.value))
            yield from _repeated_keys(value)


def _contradictions(file: TaxonomyFile) -> Iterator[tuple[Location, str]]:
    codes = [topic.code for topic in file.topics]
    yield from _repeated(codes, lambda i: ("topics", i, "code"))
    tags = [tag.code for tag in file.headline_tags]
    yield from _repeated(tags, lambda i: ("headline_tags", i, "code"))
    for i, tag in enumerate(file.headline_tags):
        for j, code in enumerate(tag.topics):
            if code not in codes:
                yield (
                    ("headline_tags", i, "topics", j),
                    t(f"không có chủ đề “{code}”", f"there is no topic '{code}'"),
                )
    for i, entry in enumerate(file.off_subject):
        yield from _unknown_list(file, entry, ("off_subject", i))
    for i, topic in enumerate(file.topics):
        yield from _contradictions_in(file, topic, ("topics", i))


def _contradictions_in(
    file: TaxonomyFile, topic: TopicRules, at: Location
) -> Iterator[tuple[Location, str]]:
    everywhere: Location = (*at, "cues")
    for place, cues in ((everywhere, topic.cues), ((*everywhere, "headline"), topic.cues.headline)):
        keys = [(w.value, i) for w in Weight for i in range(len(getattr(cues, w.value)))]
        phrases = [getattr(cues, weight)[i] for weight, i in keys]
        places = [(*place, *key) for key in keys]
        yield from _repeated(phrases, places.__getitem__)
    for i, together in enumerate(topic.together):
        for j, entry in enumerate(together.of):
            if isinstance(entry, str):
                yield from _unknown_list(file, entry, (*at, "together", i, "of", j))


def _repeated(
    values: Sequence[str], place: Callable[[int], Location]
) -> Iterator[tuple[Location, str]]:
    seen: set[str] = set()
    for i, value in enumerate(values):
        if value.casefold() in seen:
            yield place(i), t(f"“{value}” có hai lần", f"'{value}' stands twice")
        seen.add(value.casefold())


def _unknown_list(file: TaxonomyFile, entry: str, at: Location) -> Iterator[tuple[Location, str]]:
    if entry.startswith("@") and entry[1:] not in file.words:
        yield at, t(f"không có danh sách “{entry[1:]}”", f"there is no list '{entry[1:]}'")


def _line(root: yaml.Node, at: Location) -> int:
    """Give the line of the value at that place, or of the nearest one around it."""
    node = root
    for step in at:
        following = _child(node, step)
        if following is None:
            break
        node = following
    return int(node.start_mark.line) + 1


def _child(node: yaml.Node, step: int | str) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        return node.value[step] if step < len(node.value) else None
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    return None


def _yaml_line(error: yaml.YAMLError) -> int:
    mark = getattr(error, "problem_mark", None)
    return mark.line + 1 if mark else 1


def _error(name: str, problems: list[tuple[int, str, str]]) -> TaxonomyError:
    return TaxonomyError(
        t(f"Bộ chủ đề {name} có {len(problems)} lỗi:", f"{name} has {len(problems)} mistakes:"),
        tuple(f"{name}:{line}: {field}: {why}" for line, field, why in sorted(problems)),
    )
