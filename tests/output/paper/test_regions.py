"""A paper of several regions: a chapter for each, and what they are together."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from pcn_group.base.errors import InputError
from pcn_group.cli.batch import command as batch
from pcn_group.output.paper.paper import plans_of
from tests.batch.several import country, written
from tests.output.paper.papers import Known, Papers, rows_of

pytestmark = pytest.mark.usefixtures("in_this_process")


@pytest.fixture
def done(tmp_path: Path) -> Path:
    """The folder of a batch of three regions, the last of which has no plan."""
    table = country(3)
    head, *rows = table.splitlines()
    size = head.split(",").index("list_size")
    kept = []
    for row in rows:
        cells = row.split(",")
        if cells[0].startswith("P2"):
            cells[size] = "2000"
        kept.append(",".join(cells))
    path = written(tmp_path, "\n".join([head, *kept]) + "\n")
    rules = ("--set", "band.below=forbid")
    told = CliRunner().invoke(batch, [str(path), "--out", str(tmp_path / "all"), "--quiet", *rules])
    assert told.exit_code in {0, 3, 4}, told.output
    return tmp_path / "all"


def test_a_batch_has_a_chapter_for_each_region(done: Path) -> None:
    papers = Papers(done, (done,))
    paper, summary = papers.full, rows_of(done / "summary.csv")
    planned = [row for row in summary if row["networks"]]
    chapters = [text for style, text in paper.paragraphs if style == "Heading 1"]
    assert chapters == [
        "The plan as a whole",
        *(f"{row['region_name']} ({row['region_code']})" for row in planned),
    ]
    assert [row[:4] for row in paper.table("The regions")] == [
        [
            f"{row['region_name']} ({row['region_code']})",
            *(f"{int(row[name]):,}" for name in ("practices", "patients", "networks")),
        ]
        for row in planned
    ]
    sections = [text for style, text in paper.paragraphs if style == "Heading 2"]
    assert sections.count("Summary") == len(planned)


def test_a_region_without_a_plan_is_named_with_the_reason(done: Path) -> None:
    (without,) = [row for row in rows_of(done / "summary.csv") if not row["networks"]]
    paper = Papers(done, (done,)).full
    (told,) = [text for _, text in paper.paragraphs if text.startswith("Region 2 R2: ")]
    assert without["reason"].rstrip(".") in told


def test_every_number_is_one_of_the_files(done: Path) -> None:
    files = [path for path in done.rglob("*") if path.suffix in {".csv", ".json"}]
    known = Known([path for path in files if ".batch" not in path.parts])
    paper = Papers(done, (done,)).full
    assert [(text, odd) for text in paper.texts() if (odd := known.strange(text))] == []


def test_plans_of_one_board_are_its_network_development_plan(done: Path) -> None:
    paper = Papers(done, (done / "R0", done / "R1")).full
    assert paper.paragraphs[0] == ("Title", "Network development plan: Board 0 (Q0)")
    assert paper.document.core_properties.title == "Network development plan: Board 0 (Q0)"


def test_a_batch_without_a_summary_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".batch").mkdir()
    with pytest.raises(InputError, match=r"summary\.csv: cannot be read"):
        plans_of([str(tmp_path)])
