"""The template of a paper: the styles it needs, our own, and one that a board gives.

Ours is what python-docx starts from, with its styles set here, so that no binary file is kept.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm

from pcn_group.base import limits
from pcn_group.base.errors import Fault, InputError
from pcn_group.tables.packages import open_package
from pcn_group.tables.sheets import Content

__all__ = ["STYLES", "TABLE_STYLE", "open_template", "own_template", "text_width"]

STYLES = {
    "Title": "the title",
    "Subtitle": "the line under it",
    "Heading 1": "sections; with several regions, their chapters",
    "Heading 2": "parts of a section; with several regions, sections",
    "Heading 3": "with several regions, parts of a section",
    "Caption": "captions of tables and pictures",
    "Quote": "comments, as they were written",
    "List Bullet": "lists",
    "Table Text": "the cells of tables",
}
"""The paragraph styles that a paper uses beside Normal, and what for"""

TABLE_STYLE = "Table Grid"
"""The style of all tables"""

_NARROWEST = 12.0
"""Centimetres between the margins that tables need"""

_FONT, _INK, _BLUE, _PALE, _LINE = "Arial", "212B32", "003087", "E8EDEE", "AEB7BD"
"""How ours looks: letters and colours after the identity guidelines of the NHS"""


@dataclass(frozen=True)
class _Look:
    """How paragraphs of a style look: points of letters, and of room above and below."""

    size: float = 12.0
    above: float = 0.0
    below: float = 6.0
    colour: str = _INK
    is_bold: bool = False
    more: str = ""


_KEPT = "<w:keepNext/><w:keepLines/>"
_BESIDE = '<w:pBdr><w:left w:val="single" w:sz="18" w:space="8" w:color="{0}"/></w:pBdr>'
_LOOKS = {
    "Normal": _Look(),  # 12 points are the least that accessible documents of the NHS have
    "Title": _Look(26, below=4, colour=_BLUE, is_bold=True, more=_KEPT),
    "Subtitle": _Look(14, below=14, colour="4C6272", more=_KEPT),
    "Heading 1": _Look(18, 20, 6, _BLUE, is_bold=True, more=_KEPT),
    "Heading 2": _Look(14, 14, 4, _BLUE, is_bold=True, more=_KEPT),
    "Heading 3": _Look(12, 10, 4, _BLUE, is_bold=True, more=_KEPT),
    "Caption": _Look(10.5, 8, 4, is_bold=True, more=_KEPT),
    "Quote": _Look(more=_BESIDE.format(_LINE)),
    "List Bullet": _Look(below=3, more='<w:numPr><w:numId w:val="1"/></w:numPr>'),
    "Table Text": _Look(9.5, below=0),
}
_LEVELS = {"Heading 1": 0, "Heading 2": 1, "Heading 3": 2}
_INDENTS = {"Quote": 'w:left="284"', "List Bullet": 'w:left="360" w:hanging="360"'}


def own_template() -> Document:
    """Return a document without content, on A4, with our styles."""
    document = docx.Document()
    document.styles.add_style("Table Text", WD_STYLE_TYPE.PARAGRAPH).quick_style = True
    for name, look in _LOOKS.items():
        _set_paragraphs(document.styles[name].element, name, look)
    _set_tables(document.styles[TABLE_STYLE].element)
    (page,) = document.sections
    page.page_width, page.page_height = Cm(21.0), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2.0)
    _number_pages(page.footer.paragraphs[0])
    _modernise(document)
    return document


def _set_paragraphs(style: Any, name: str, look: _Look) -> None:  # noqa: ANN401 - lxml's
    """Replace how a style of paragraphs looks."""
    level = f'<w:outlineLvl w:val="{_LEVELS[name]}"/>' if name in _LEVELS else ""
    indent = f"<w:ind {_INDENTS[name]}/>" if name in _INDENTS else ""
    bold = "<w:b/><w:bCs/>" if look.is_bold else ""
    room = f'w:before="{20 * look.above:.0f}" w:after="{20 * look.below:.0f}"'
    _replace(
        style,
        f'<w:pPr>{look.more}<w:spacing {room} w:line="264" w:lineRule="auto"/>'
        f"{indent}{level}</w:pPr>",
        f'<w:rPr><w:rFonts w:ascii="{_FONT}" w:hAnsi="{_FONT}" w:cs="{_FONT}" '
        f'w:eastAsia="{_FONT}"/>{bold}<w:color w:val="{look.colour}"/>'
        f'<w:sz w:val="{2 * look.size:.0f}"/><w:szCs w:val="{2 * look.size:.0f}"/></w:rPr>',
    )


def _set_tables(style: Any) -> None:  # noqa: ANN401 - lxml's
    """Replace how tables look: lines between rows, and a shaded head."""
    line = f'w:val="single" w:sz="4" w:space="0" w:color="{_LINE}"'
    margins = "".join(
        f'<w:{side} w:w="{wide}" w:type="dxa"/>'
        for side, wide in (("top", 30), ("left", 70), ("bottom", 30), ("right", 70))
    )
    bold = "<w:rPr><w:b/><w:bCs/></w:rPr>"
    _replace(
        style,
        f'<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblBorders><w:top {line}/><w:bottom {line}/>'
        f"<w:insideH {line}/></w:tblBorders><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>",
        f'<w:tblStylePr w:type="firstRow">{bold}<w:tcPr><w:shd w:val="clear" w:color="auto" '
        f'w:fill="{_PALE}"/></w:tcPr></w:tblStylePr>',
        f'<w:tblStylePr w:type="lastRow">{bold}</w:tblStylePr>',
    )


def _replace(style: Any, *parts: str) -> None:  # noqa: ANN401 - lxml's
    """Replace all of a style but what it is called and based on."""
    for tag in ("pPr", "rPr", "tblPr", "tblStylePr"):
        for old in style.findall(qn(f"w:{tag}")):
            style.remove(old)
    for part in parts:
        head, _, rest = part.partition(">")
        name, space, attributes = head.partition(" ")
        style.append(parse_xml(f"{name} {nsdecls('w')}{space}{attributes}>{rest}"))


def _number_pages(paragraph: Any) -> None:  # noqa: ANN401 - python-docx's
    """Write the number of the page, which the program that shows it puts in."""
    paragraph.style, paragraph.alignment = "Table Text", WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run("Page ")
    field = f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    paragraph._p.append(parse_xml(field))  # noqa: SLF001 - python-docx has no fields


def _modernise(document: Document) -> None:
    """Have Word take the document for one of today, and leave out the preview of another."""
    for setting in document.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")
    package = document.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            del package.rels[key]


def open_template(path: Path) -> Document:
    """Return a board's own template: its styles, headers, footers and page, without its text.

    Raises
    ------
    InputError
        If it cannot be read or is no Word document; with every style that it lacks; or if its page
        is too narrow for tables.
    """
    data = _read(path)
    try:
        document = docx.Document(io.BytesIO(data))
        faults = [*_missing(path.name, document), *_too_narrow(path.name, document)]
    except (ValueError, KeyError, AttributeError, SyntaxError) as error:  # lxml's are of syntax
        problem = "is no Word document that can be a template"
        remedy = "Open it in Word, and save it as a document (.docx)."
        raise InputError([Fault(path.name, problem, remedy)]) from error
    if faults:
        raise InputError(faults)
    body = document.element.body
    for element in list(body):
        if element.tag != qn("w:sectPr"):
            body.remove(element)
    return document


def _read(path: Path) -> bytes:
    """Return the bytes of a package whose parts are not too long."""
    try:
        data = limits.read_whole(path, limits.WHOLE)
    except OSError as error:
        problem = f"cannot be read: {error.strerror}"
        raise InputError([Fault(str(path), problem, "Check the path.")]) from error
    if not data.startswith(b"PK"):
        problem, remedy = "is no Word document", "Open it in Word, and save it as .docx."
        raise InputError([Fault(path.name, problem, remedy)])
    content = Content(path.name, len(data), lambda: io.BytesIO(data))
    with open_package(content) as package:
        length = sum(part.file_size for part in package.infolist())
        limits.refuse_longer(path.name, length, limits.WORKBOOK)
    return data


def _missing(name: str, document: Document) -> list[Fault]:
    """Return a fault for each style that a template lacks."""
    there = {(style.type, style.name) for style in document.styles}
    wanted = [
        (WD_STYLE_TYPE.PARAGRAPH, style, f"paragraph style {style}, for {what}")
        for style, what in STYLES.items()
    ]
    wanted.append((WD_STYLE_TYPE.TABLE, TABLE_STYLE, f"table style {TABLE_STYLE}, for all tables"))
    return [
        Fault(
            name,
            f"has no {told}",
            "Use it once in the template in Word and save that, or change a paper made without "
            "--template, which has all styles, to look as yours.",
        )
        for type_, style, told in wanted
        if (type_, style) not in there
    ]


def _too_narrow(name: str, document: Document) -> list[Fault]:
    room = text_width(document) / 360_000
    if room >= _NARROWEST:
        return []
    problem = f"has {room:.1f} cm between the margins, and tables need {_NARROWEST:g}"
    return [Fault(name, problem, "Make its last section wider.")]


def text_width(document: Document) -> int:
    """Return how wide text may be in the last section, in EMU: 360,000 are a centimetre."""
    page = document.sections[-1]
    assert page.page_width is not None  # noqa: S101 - a section has a size
    return page.page_width - (page.left_margin or 0) - (page.right_margin or 0)
