"""Templates: ours, a board's own, and what is refused as one."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from pcn_group.base.errors import InputError
from pcn_group.output.paper.template import STYLES, TABLE_STYLE, open_template, own_template
from tests.docs.pages import DOCS
from tests.output.paper.papers import Paper, Papers


def saved(document: docx.document.Document, folder: Path) -> Path:
    path = folder / "board.docx"
    document.save(str(path))
    return path


def refusal(path: Path) -> list[str]:
    with pytest.raises(InputError) as error:
        open_template(path)
    return [str(fault) for fault in error.value.faults]


def test_ours_has_every_style_and_is_the_same_each_time() -> None:
    first, second = own_template(), own_template()
    names = {style.name for style in first.styles}
    assert names >= {*STYLES, TABLE_STYLE, "Normal"}
    assert first.styles.element.xml == second.styles.element.xml


def test_the_page_of_the_documentation_names_every_style() -> None:
    text = (DOCS / "how-to" / "paper.md").read_text("utf-8")
    assert [name for name in (*STYLES, TABLE_STYLE) if f"`{name}`" not in text] == []


def test_a_board_s_styles_page_and_footer_are_taken_and_its_text_is_not(
    rich: Papers, tmp_path: Path
) -> None:
    board = own_template()
    board.styles["Heading 1"].font.name = "Georgia"
    board.sections[0].left_margin = Pt(120)
    board.sections[0].header.paragraphs[0].text = "Board of Ambridge"
    board.add_paragraph("Write your paper here.")
    board.add_table(1, 1)
    paper = rich.written(template=saved(board, tmp_path), alone=True)
    document = paper.document
    assert "Write your paper here" not in paper.text
    assert paper.paragraphs[0][0] == "Title"
    assert document.styles["Heading 1"].font.name == "Georgia"
    assert document.sections[0].header.paragraphs[0].text == "Board of Ambridge"
    assert document.sections[0].left_margin == Pt(120)
    room = Cm(21 - 2) - Pt(120)
    for table in document.tables:
        assert sum(column.width or 0 for column in table.columns) <= room


def test_a_template_without_a_language_is_british_then(rich: Papers, tmp_path: Path) -> None:
    board = own_template()
    for language in [*board.styles.element.iter(qn("w:lang"))]:
        language.getparent().remove(language)
    styles = rich.written(template=saved(board, tmp_path), alone=True).document.styles
    (language,) = styles.element.iter(qn("w:lang"))
    assert language.get(qn("w:val")) == "en-GB"


def test_a_paper_of_ours_is_a_template(rich: Papers, tmp_path: Path) -> None:
    path = tmp_path / "board.docx"
    path.write_bytes(rich.full.content)
    again = rich.written(template=path)
    assert again.paragraphs == rich.full.paragraphs
    assert again.tables == rich.full.tables


@pytest.mark.parametrize("name", [*STYLES, TABLE_STYLE])
def test_a_style_that_is_missing_is_named(tmp_path: Path, name: str) -> None:
    board = own_template()
    style = board.styles[name]
    style.element.getparent().remove(style.element)
    (fault,) = refusal(saved(board, tmp_path))
    kind = "table" if name == TABLE_STYLE else "paragraph"
    what = STYLES.get(name, "all tables")
    begin = f"board.docx: has no {kind} style {name}, for {what}. Use it once in the template"
    assert fault.startswith(begin)


def test_all_styles_that_are_missing_are_named_at_once(tmp_path: Path) -> None:
    faults = refusal(saved(docx.Document(), tmp_path))  # it has all but our own
    assert ["Table Text" in fault for fault in faults] == [True]
    board = own_template()
    for name in ("Quote", "Caption"):
        board.styles[name].element.getparent().remove(board.styles[name].element)
    assert len(refusal(saved(board, tmp_path))) == 2


def test_a_page_too_narrow_for_tables_is_refused(tmp_path: Path) -> None:
    board = own_template()
    board.sections[0].left_margin = Cm(10)
    (fault,) = refusal(saved(board, tmp_path))
    assert "has 9.0 cm between the margins, and tables need 12" in fault


def test_what_is_no_document_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "board.docx"
    assert "cannot be read" in refusal(path)[0]
    path.write_text("no document", "utf-8")
    assert "is no Word document. Open it in Word" in refusal(path)[0]
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("a.csv", "a")
    assert "is no Word document that can be a template" in refusal(path)[0]
    path.write_bytes(b"PK\x03\x04 cut short")
    assert "damaged archive" in refusal(path)[0]


def test_a_part_that_is_no_xml_is_refused(tmp_path: Path) -> None:
    path = saved(own_template(), tmp_path)
    packed = io.BytesIO()
    with zipfile.ZipFile(path) as found, zipfile.ZipFile(packed, "w") as package:
        for part in found.infolist():
            broken = part.filename == "word/styles.xml"
            package.writestr(part.filename, b"<w:styles" if broken else found.read(part))
    path.write_bytes(packed.getvalue())
    assert "is no Word document that can be a template" in refusal(path)[0]


def test_a_template_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pcn_group.base.limits.WORKBOOK", 10_000)
    assert "is too large" in refusal(saved(own_template(), tmp_path))[0]


def test_the_default_paper_needs_no_template(rich: Papers) -> None:
    assert isinstance(rich.full, Paper)
    assert rich.full.document.styles["Normal"].font.name == "Arial"
