"""A paper is an accessible Word document, and the same each time."""

from __future__ import annotations

import io
import zipfile
from itertools import pairwise

import pytest
from docx.oxml.ns import qn

from pcn_group.output.maps.sheet import Sheet
from pcn_group.output.paper.blocks import Bullets, Heading, Picture, Quote, Table, Words
from pcn_group.output.paper.template import own_template, text_width
from pcn_group.output.paper.word import Writer
from tests.output.paper.papers import Paper, Papers, plain


def written(*blocks: Heading | Words | Bullets | Quote | Table | Picture) -> Paper:
    writer = Writer(own_template(), "A title")
    writer.write(blocks)
    return Paper(writer.content())


def test_the_same_plan_gives_the_same_bytes(rich: Papers) -> None:
    assert rich.written().content == rich.full.content


def test_nothing_in_it_says_when_it_was_written(rich: Papers) -> None:
    with zipfile.ZipFile(io.BytesIO(rich.full.content)) as package:
        assert {part.date_time for part in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    properties = rich.full.document.core_properties
    assert {properties.created, properties.modified} == {properties.created}
    assert properties.created is not None
    assert properties.created.year == 2000
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")


def test_it_says_its_title_and_that_it_is_british(rich: Papers) -> None:
    properties = rich.full.document.core_properties
    assert (properties.title, properties.language) == ("Primary care networks: XXA", "en-GB")
    assert rich.full.paragraphs[0] == ("Title", "Primary care networks: XXA")
    languages = rich.full.document.styles.element.iter(qn("w:lang"))
    assert {language.get(qn("w:val")) for language in languages} == {"en-GB"}


def test_headings_are_headings_and_none_is_skipped(rich: Papers) -> None:
    levels = [
        int(style.removeprefix("Heading "))
        for style, _ in rich.full.paragraphs
        if style.startswith("Heading")
    ]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_head_of_each_table_repeats_and_its_rows_stay_whole(rich: Papers) -> None:
    for table in rich.full.trees:
        rows = table.tr_lst
        assert [row.find(f".//{qn('w:tblHeader')}") is not None for row in rows] == [
            True,
            *[False] * (len(rows) - 1),
        ]
        assert all(row.find(f".//{qn('w:cantSplit')}") is not None for row in rows)


def test_each_table_is_within_the_margins(rich: Papers) -> None:
    room = text_width(rich.full.document)
    for table in rich.full.document.tables:
        widths = [column.width for column in table.columns]
        assert None not in widths
        assert sum(width or 0 for width in widths) <= room


def test_the_map_has_a_text_for_who_does_not_see_it(rich: Papers) -> None:
    (shape,) = rich.full.document.inline_shapes
    (about,) = rich.full.document.element.body.iter(qn("wp:docPr"))
    assert about.get("descr", "").startswith("Map of 8 networks. Each has a colour other than")
    assert "outside the band: " in about.get("descr", "")
    assert shape.width <= text_width(rich.full.document)


def test_a_figure_stays_with_what_it_counts() -> None:
    paper = written(Words("In 2019/20 there were 12 practices and 3,000 patients: 5.2 kilometres."))
    text = paper.document.paragraphs[-1].text
    assert text.count("\N{NO-BREAK SPACE}") == 4
    assert "12\N{NO-BREAK SPACE}practices" in text


def test_what_a_document_cannot_hold_is_marked() -> None:
    odd = "a\0b\x0bc\ud800d <e> & 'f'"
    marked = "a\ufffdb\ufffdc\ufffdd <e> & 'f'"
    table = Table(odd, (odd,), [(odd,)])
    paper = written(Heading(odd), Words(odd), Bullets((odd,)), Quote(odd), table)
    assert [plain(text) for _, text in paper.paragraphs[1:]] == [marked] * 5
    assert paper.tables == {marked: [[marked], [marked]]}


def test_blocks_have_the_styles_of_the_template() -> None:
    picture = Picture("The map", Sheet(1, 1).png(10), 40.0, "Nothing")
    table = Table("Two", ("A", "#B"), [("one", "2")], has_total=True)
    blocks = [Heading("H"), Heading("I", 2), Words("w"), Bullets(("x", "y")), Quote("q")]
    paper = written(*blocks, picture, table)
    assert [style for style, _ in paper.paragraphs] == [
        *("Title", "Heading 1", "Heading 2", "Normal", "List Bullet", "List Bullet", "Quote"),
        *("Caption", "Caption"),
    ]
    (made,) = paper.document.tables
    assert made.style is not None
    assert made.style.name == "Table Grid"
    styles = {paragraph.style.name for paragraph in made.rows[1].cells[0].paragraphs}
    assert styles == {"Table Text"}
    # Figures stand at the right, and stay on their line.
    text, number = made.rows[1].cells
    (own,) = paper.trees
    assert (text.paragraphs[0].alignment, number.paragraphs[0].alignment) == (None, 2)
    kept = [cell.find(f".//{qn('w:noWrap')}") is not None for cell in own.tr_lst[1].tc_lst]
    assert kept == [False, True]
    (shape,) = paper.document.inline_shapes
    assert shape.width == text_width(paper.document)


@pytest.mark.parametrize("has_total", [True, False])
def test_the_last_row_is_a_total_where_it_is_one(*, has_total: bool) -> None:
    paper = written(Table("T", ("A",), [("1",)], has_total=has_total))
    (look,) = paper.document.element.body.iter(qn("w:tblLook"))
    assert bool(int(look.get(qn("w:val")), 16) & 0x40) == has_total
