"""Papers read again: their texts, their tables, and the numbers of the files that they rest on."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.oxml.ns import qn

from pcn_group.output.paper.paper import paper, plans_of
from pcn_group.plan.inputs import PlanInputs

NUMBER = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
HASH = re.compile(r"\b[0-9a-f]{64}\b")


@dataclass(frozen=True)
class Papers:
    """A folder with plans, and what a paper can say beside them."""

    folder: Path
    plans: tuple[Path, ...]
    beside: tuple[Path, ...] = ()

    def written(self, *, template: Path | None = None, alone: bool = False) -> Paper:
        """The paper of the plans, or of the plans alone."""
        asked = plans_of([str(plan) for plan in self.plans])
        beside = () if alone else self.beside
        return Paper(paper(asked, PlanInputs(), beside, template))

    @cached_property
    def full(self) -> Paper:
        """The paper of all that there is."""
        return self.written()


@dataclass(frozen=True)
class Paper:
    """A paper: its bytes, and what one reads in it."""

    content: bytes

    @cached_property
    def document(self) -> Document:
        return docx.Document(io.BytesIO(self.content))

    @property
    def paragraphs(self) -> list[tuple[str, str]]:
        """The style and the text of each paragraph that stands in no table."""
        return [
            (str(paragraph.style and paragraph.style.name), plain(paragraph.text))
            for paragraph in self.document.paragraphs
            if paragraph.text
        ]

    @property
    def text(self) -> str:
        """All paragraphs in one text."""
        return "\n".join(text for _, text in self.paragraphs)

    @property
    def headings(self) -> list[str]:
        return [text for style, text in self.paragraphs if style.startswith("Heading")]

    @property
    def trees(self) -> list[Any]:
        """The elements of tables: rows and cells of python-docx take quadratic time."""
        return list(self.document.element.body.iter(qn("w:tbl")))

    @cached_property
    def tables(self) -> dict[str, list[list[str]]]:
        """The cells of each table, its head first, by its caption."""
        captions = [text for style, text in self.paragraphs if style == "Caption"]
        captions = [text for text in captions if not text.endswith("as in the table below")]
        cells = [
            [
                ["".join(text.text for text in cell.iter(qn("w:t"))) for cell in row.tc_lst]
                for row in table.tr_lst
            ]
            for table in self.trees
        ]
        return dict(zip(captions, cells, strict=True))

    def table(self, begins: str) -> list[list[str]]:
        """The rows below the head of the one table whose caption begins so."""
        (found,) = [rows for caption, rows in self.tables.items() if caption.startswith(begins)]
        return found[1:]

    def texts(self) -> Iterator[str]:
        """Every text, but for the numbers of networks on the map."""
        yield from (text for _, text in self.paragraphs)
        for head, *rows in self.tables.values():
            first = head[0] == "No."
            yield from head
            for row in rows:
                yield from row[first:]


def plain(text: str) -> str:
    """A text with usual spaces."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))


def numbers_in(text: str) -> Iterator[Decimal]:
    """The numbers of a text, those with commas between thousands as one."""
    for found in NUMBER.findall(text):
        yield Decimal(found.replace(",", ""))


class Known:
    """The numbers of files: those that stand in them, and how many rows and entries they have."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._known: set[Decimal] = set()
        for path in paths:
            text = HASH.sub("", path.read_text("utf-8"))
            cells = [text] if path.suffix == ".json" else list(_cells(text))
            self._known |= {number for cell in cells for number in numbers_in(cell)}
            counts = _in_values(json.loads(text)) if path.suffix == ".json" else _in_table(path)
            self._known |= {Decimal(count) for count in counts}

    def strange(self, text: str) -> list[str]:
        """The numbers of a text that are none of the files', as they are or rounded as shown.

        Per cent are of shares, and whole pounds of pounds and pence.
        """
        return [
            found[0]
            for found in re.finditer(rf"£?{NUMBER.pattern}%?", text)
            if not self._has(found[0])
        ]

    def _has(self, shown: str) -> bool:
        value = Decimal(shown.strip("£%").replace(",", ""))
        step = Decimal(1).scaleb(int(value.as_tuple().exponent))
        if value in self._known:
            return True
        if shown.endswith("%"):
            return any((100 * n).quantize(step, ROUND_HALF_UP) == value for n in self._known)
        may_be_rounded = step < 1 or shown.startswith("£")
        return may_be_rounded and any(
            known.quantize(step, ROUND_HALF_UP) == value for known in self._known
        )


def _cells(text: str) -> Iterator[str]:
    for row in csv.reader(io.StringIO(text)):
        yield from row


def _in_table(path: Path) -> Iterator[int]:
    """How many rows there are, and how many have a value in a column of flags or of choices."""
    rows = rows_of(path)
    yield len(rows)
    for column in rows[0] if rows else ():
        yield from Counter(row[column] for row in rows).values()


def _in_values(value: object) -> Iterator[int]:
    """How many entries each list has."""
    if isinstance(value, list):
        yield len(value)
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        yield from _in_values(each)
