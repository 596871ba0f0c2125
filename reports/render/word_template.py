"""An office's own Word template, filled with a report (docxtpl, an extra).

A template may show values, repeat rows and paragraphs, and choose between them; it can call
nothing, reckon nothing and reach nothing but the names in ``placeholders``. It is tried on an
example when it is read, so that a wrong one is refused before a report is made.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from html import unescape
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import RGBColor
from jinja2 import ChainableUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree
from rapidfuzz import process

from reports.importers.packages import DAMAGE, check_package, damaged
from reports.office_package import settle, xml_text
from reports.render.placeholders import example, values
from storage.errors import InputError
from storage.language import t

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from reports.render.placeholders import Value
    from storage.records import Report

_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr,
    nodes.Getitem, nodes.For, nodes.If, nodes.Assign, nodes.Filter, nodes.Keyword, nodes.Test,
    nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand, nodes.Concat, nodes.CondExpr,
    nodes.List, nodes.Tuple,
)  # fmt: skip
_FILTERS = frozenset(
    {
        "count", "d", "default", "first", "groupby", "join", "last", "length", "list", "lower",
        "reject", "rejectattr", "replace", "reverse", "select", "selectattr", "trim", "unique",
        "upper",
    }
)  # fmt: skip
"""None that reckons, formats at will, marks text as markup, or reaches into objects."""
_LIKE_ENOUGH = 70
_SHOWN = 60
"""Characters of the template's own text in a message."""


@dataclass(frozen=True, slots=True)
class WordTemplate:
    """A template that was tried and can be filled."""

    name: str
    data: bytes

    def fill(self, report: Report) -> bytes:
        """Give the file; the same report and template give the same bytes."""
        filled = _render(self.name, self.data, values(report), {})
        if report.letterhead.standing:
            filled = _begin_with(filled, report.letterhead.standing)
        return settle(filled, made_at=report.as_of)


def _begin_with(filled: bytes, standing: str) -> bytes:
    """Put a line above everything else, whatever the template has there."""
    word = Document(io.BytesIO(filled))
    line = word.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = line.add_run(xml_text(standing))
    run.font.bold, run.font.color.rgb = True, RGBColor(192, 0, 0)
    word.element.body.insert(0, line._p)  # noqa: SLF001 - no API inserts at the beginning
    packed = io.BytesIO()
    word.save(packed)
    return packed.getvalue()


def read_template(path: Path) -> WordTemplate:
    """Read a template and try it.

    Raises:
        InputError: there is no such file, it is no Word file, the extra is not installed, or it
            uses what there is not (all wrong names at once).
    """
    if find_spec("docxtpl") is None:
        raise InputError(
            t(
                "Mẫu Word cần gói docxtpl. Cài thêm: pip install 'tinbai[template]'",
                "Word templates need docxtpl. Install it: pip install 'tinbai[template]'",
            )
        )
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            t(
                f"Không đọc được mẫu {path}: {error.strerror}. Tạo mẫu: tinbai reports template "
                "--to mau.docx",
                f"Cannot read the template {path}: {error.strerror}. Make one: tinbai reports "
                "template --to mau.docx",
            )
        ) from error
    name = path.name
    check_package(name, data)
    problems: dict[str, None] = {}
    for flag, rows in ((True, 1), (False, 1), (False, 0)):  # each way that 'if' may go
        _render(name, data, example(flag=flag, rows=rows), problems)
    if problems:
        raise InputError(_wrong(name), tuple(problems))
    return WordTemplate(name, data)


def _render(
    name: str, data: bytes, context: Mapping[str, Value], problems: dict[str, None]
) -> bytes:
    """Fill a template; names that are not there are left empty and noted, each once."""
    docxtpl = import_module("docxtpl")
    environment = _Environment(name, problems)
    try:
        word: Any = docxtpl.DocxTemplate(io.BytesIO(data))
        word.init_docx()
    except DAMAGE as error:
        raise InputError(damaged(name)) from error
    word.render_xml_part = _well_formed(name, word.render_xml_part)
    try:
        word.render(context, environment, autoescape=True)
    except TypeError as error:
        raise InputError(_wrong(name), (_compared(),)) from error
    except (TemplateError, *DAMAGE) as error:
        raise InputError(_wrong(name), (str(error),)) from error
    packed = io.BytesIO()
    word.save(packed)
    return packed.getvalue()


def _well_formed(name: str, render: Callable[..., str]) -> Callable[..., str]:
    """Refuse what is no XML any more; docxtpl would mend it, and lose text."""

    def checked(source: str, part: object, context: object, environment: object = None) -> str:
        rendered = render(source, part, context, environment)
        try:
            etree.fromstring(rendered.encode(), _PARSER)
        except etree.XMLSyntaxError as error:
            raise InputError(
                _wrong(name),
                (
                    t(
                        "lệnh mở và đóng không cùng chỗ: vòng lặp theo hàng của bảng viết "
                        "{%tr for … %} và {%tr endfor %}, mỗi lệnh một hàng riêng; theo đoạn viết "
                        "{%p for … %} và {%p endfor %}, mỗi lệnh một đoạn riêng",
                        "a command opens and closes in different places: rows need {%tr for … %} "
                        "and {%tr endfor %}, each in a row of its own; paragraphs {%p for … %} and "
                        "{%p endfor %}, each in a paragraph of its own",
                    ),
                ),
            ) from error
        return rendered

    return checked


