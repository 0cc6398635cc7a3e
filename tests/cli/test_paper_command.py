"""`pcn-group paper` as a user meets it: what is written where, and what is refused."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from click.testing import CliRunner, Result

from pcn_group.base import extras
from pcn_group.base.errors import InputError
from pcn_group.cli.paper import command
from tests.plan.folders import write_plan


def paper(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def refusal(*arguments: str | Path) -> str:
    done = paper(*arguments)
    assert isinstance(done.exception, InputError), done.output
    return "\n".join(map(str, done.exception.faults))


def title(path: Path) -> str:
    return docx.Document(str(path)).paragraphs[0].text


def test_a_plan_is_written_as_a_document(tmp_path: Path) -> None:
    plan, out = write_plan(tmp_path), tmp_path / "papers" / "paper.docx"
    before = sorted(plan.iterdir())
    done = paper(plan, "--out", out)
    assert done.exit_code == 0, done.output
    assert (done.stdout, done.stderr) == ("", f"Written: {out}\n")
    assert title(out) == "Primary care networks: R"
    assert sorted(plan.iterdir()) == before
    other = tmp_path / "other.docx"
    assert paper(plan, "--out", other, "--quiet").output == ""
    assert out.read_bytes() == other.read_bytes()


def test_several_plans_are_told_one_by_one(tmp_path: Path) -> None:
    plans = []
    for name in ("north", "south"):
        (tmp_path / name).mkdir()
        plans.append(write_plan(tmp_path / name))
    done = paper(*plans, "--out", tmp_path / "paper.docx")
    assert done.exit_code == 0, done.output
    assert done.stderr.splitlines() == [
        f"chapter 1 of 2: {plans[0]}",
        f"chapter 2 of 2: {plans[1]}",
        f"Written: {tmp_path / 'paper.docx'}",
    ]
    assert title(tmp_path / "paper.docx") == "Network development plan"
    assert paper(*plans, "--out", tmp_path / "again.docx", "--quiet").output == ""


def test_a_document_is_replaced_only_where_that_is_allowed(tmp_path: Path) -> None:
    plan, out = write_plan(tmp_path), tmp_path / "paper.docx"
    out.write_text("theirs", "utf-8")
    assert "is already there" in refusal(plan, "--out", out)
    assert out.read_text("utf-8") == "theirs"
    assert paper(plan, "--out", out, "--overwrite").exit_code == 0
    assert title(out) == "Primary care networks: R"


def test_any_plan_that_check_takes_is_taken(tmp_path: Path) -> None:
    groupings, out = write_plan(tmp_path) / "groupings.csv", tmp_path / "paper.docx"
    for arguments in ((groupings,), ("current", "--practices", groupings)):
        done = paper(*arguments, "--out", out, "--overwrite", "--set", "band.min=10000")
        assert done.exit_code == 0, done.output


def test_nothing_is_written_where_something_is_refused(tmp_path: Path) -> None:
    plan, out = write_plan(tmp_path), tmp_path / "paper.docx"
    template = tmp_path / "board.docx"
    docx.Document().save(str(template))
    assert "has no paragraph style Table Text" in refusal(
        plan, "--template", template, "--out", out
    )
    assert "does not exist" in refusal(tmp_path / "nowhere", "--out", out)
    assert "does not exist" in refusal(plan, "--with", tmp_path / "gone", "--out", out)
    assert not out.exists()


def test_networks_of_today_that_are_none_are_refused(tmp_path: Path) -> None:
    practices = tmp_path / "practices.csv"
    practices.write_text(
        "practice_code,practice_name,list_size,region_code,easting,northing\n"
        "A,Abbey,20000,R,500000,220000\nB,Bridge,15000,R,501000,220000\n",
        "utf-8",
    )
    told = refusal("current", "--practices", practices, "--out", tmp_path / "paper.docx")
    assert told.startswith("current: has no practice of the region in a network. Give practices")


def test_a_name_that_is_no_document_s_is_refused(tmp_path: Path) -> None:
    done = paper(write_plan(tmp_path), "--out", tmp_path / "paper.pdf")
    assert done.exit_code == 2
    assert "paper.pdf' is not called .docx" in done.output


def test_without_the_extra_it_is_said_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = extras.find_spec
    monkeypatch.setattr(extras, "find_spec", lambda name: None if name == "docx" else found(name))
    told = refusal(write_plan(tmp_path), "--out", tmp_path / "paper.docx")
    assert told == f"paper: needs docx, not installed here. {extras.how_to_install('paper')}"
