"""Blocks as a Word document: the only place, beside the template, that knows the format of Word.

Headings are headings, tables have a head that repeats on each page and rows that stay whole,
pictures have a text for those who do not see them, and the language is British English. The same
blocks give the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Inches
from docx.text.paragraph import Paragraph

from pcn_group.output.paper.blocks import Block, Bullets, Heading, Picture, Quote, Table, Words
from pcn_group.output.paper.columns import column_widths
from pcn_group.output.paper.template import TABLE_STYLE, text_width

__all__ = ["Writer"]

_WRITTEN = datetime(2000, 1, 1, tzinfo=UTC)
"""What a document must say of when it was written: always the same, so that its bytes are"""

_PACKED = (1980, 1, 1, 0, 0, 0)
"""Likewise of its parts: the earliest that an archive can say"""

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that a document cannot have, such as half of a pair"""

_COUNTED = re.compile(r"(?<=\d) (?=[^\W\d])")
"""The space between a figure and what it counts, which are to stay on one line"""

_HEAD_ALONE, _TOTAL = 0x0620, 0x0040
"""What of the style of tables applies: a first row and no bands, and a last row"""

_EMU, _TWIP = 360_000, 635
"""A centimetre, and what widths of columns are whole numbers of"""


class Writer:
    """Writes blocks into a document.

    Parameters
    ----------
    document
        A template, which gets the content.
    title
        Of the document.
    """

    def __init__(self, document: Document, title: str) -> None:
        self._document = document
        # By the names that people see: programs write those of headings in several ways.
        self._styles = {style.name: style for style in document.styles}
        properties = document.core_properties
        properties.title, properties.language = title, "en-GB"
        properties.author = properties.last_modified_by = ""
        properties.comments = properties.subject = properties.keywords = ""
        properties.created = properties.modified = _WRITTEN
        properties.revision = 1
        _speak_british(document)
        self._paragraph(_clean(title), "Title")

    def subtitle(self, text: str) -> None:
        """Write the line under the title."""
        self._paragraph(_prose(text), "Subtitle")

    def write(self, blocks: Iterable[Block], below: int = 0) -> None:
        """Write blocks, with headings so many levels below those of the document."""
        for block in blocks:
            match block:
                case Heading(text, level, begins_page):
                    heading = self._paragraph(_clean(text), f"Heading {level + below}")
                    if begins_page:
                        heading.paragraph_format.page_break_before = True
                case Words(text):
                    self._paragraph(_prose(text))
                case Bullets(items):
                    for item in items:
                        self._paragraph(_prose(item), "List Bullet")
                case Quote(text):
                    self._paragraph(_clean(text), "Quote")
                case Table():
                    self._table(block)
                case Picture():
                    self._picture(block)

    def _paragraph(self, text: str, style: str = "Normal") -> Paragraph:
        paragraph = self._document.add_paragraph(text)
        if style != "Normal":
            paragraph.style = self._styles[style]
        return paragraph

    def _picture(self, picture: Picture) -> None:
        self._caption(picture.caption)
        wide = min(Inches(picture.wide), Emu(text_width(self._document)))
        shape = self._document.add_picture(io.BytesIO(picture.png), width=wide)
        about = shape._inline.docPr  # noqa: SLF001 - python-docx has no alternative text
        about.set("descr", _clean(picture.told))
        about.set("title", _clean(picture.caption))

    def _caption(self, text: str) -> None:
        self._paragraph(_prose(text), "Caption").paragraph_format.keep_with_next = True

    def _table(self, table: Table) -> None:
        self._caption(table.caption)
        rows = [table.titles, *table.rows]
        made = self._document.add_table(len(rows), len(table.titles))
        made.style = self._styles[TABLE_STYLE]
        made.autofit = False
        properties = made._tbl.tblPr  # noqa: SLF001 - python-docx knows no captions of tables
        for look in properties.findall(qn("w:tblLook")):
            properties.remove(look)
        look = _add(properties, "tblLook")
        look.set(qn("w:val"), f"{_HEAD_ALONE | _TOTAL * table.has_total:04X}")
        _add(properties, "tblCaption").set(qn("w:val"), _clean(table.caption))
        widths = column_widths(table, text_width(self._document) / _EMU)
        for column, wide in zip(made.columns, widths, strict=True):
            column.width = _whole(wide)
        for number, (cells, texts) in enumerate(zip(made._tbl.tr_lst, rows, strict=True)):  # noqa: SLF001 - the rows of python-docx take quadratic time
            row = cells.get_or_add_trPr()
            _add(row, "cantSplit")
            if number == 0:
                _add(row, "tblHeader")
            self._cells(cells.tc_lst, texts, table.are_figures, widths)
        self._paragraph("", "Table Text")

    def _cells(
        self,
        cells: Sequence[Any],
        texts: Sequence[str],
        are_figures: Sequence[bool],
        widths: Sequence[float],
    ) -> None:
        """Fill the cells of a row; figures stand at the right and stay on their line."""
        style = self._styles["Table Text"]
        for cell, text, is_figure, wide in zip(cells, texts, are_figures, widths, strict=True):
            cell.width = _whole(wide)
            paragraph = Paragraph(cell.p_lst[0], self._document._body)  # noqa: SLF001 - of a cell
            paragraph.style = style
            paragraph.add_run(_clean(text))
            if is_figure:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                _add(cell.get_or_add_tcPr(), "noWrap")

    def content(self) -> bytes:
        """Return the document as bytes."""
        file, packed = io.BytesIO(), io.BytesIO()
        self._document.save(file)
        with (
            zipfile.ZipFile(file) as found,
            zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package,
        ):
            for part in found.infolist():
                about = zipfile.ZipInfo(part.filename, _PACKED)
                about.compress_type = zipfile.ZIP_DEFLATED
                about.create_system = 3  # the same on every system
                package.writestr(about, found.read(part))
        return packed.getvalue()


def _whole(wide: float) -> int:
    """Return a width in centimetres as Word has it, no wider."""
    return int(wide * _EMU) // _TWIP * _TWIP


def _speak_british(document: Document) -> None:
    """Say that the text is British English, whatever the template says of its own."""
    styles = document.styles.element
    for defaults in styles.xpath("w:docDefaults/w:rPrDefault/w:rPr[not(w:lang)]"):
        _add(defaults, "lang")
    for language in styles.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")
    for language in document.settings.element.iter(qn("w:themeFontLang")):
        language.set(qn("w:val"), "en-GB")


def _prose(text: str) -> str:
    return _COUNTED.sub("\N{NO-BREAK SPACE}", _clean(text))


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def _add(parent: Any, tag: str) -> Any:  # noqa: ANN401 - lxml's
    """Add an element after the others, and return it."""
    element = OxmlElement(f"w:{tag}")
    parent.append(element)
    return element