_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)


# -------------------------------------------------------------------------- what it may do


class _Environment(ImmutableSandboxedEnvironment):
    """Knows no function, few filters, and of values only what is in them."""

    def __init__(self, name: str, problems: dict[str, None]) -> None:
        """Begin; what is found while it renders is added to ``problems``, each once."""
        super().__init__(
            autoescape=True, undefined=_recording(problems), finalize=_printing(problems)
        )
        self._name = name
        self.globals.clear()
        self.filters = {key: self.filters[key] for key in _FILTERS}

    def compile(self, source: Any, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - as above it
        """Compile what is allowed."""
        try:
            tree = self.parse(source)
        except TemplateSyntaxError as error:
            raise InputError(_wrong(self._name), (_syntax(source, error),)) from error
        refused = [_refused(source, node) for node in _nodes(tree)]
        if problems := tuple(dict.fromkeys(one for one in refused if one)):
            raise InputError(_wrong(self._name), problems)
        return super().compile(tree, *args, **options)

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401 - as above it
        """Give what a row has under a name, or what a loop tells of itself."""
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, LoopContext):
            return super().getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:  # noqa: ANN401 - as above it
        """Give the same for ``row['name']``, and an item of a list by its place."""
        if isinstance(obj, list) and isinstance(argument, int):
            return super().getitem(obj, argument)
        return self.getattr(obj, str(argument))


def _recording(problems: dict[str, None]) -> type[ChainableUndefined]:
    """Give what stands for a name that is not there: empty, and noted."""

    class Missing(ChainableUndefined):
        def __init__(self, hint: Any = None, obj: Any = None, name: Any = None, *more: Any) -> None:  # noqa: ANN401 - Jinja's
            super().__init__(hint, obj, name, *more)
            if isinstance(name, str) and not isinstance(obj, ChainableUndefined):
                known = obj if isinstance(obj, dict) else example()
                problems.setdefault(_unknown(name, tuple(known)))

    return Missing


def _printing(problems: dict[str, None]) -> Callable[[object], object]:
    """Give what makes text of a value that is shown: a list is none, and that is noted."""

    def shown(value: object) -> object:
        if isinstance(value, bool):
            return "có" if value else "không"
        if isinstance(value, list | dict):
            problems.setdefault(
                t(
                    "có ô điền là danh sách, không in thẳng được; lặp bằng {%p for … %} hoặc "
                    "{%tr for … %}",
                    "a name holds a list, which cannot be shown at once; repeat it by {%p for … %} "
                    "or {%tr for … %}",
                )
            )
            return ""
        return value

    return shown


def _nodes(tree: nodes.Node) -> Iterator[nodes.Node]:
    yield tree
    for child in tree.iter_child_nodes():
        yield from _nodes(child)


def _refused(source: str, node: nodes.Node) -> str | None:
    """Say what is not allowed about a node; None: it is."""
    if isinstance(node, nodes.Filter) and node.name not in _FILTERS:
        return t(
            f"không có bộ lọc “{node.name}”{_near(source, node.lineno)}; có: "
            f"{', '.join(sorted(_FILTERS))}",
            f"there is no filter '{node.name}'{_near(source, node.lineno)}; there are: "
            f"{', '.join(sorted(_FILTERS))}",
        )
    if isinstance(node, (*_ALLOWED, *_LITERALS)):
        return None
    return t(
        f"mẫu chỉ được điền giá trị, lặp (for) và chọn (if), không được tính toán hay gọi lệnh"
        f"{_near(source, node.lineno)}",
        f"a template may show values, repeat (for) and choose (if), nothing else"
        f"{_near(source, node.lineno)}",
    )


_LITERALS = (nodes.Literal,)


# -------------------------------------------------------------------------------- messages


def _wrong(name: str) -> str:
    return t(
        f"Mẫu {name} có chỗ sai (xem các ô điền: tinbai reports template):",
        f"The template {name} has errors (for all names: tinbai reports template):",
    )


def _unknown(name: str, known: tuple[str, ...]) -> str:
    like = process.extractOne(name, known, score_cutoff=_LIKE_ENOUGH)
    hint = "" if like is None else t(f"; gần giống: “{like[0]}”", f"; perhaps '{like[0]}'")
    return t(f"không có ô điền “{name}”{hint}", f"there is no name '{name}'{hint}")


def _syntax(source: str, error: TemplateSyntaxError) -> str:
    where = _near(source, error.lineno)
    if "nexpected end of template" in str(error.message):
        return t(
            f"thiếu {{% endfor %}} hoặc {{% endif %}}{where}",
            f"{{% endfor %}} or {{% endif %}} is missing{where}",
        )
    return t(f"sai cú pháp{where} ({error.message})", f"wrong syntax{where} ({error.message})")


def _compared() -> str:
    return t(
        "ô điền là chữ, không so lớn bé với số được; dùng các ô đúng/sai (dat, chua_dat …)",
        "values are text and cannot be compared with numbers; use the yes/no ones (dat …)",
    )


def _near(source: str, line: int | None) -> str:
    """Give the template's own words at a line; docxtpl puts each paragraph on one."""
    lines = source.splitlines()
    text = unescape(re.sub(r"<[^>]+>", "", lines[min(line or 1, len(lines)) - 1] if lines else ""))
    text = " ".join(text.split())
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return t(f" gần “{shown}”", f" near '{shown}'") if shown else ""
