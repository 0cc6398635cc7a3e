"""`pcn-group footprints` and `pcn-group divide` as a user meets them."""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import docx
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from pcn_group.base.errors import InputError
from pcn_group.cli import group
from pcn_group.output.data.folder import FILES
from tests.solver.regions import sample


@pytest.fixture
def region(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a region of sixteen practices, which have five networks today."""
    monkeypatch.chdir(tmp_path)
    table = sample(16, 4).table
    order = table["easting"].rank(method="first").astype(int) - 1
    table["current_network"] = [f"today{k}" for k in order * 5 // 16]
    table.to_csv("practices.csv", index=False)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group, list(arguments), standalone_mode=False)


def succeeded(*arguments: str) -> Result:
    result = run(*arguments)
    assert result.exception is None, result.output
    return result


CURRENT = ("current", "--practices=practices.csv")
LARGE = ("--min=40000", "--max=120000")


def groupings(folder: str) -> pd.DataFrame:
    return pd.read_csv(Path(folder) / "groupings.csv", dtype=str)


@pytest.mark.usefixtures("region")
def test_footprints_are_a_plan_that_holds_its_networks() -> None:
    done = succeeded("footprints", *CURRENT, *LARGE)
    assert "Proven best" in done.stdout
    assert sorted(path.name for path in Path("footprints").iterdir()) == sorted(FILES)
    table = groupings("footprints")
    assert set(table["current_network"]) == {f"today{k}" for k in range(5)}
    assert len(table[["current_network", "network_id"]].drop_duplicates()) == 5
    assert "Every rule holds." in succeeded("check", "footprints").stdout
    assert "No network is split among footprints." in done.stdout


@pytest.mark.usefixtures("region")
def test_nobody_moves_between_networks_and_footprints() -> None:
    done = succeeded("footprints", *CURRENT, *LARGE)
    assert "move" not in done.stdout
    summary = json.loads(Path("footprints/summary.json").read_text("utf-8"))
    assert (summary["patients_moved"], summary["practices_moved"]) == (None, None)
    together = ("compare", "current", "footprints", CURRENT[1])
    told = json.loads(succeeded(*together, "--json").stdout)
    assert [plan["patients_moved"] for plan in told["plans"]] == [0, None]
    assert [(pair["patients_moved"], pair["moves"]) for pair in told["pairs"]] == [(None, [])]
    count = len(told["pairs"][0]["matches"]) - sum(
        match["from_network"] is None for match in told["pairs"][0]["matches"]
    )
    shown = succeeded(*together).stdout
    assert f"{count} networks of current in" in shown
    assert "of footprints: all of them stay whole." in shown
    assert "move;" not in shown
    other_way = succeeded("compare", "footprints", "current", CURRENT[1]).stdout
    assert f"{count} networks of current in" in other_way


@pytest.mark.usefixtures("region")
def test_the_paper_on_footprints_takes_the_budget_of_their_networks() -> None:
    succeeded("footprints", *CURRENT, *LARGE)
    succeeded("budget", "footprints", "--years=2019/20..2020/21", "--out=money", "--quiet")
    succeeded("paper", "footprints", "--with=money", "--out=paper.docx")
    told = docx.Document("paper.docx")
    assert told.paragraphs[0].text.startswith("Footprints: ")
    heads = [[cell.text for cell in table.rows[0].cells] for table in told.tables]
    assert ["Funding line", "2019/20", "2020/21"] in heads


@pytest.mark.usefixtures("region")
def test_who_moves_between_two_plans_of_footprints_is_told() -> None:
    succeeded("footprints", *CURRENT, *LARGE)
    succeeded("footprints", *CURRENT, *LARGE, "--free", "--out=free")
    told = json.loads(succeeded("compare", "footprints", "free", "--json").stdout)
    assert told["plans"][1]["patients_moved"] == told["pairs"][0]["patients_moved"] > 0
    split = succeeded("compare", "current", "free", CURRENT[1]).stdout
    assert re.search(r"current in \d footprints of free: \d of them (is|are) split", split)


@pytest.mark.usefixtures("region")
def test_the_page_and_the_paper_of_footprints_count_no_moves() -> None:
    succeeded("footprints", *CURRENT, *LARGE)
    succeeded("report", "footprints", "--out=drawn")
    page = Path("drawn/report.html").read_text("utf-8")
    assert re.search(r"<h1[^>]*>\d footprints", page)
    assert "Change network" not in page
    assert "Networks split" in page
    succeeded("paper", "footprints", "--out=paper.docx")
    text = "\n".join(paragraph.text for paragraph in docx.Document("paper.docx").paragraphs)
    assert "stays whole, in one footprint." in text
    assert "move" not in text


@pytest.mark.usefixtures("region")
def test_a_network_that_is_divided_makes_no_footprint() -> None:
    done = succeeded("divide", *CURRENT, "--min=9000", "--max=25000")
    assert "Divided: " in done.stdout
    assert " move; 5 of " in done.stdout
    succeeded("report", "divided", "--out=drawn")
    page = Path("drawn/report.html").read_text("utf-8")
    assert re.search(r"<h1[^>]*>\d+ primary care networks", page)


@pytest.mark.usefixtures("region")
def test_footprints_of_a_plan_folder_keep_its_way_of_measuring() -> None:
    Path("edges.csv").write_text("practice_code,neighbour_code\n", "utf-8")
    band = ("--set=band.min=14000", "--set=band.max=30000", "--set=adjacency.method=gabriel")
    succeeded("solve", "practices.csv", "--quiet", *band)
    told = json.loads(succeeded("footprints", "plan", *LARGE, "--json").stdout)
    rules = told["configuration"]
    assert rules["adjacency"]["method"] == "gabriel"
    assert (rules["band"]["min"], rules["band"]["max"]) == (40_000, 120_000)
    assert (told["status"], told["out"]) == ("optimal", "footprints")
    own = groupings("plan").set_index("practice_code")["network_id"]
    now = groupings("footprints").set_index("practice_code")["current_network"]
    assert (own == now.reindex(own.index)).all()


@pytest.mark.usefixtures("region")
def test_footprints_that_miss_their_band_end_with_3() -> None:
    done = succeeded("footprints", *CURRENT, "--min=1000000", "--max=1000001", "--quiet")
    assert (done.return_value, done.stdout) == (3, "")


@pytest.mark.usefixtures("region")
def test_free_footprints_say_which_networks_they_split() -> None:
    arguments = ("footprints", *CURRENT, "--min=60000", "--max=100000", "--free")
    done = succeeded(*arguments)
    told = json.loads(succeeded(*arguments, "--overwrite", "--json").stdout)
    table = groupings("footprints").astype({"list_size": int})
    parts = table.groupby(["current_network", "network_id"])["list_size"].sum()
    split = {network for network, count in parts.groupby(level=0).size().items() if count > 1}
    assert split
    assert {each["network"]: each["footprints"] for each in told["split"]} == {
        network: parts[network].to_dict() for network in split
    }
    assert f"Split among footprints: {len(split)} of 5 networks." in done.stdout
    for each in told["split"]:
        assert f"Split: {each['network']} (" in done.stdout
    assert "Every rule holds." in succeeded("check", "footprints").stdout


@pytest.mark.usefixtures("region")
def test_free_footprints_that_split_nothing_say_so() -> None:
    done = succeeded("footprints", *CURRENT, "--min=1", "--max=1000000", "--free")
    assert "No network is split among footprints." in done.stdout


@pytest.mark.usefixtures("region")
def test_footprints_that_split_networks_have_no_totals_and_say_why() -> None:
    today = todays_money()
    done = succeeded("footprints", *CURRENT, "--min=60000", "--max=100000", "--free")
    assert "No totals of footprints" in done.stdout
    paid = money("footprints")
    assert {code: pounds for (level, code), pounds in paid.items() if level == "network"} == today
    assert not [code for level, code in paid if level == "footprint"]
    budget = json.loads(succeeded("budget", "footprints", "--json").stdout)
    (note,) = (n for n in budget["years"][0]["notes"] if n.startswith("No totals of footprints"))
    assert " are in another footprint than most of their network." in note


@pytest.mark.usefixtures("region")
def test_divided_networks_are_told_and_the_rest_stays() -> None:
    done = succeeded("divide", *CURRENT, "--min=12000", "--max=28000")
    told = json.loads(succeeded("divide", *CURRENT, "--min=12000", "--max=28000", "--json").stdout)
    assert told["divided"]
    parts = defaultdict(set)
    for row in groupings("divided").itertuples():
        parts[row.current_network].add(row.network_id)
    for each in told["divided"]:
        assert parts[each["network"]] == set(each["into"])
        assert f"Divided: {each['network']} of {each['patients']:,} patients into" in done.stdout
    for each in told["not_divided"]:
        assert len(parts[each["network"]]) == 1
        assert f"Not divided: {each['network']} of {each['patients']:,} patients" in done.stdout
    assert done.return_value == (3 if told["not_divided"] else 0)
    assert "Every rule holds." in succeeded("check", "divided").stdout
    compared = succeeded("compare", "current", "divided", CURRENT[1], "--json")
    assert json.loads(compared.stdout)["pairs"][0]["patients_moved"] > 0


def money(folder: str) -> dict[tuple[str, str], Decimal]:
    """What is paid in all, by level and code."""
    with (Path(folder) / "budget_totals.csv").open(encoding="utf-8", newline="") as file:
        totals = [row for row in csv.DictReader(file) if row["funding_line"] == "total"]
    assert {row["difference_gbp"] for row in totals} == {"0.00"}
    return {(row["level"], row["code"]): Decimal(row["amount_gbp"]) for row in totals}


def todays_money() -> dict[str, Decimal]:
    """What the networks of today are paid."""
    year = ("--year", "2019/20", "--lines", "registered", "--quiet")
    succeeded("budget", *CURRENT, *year, "--out", "money", "--overwrite")
    return {code: paid for (level, code), paid in money("money").items() if level == "network"}


@pytest.mark.usefixtures("region")
def test_footprints_are_paid_as_the_networks_that_they_hold() -> None:
    today = todays_money()
    succeeded("footprints", *CURRENT, *LARGE, "--quiet")
    paid = money("footprints")
    assert {code: pounds for (level, code), pounds in paid.items() if level == "network"} == today
    inside = defaultdict(set)
    for row in groupings("footprints").itertuples():
        inside[row.network_id].add(row.current_network)
    assert len(inside) < len(today)
    assert {code: pounds for (level, code), pounds in paid.items() if level == "footprint"} == {
        footprint: sum(today[network] for network in networks)
        for footprint, networks in inside.items()
    }
    succeeded("budget", "footprints", "--lines", "registered", "--quiet")
    assert money("budget") == paid
    succeeded("budget", "footprints", "--lines", "registered", "--networks", "plan", "--quiet")
    of_footprints = money("budget")
    assert of_footprints["all", "all"] < paid["all", "all"]  # fewer lines per network
    assert {code for level, code in of_footprints if level == "network"} == set(inside)


@pytest.mark.usefixtures("region")
@pytest.mark.parametrize("plans", [("current", "footprints"), ("footprints", "current")])
def test_footprints_compared_cost_what_their_networks_do(plans: tuple[str, str]) -> None:
    succeeded("footprints", *CURRENT, *LARGE, "--quiet")
    told = json.loads(succeeded("compare", *plans, CURRENT[1], "--json").stdout)
    first, second = told["plans"]
    assert first["networks"] != second["networks"]
    assert first["budget_gbp"] == second["budget_gbp"]
    assert Decimal(second["more_by_networks_gbp"]) == 0


@pytest.mark.usefixtures("region")
def test_what_is_divided_is_paid_as_before() -> None:
    today = todays_money()
    succeeded("divide", *CURRENT, "--min=12000", "--max=28000", "--quiet")
    paid = money("divided")
    assert groupings("divided")["network_id"].nunique() > len(today)
    assert {code: pounds for (level, code), pounds in paid.items() if level == "network"} == today
    assert not [code for level, code in paid if level == "footprint"]


@pytest.mark.usefixtures("region")
def test_a_level_of_levels_is_paid_as_the_networks_at_the_bottom() -> None:
    today = todays_money()
    succeeded("footprints", *CURRENT, *LARGE, "--quiet")
    succeeded("footprints", "footprints", "--min=1", "--max=9000000", "--out", "all", "--quiet")
    paid = money("all")
    assert {code: pounds for (level, code), pounds in paid.items() if level == "network"} == today


@pytest.mark.usefixtures("region")
def test_nothing_to_divide_leaves_the_plan_as_it_is() -> None:
    done = succeeded("divide", *CURRENT, "--min=1", "--max=1000000")
    assert "No network is larger than the maximum: nothing was divided." in done.stdout
    assert done.return_value == 0
    table = groupings("divided")
    assert len(table[["current_network", "network_id"]].drop_duplicates()) == 5
    assert table["network_id"].nunique() == 5


@pytest.mark.usefixtures("region")
@pytest.mark.parametrize("name", ["footprints", "divide"])
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("current",), "Say whose with --practices"),
        ((*CURRENT, "--min=50000", "--max=40000"), "--m"),
        (("nowhere.csv",), "nowhere.csv"),
        ((*CURRENT, "--out=practices.csv"), "is a file"),
        ((*CURRENT, "--workers=0"), "0 is under 1. Give 1 or more."),
    ],
)
def test_what_cannot_be_meant_is_refused(name: str, arguments: tuple[str, ...], told: str) -> None:
    result = run(name, *arguments)
    assert result.exception is not None
    assert told in str(getattr(result.exception, "message", result.exception))
    assert [path.name for path in Path().iterdir()] == ["practices.csv"]


@pytest.mark.usefixtures("region")
def test_footprints_do_not_divide_by_their_own_rules() -> None:
    succeeded("footprints", *CURRENT, *LARGE, "--quiet")
    refused = run("divide", "footprints", "--min=12000", "--max=28000")
    assert isinstance(refused.exception, InputError)
    assert "rules.together" in str(refused.exception)
    succeeded("divide", "footprints", "--min=12000", "--max=28000", "--set=rules={}", "--quiet")
