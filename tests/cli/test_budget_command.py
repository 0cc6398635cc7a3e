"""`pcn-group budget`: the money of any plan, as files and on the terminal."""

from __future__ import annotations

import csv
import json
import sys
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from pcn_group.base.errors import InputError
from pcn_group.base.extras import how_to_install
from pcn_group.cli import group
from pcn_group.funding.tariff import WHERE_PUBLISHED
from pcn_group.output.data.budget_files import BASIS, BUDGET_FILES
from tests.cli.ends import ended
from tests.paths import ROOT

OFFICIAL = ROOT.parent / "shared" / "data" / "england-2021"
OFFICIAL_FILES = [OFFICIAL / f"gp-reg-pat-prac-{name}.csv" for name in ("all", "map")]

GROUPINGS = """\
practice_code,practice_name,list_size,region_code,network_id,easting,northing,current_network,\
weighted_list_size,adjusted_list_size,care_home_beds,icb_code
A,Abbey,20000,R1,N1,500000,220000,North,18345.55,19000.00,40,Q
B,Bridge,15000,R1,N1,501000,220000,North,16200.10,15500.00,0,Q
C,Church,25000,R2,N2,502000,220000,South,25400.25,24000.00,12,Q
D,Dale,9000,R2,,503000,220000,,9100.00,9100.00,7,Q
"""

NEEDED = ("weighted_list_size", "care_home_beds")

TARIFF = """\
financial_year: 2026/27
lines:
  - {name: local, description: Ours, rate_gbp: '0.10', per: adjusted, paid_to: practices,
     recurrent: false, cash: true, source: A letter, confirmed: true}
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the plan as `plan.csv`."""
    monkeypatch.chdir(tmp_path)
    Path("plan.csv").write_text(GROUPINGS, "utf-8")
    return tmp_path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(group, ["budget", *map(str, arguments)])


def succeeded(*arguments: str | Path) -> str:
    done = run(*arguments)
    assert done.exit_code == 0, done.output
    return done.stdout


def refused(*arguments: str | Path) -> list[str]:
    """What is wrong: nothing is written then."""
    error = run(*arguments).exception
    assert isinstance(error, InputError)
    assert not Path("budget").exists()
    return [str(fault) for fault in error.faults]


def rows(path: Path | str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(Path(path).read_text("utf-8"))))


@pytest.mark.usefixtures("here")
def test_the_files_as_a_person_reckons_them() -> None:
    succeeded("plan.csv", "--year", "2019/20", "--lines", "core,participation", "--out", "money")
    assert {path.name for path in Path("money").iterdir()} == {*BUDGET_FILES, BASIS}
    networks = [
        [row[name] for name in ("region_code", "network_id", "funding_line", "units", "amount_gbp")]
        for row in rows("money/budgets.csv")
    ]
    # 1.761 x 34,545.65 is 60,834.88965, and x 25,400.25 is 44,729.84025.
    assert networks == [
        ["R1", "N1", "core", "35000", "52500.00"],
        ["R1", "N1", "participation", "34545.65", "60834.89"],
        ["R2", "N2", "core", "25000", "37500.00"],
        ["R2", "N2", "participation", "25400.25", "44729.84"],
    ]
    assert Path("money/practice_budgets.csv").read_text("utf-8") == (
        "region_code,network_id,practice_code,financial_year,funding_line,basis,units,rate_gbp,"
        "amount_gbp,counted,network_name,practice_name\n"
        "R1,N1,A,2019/20,participation,weighted,18345.55,1.761,32306.51,true,,Abbey\n"
        "R1,N1,B,2019/20,participation,weighted,16200.10,1.761,28528.38,true,,Bridge\n"
        "R2,N2,C,2019/20,participation,weighted,25400.25,1.761,44729.84,true,,Church\n"
    )
    icb = [row for row in rows("money/budget_totals.csv") if row["level"] == "icb"]
    assert [(row["code"], row["funding_line"], row["amount_gbp"]) for row in icb] == [
        ("Q", "core", "90000.00"),
        ("Q", "participation", "105564.73"),
        ("Q", "total", "195564.73"),
    ]
    assert {row["difference_gbp"] for row in rows("money/budget_totals.csv")} == {"0.00"}


@pytest.mark.usefixtures("here")
def test_all_lines_of_a_year_with_beds_by_the_month() -> None:
    printed = succeeded("plan.csv", "--year", "2020/21")
    beds = [
        (row["network_id"], row["month"], row["amount_gbp"])
        for row in rows("budget/cash_flow.csv")
        if row["funding_line"] == "care_home"
    ]
    months = [f"2020-{month:02}" for month in range(8, 13)] + ["2021-01", "2021-02", "2021-03"]
    assert beds == [(n, m, pay) for n, pay in (("N1", "300.00"), ("N2", "90.00")) for m in months]
    line = next(line for line in printed.splitlines() if line.startswith("care_home"))
    shown = "care_home £7.50 bed a month 52 £3,120.00 £0.0520 yes"
    assert " ".join(line.split()) == shown


@pytest.mark.usefixtures("here")
def test_what_is_printed() -> None:
    printed = succeeded("plan.csv", "--year", "2019/20", "--lines", "registered")
    lines = [" ".join(line.split()) for line in printed.splitlines()]
    assert "core £1.50 patient 60,000 £90,000.00 £1.5000 yes" in lines
    assert "clinical_pharmacist £37,810 network 2 £75,620.00 £1.2603 yes" in lines
    assert "in all £264,698.00 £4.4116" in lines
    assert "Shown, but not counted, since not confirmed: extended_hours £65,940.00." in lines
    assert "Left out, since not asked for: participation." in lines
    partial = "partial: without participation (1.761 a weighted patient)"
    assert f"2019/20: £264,698.00 in all, {partial}." in lines
    assert "2 networks, 3 practices, 60,000 patients." in lines
    assert "Paid nothing, in no network: D (Dale), with 9,000 patients." in lines
    assert lines[-1] == "Written to budget"


@pytest.mark.usefixtures("here")
def test_unconfirmed_lines_can_be_counted_and_part_years_made_whole() -> None:
    lines = ("--lines", "clinical_director,extended_hours", "--json")
    told = json.loads(succeeded("plan.csv", "--year", "2019/20", *lines))
    assert told["total_gbp"] == "30858.00"
    told = json.loads(succeeded("plan.csv", "--year", "2019/20", *lines, "--unconfirmed"))
    assert told["total_gbp"] == "96798.00"
    told = json.loads(succeeded("plan.csv", "--year", "2019/20", *lines, "--full-year"))
    assert told["total_gbp"] == "128400.00"  # 0.69 and 1.45


@pytest.mark.usefixtures("here")
def test_several_years_with_growth() -> None:
    asked = ("--years", "2019/20..2021/22", "--growth", "0.6%", "--lines", "core", "--json")
    told = json.loads(succeeded("plan.csv", *asked))
    # R1: 35,000, 35,210 and 35,421.26. R2 has 34,000 with D; of 34,204 C gets 25,150, and of
    # 34,409.22, C's 25,300.90 make 25,301.
    assert [year["patients"] for year in told["years"]] == [60_000, 60_360, 60_722]
    assert [year["total_gbp"] for year in told["years"]] == ["90000.00", "90540.00", "91083.00"]
    assert told["total_gbp"] == "271623.00"
    assert told["years"][2]["practices_in_no_network"] == ["D"]
    totals = [t for t in told["years"][1]["totals"] if t["level"] == "region"]
    assert {t["difference_gbp"] for t in totals} == {"0.00"}


@pytest.mark.usefixtures("here")
def test_the_networks_of_today_and_a_plan_by_hand() -> None:
    Path("hand.csv").write_text(
        "practice_code,network_id\nA,X\nB,X\nC,X\nGONE,X\n", encoding="utf-8"
    )
    core = ("--year", "2019/20", "--lines", "core", "--practices", "plan.csv", "--json")
    today = json.loads(succeeded("current", *core))
    assert (today["years"][0]["networks"], today["total_gbp"]) == (2, "90000.00")
    hand = json.loads(succeeded("hand.csv", *core))
    # X reaches over a border, and is whole in R1, where most of its patients are.
    assert [row["region_code"] for row in rows("budget/budgets.csv")] == ["R1"]
    assert hand["total_gbp"] == "90000.00"
    assert hand["notes"][-1] == (
        "1 practice of the plan without a list among the practices, paid nothing: GONE."
    )
    one = json.loads(succeeded("plan.csv", "--region", "R2", *core))
    assert one["total_gbp"] == "37500.00"


@pytest.mark.usefixtures("here")
def test_a_tariff_of_ones_own() -> None:
    Path("own.yaml").write_text(TARIFF, "utf-8")
    told = json.loads(succeeded("plan.csv", "--year", "2026/27", "--tariff", "own.yaml", "--json"))
    assert told["total_gbp"] == "5850.00"


def dated(day: str) -> str:
    """The plan with lists of a day."""
    header, *rows_ = GROUPINGS.splitlines()
    return "\n".join([f"{header},list_date", *(f"{row},{day}" for row in rows_), ""])


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("day", "year"),
    [("2021-01-01", "2021/22"), ("2021-03-31", "2021/22"), ("2020-12-01", "2020/21")],
)
def test_without_a_year_it_is_that_of_the_lists(day: str, year: str) -> None:
    Path("plan.csv").write_text(dated(day), "utf-8")
    told = json.loads(succeeded("plan.csv", "--lines", "registered", "--json"))
    assert [each["financial_year"] for each in told["years"]] == [year]
    assert told["list_date"] == day


@pytest.mark.usefixtures("here")
def test_the_day_of_the_lists_stands_beside_the_year() -> None:
    Path("plan.csv").write_text(dated("2021-01-01"), "utf-8")
    assert "2021/22, lists of 1 January 2021: £" in succeeded("plan.csv", "--lines", "core")


@pytest.mark.usefixtures("here")
def test_lists_without_a_date_need_a_year() -> None:
    (fault,) = refused("plan.csv")
    assert fault == (
        "lists: have no date, which would say which year they are paid in. "
        "Say the year with --year, such as 2021/22."
    )


@pytest.mark.usefixtures("here")
def test_lists_grow_from_their_own_year_on() -> None:
    Path("plan.csv").write_text(dated("2018-01-01"), "utf-8")
    about = ("--year", "2020/21", "--lines", "core", "--growth", "10%", "--json")
    (year,) = json.loads(succeeded("plan.csv", *about))["years"]
    assert year["patients"] == 72_600  # 60,000, twice a tenth more: from 2018/19 to 2020/21


@pytest.mark.usefixtures("here")
def test_a_year_whose_rates_are_not_known_says_so() -> None:
    shown = succeeded("plan.csv", "--year", "2026/27", "--lines", "registered")
    assert "since the rate is not known: core_registered, core_adjusted, enhanced_access" in shown
    assert "Capacity and access payments, for support and for improvement, ended" in shown


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--year", "2019/20", "--years", "2019/20..2020/21"), "Say one of --year"),
        (("--year", "2019"), "no financial year"),
        (("--year", "2019/20..2020/21"), "say --years"),
        (("--year", "2019/20", "--growth", "0.6"), "has no sign"),
        (("--year", "2019/20", "--growth", "60%"), "not between"),
        (("--year", "2019/20", "--growth", "much"), "no percentage"),
        (("--year", "2019/20", "--growth", "1e999999999%"), "no percentage"),
    ],
)
def test_arguments_that_make_no_sense(arguments: tuple[str, ...], problem: str) -> None:
    done = run("plan.csv", *arguments)
    assert done.exit_code == 2
    assert problem in " ".join(done.stderr.split())
    assert not Path("budget").exists()


@pytest.mark.usefixtures("here")
def test_a_column_that_is_missing_is_named_and_never_stood_in_for() -> None:
    text = GROUPINGS.replace("18345.55", "").replace(",40,", ",,")
    Path("plan.csv").write_text(text, "utf-8")
    named = ("--lines", "registered,support,roles,participation,care_home")
    roles, homes = refused("plan.csv", "--year", "2020/21", *named)
    assert roles == (
        "practices, column weighted_list_size: is needed for support, roles, participation, and "
        "unknown for 1 practice: A. Fill it in for every practice (published in NHS Payments to "
        "General Practice), or choose other lines with --lines, such as all: those that the "
        "columns at hand settle."
    )
    assert homes.startswith("practices, column care_home_beds: is needed for care_home, and")
    told = json.loads(succeeded("plan.csv", "--year", "2020/21", "--json"))
    (year,) = told["years"]
    assert {each["needs"] for each in year["left_out"]} == {"weighted_list_size", "care_home_beds"}
    assert "roles (7.131 a weighted patient)" in told["remark"]
    totals = [row for row in rows("budget/budget_totals.csv") if row["funding_line"] == "total"]
    assert {row["remark"] for row in totals} == {told["remark"]}


@pytest.mark.usefixtures("here")
def test_a_year_without_a_tariff_is_paid_by_an_earlier_one_when_asked() -> None:
    shown = succeeded("plan.csv", "--year", "2031/32", "--earlier-tariff", "--lines", "registered")
    assert "2031/32: £0.00 in all, by the rates of 2026/27; partial: without " in shown


@pytest.mark.usefixtures("here")
def test_faults_of_plan_and_tariff() -> None:
    (line,) = refused("plan.csv", "--year", "2019/20", "--lines", "coree")
    assert "Did you mean core?" in line
    (year,) = refused("plan.csv", "--year", "2031/32")
    assert year.startswith("tariff: there is none of this year ('2031/32')")
    Path("own.yaml").write_text("financial_year: 2019/20\nlines: [{}]\n", "utf-8")
    assert len(refused("plan.csv", "--year", "2019/20", "--tariff", "own.yaml")) == 9
    Path("twice.csv").write_text("practice_code,network_id\nA,N\nA,M\n,M\n", "utf-8")
    told = refused("twice.csv", "--year", "2019/20", "--practices", "plan.csv")
    assert any("is empty" in fault for fault in told)
    Path("twice.csv").write_text("practice_code,network_id\nA,N\nA,M\n", "utf-8")
    (twice,) = refused("twice.csv", "--year", "2019/20", "--practices", "plan.csv")
    assert twice.startswith("twice.csv, row 3, column practice_code: is there twice (row 2) ('A')")


@pytest.mark.usefixtures("here")
def test_beds_are_whole_and_not_negative() -> None:
    Path("plan.csv").write_text(GROUPINGS.replace(",40,", ",-4,").replace(",12,", ",1.5,"), "utf-8")
    told = refused("plan.csv", "--year", "2019/20")
    assert [fault.partition(". ")[0] for fault in told] == [
        "plan.csv, row 2, column care_home_beds: is not a number of beds ('-4')",
        "plan.csv, row 4, column care_home_beds: is not a number of beds ('1.5')",
    ]


@pytest.mark.usefixtures("here")
def test_current_needs_to_know_whose() -> None:
    done = run("current", "--year", "2019/20")
    assert isinstance(done.exception, InputError)
    assert "Say whose with --practices" in str(done.exception)


@pytest.mark.usefixtures("here")
def test_only_an_earlier_budget_is_replaced() -> None:
    core = ("plan.csv", "--year", "2019/20", "--lines", "core", "--quiet")
    assert succeeded(*core) == ""
    assert succeeded(*core) == ""
    Path("budget/notes.txt").write_text("mine", "utf-8")
    done = run(*core)
    assert isinstance(done.exception, InputError)
    assert "holds something that is not a budget ('notes.txt')" in str(done.exception)
    assert succeeded(*core, "--overwrite") == ""
    Path("other").mkdir()
    Path("other/budgets.csv").write_text("mine\n", "utf-8")
    assert isinstance(run(*core, "--out", "other").exception, InputError)


@pytest.mark.usefixtures("here")
def test_exit_codes(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    done, refused = (
        ended(monkeypatch, capsys, "budget", "plan.csv", "--year", year)
        for year in ("2019/20", "2031/32")
    )
    assert done.code == 0
    assert refused.code == 2
    assert "Nothing was written." in refused.err


def test_a_plan_folder_and_its_budget_agree(here: Path) -> None:
    practices = GROUPINGS.replace(",network_id,", ",").replace(",R2,,", ",R1,")
    practices = practices.replace(",R1,N1,", ",R1,").replace(",R2,N2,", ",R1,")
    Path("practices.csv").write_text(practices, "utf-8")
    settings = ("--set=funding.lines=all", "--set=funding.unconfirmed=true", "--quiet")
    settings = ("--set=funding.year=2019/20", *settings)
    done = CliRunner().invoke(group, ["solve", "practices.csv", *settings])
    assert done.exit_code == 0, done.output
    succeeded("plan", "--unconfirmed")  # in the year of the plan
    for name in BUDGET_FILES:
        assert (here / "plan" / name).read_bytes() == (here / "budget" / name).read_bytes()
    summary = json.loads((here / "plan" / "summary.json").read_text("utf-8"))
    counted = [row for row in rows("plan/budgets.csv") if row["counted"] == "true"]
    assert Decimal(summary["budget_gbp"]) == sum(Decimal(row["amount_gbp"]) for row in counted)
    assert len(summary["budget_lines"]) == 6
    assert summary["budget_left_out"] == []


@pytest.mark.skipif(not OFFICIAL.is_dir(), reason="the official extract is not at ../shared/data")
@pytest.mark.deep
def test_the_recurrent_payment_of_all_england(here: Path) -> None:
    lists = pd.read_csv(OFFICIAL_FILES[0], dtype=str)
    plan = lists[["CODE", "CCG_CODE", "CCG_CODE"]]
    plan.columns = pd.Index(["practice_code", "network_id", "region_code"])
    plan.to_csv("ccgs.csv", index=False)
    asked = ["ccgs.csv", "--year", "2019/20", "--lines", "core", "--json"]
    for path in OFFICIAL_FILES:
        asked += ["--practices", str(path)]
    told = json.loads(succeeded(*asked))
    (year,) = told["years"]
    assert (year["networks"], year["patients"]) == (135, 60_606_345)
    assert (year["total_gbp"], year["patients_in_no_network"]) == ("90909517.50", 0)
    ccgs = [row for row in rows(here / "budget" / "budget_totals.csv") if row["level"] == "region"]
    core = [row for row in ccgs if row["funding_line"] == "core"]
    sizes = lists.assign(patients=lists["NUMBER_OF_PATIENTS"].astype(int))
    expected = sizes.groupby("CCG_CODE")["patients"].sum()
    assert {row["code"]: Decimal(row["amount_gbp"]) for row in core} == {
        code: Decimal("1.50") * patients for code, patients in expected.items()
    }
    assert len(core) == 135
    assert {row["difference_gbp"] for row in ccgs} == {"0.00"}


@pytest.mark.usefixtures("here")
@pytest.mark.skipif(not OFFICIAL.is_dir(), reason="the official extract is not at ../shared/data")
def test_official_files_alone_make_a_partial_budget() -> None:
    files = [part for path in OFFICIAL_FILES for part in ("--practices", path)]
    told = json.loads(succeeded("current", *files, "--region", "06P", "--json"))
    (year,) = told["years"]
    assert (year["financial_year"], told["list_date"]) == ("2021/22", "2021-01-01")
    assert [line["funding_line"] for line in year["lines"]] == [
        "core",
        "clinical_director",
        "extended_hours",
    ]
    assert told["remark"] == (
        "partial: without care_home (120 a bed), roles (12.30 a weighted patient, not confirmed), "
        "participation (1.761 a weighted patient)"
    )
    assert {each["where"] for each in year["left_out"]} == set(map(WHERE_PUBLISHED.get, NEEDED))
    assert (year["patients"], told["total_gbp"]) == (242_104, "886584.85")  # at £3.662


@pytest.mark.usefixtures("here")
def test_what_a_budget_rests_on_is_beside_it() -> None:
    asked = ("plan.csv", "--years", "2019/20..2020/21", "--lines", "core", "--growth", "0.6%")
    told = json.loads(succeeded(*asked, "--json"))
    beside = json.loads(Path("budget/budget.json").read_text("utf-8"))
    assert beside | {"out": "budget"} == told
    assert beside["basis"]["plan"] == "plan.csv"
    assert [source["name"] for source in beside["basis"]["inputs"]] == ["plan.csv"]
    assert (beside["basis"]["growth"], beside["basis"]["lines"]) == ("0.6%", ["core"])
    assert (beside["basis"]["full_year"], beside["basis"]["unconfirmed"]) == (False, False)


@pytest.mark.usefixtures("here")
def test_a_network_over_a_border_is_told_of() -> None:
    Path("plan.csv").write_text(GROUPINGS.replace(",R2,N2,", ",R2,N1,"), "utf-8")
    note = "1 network is in several regions and counted in each: N1."
    assert note in succeeded("plan.csv", "--year", "2019/20", "--lines", "core")


@pytest.mark.usefixtures("here")
def test_what_would_make_no_difference_is_refused() -> None:
    Path("own.yaml").write_text(TARIFF, "utf-8")
    (fault,) = refused("plan.csv", "--year", "2019/20", "--tariff", "own.yaml")
    assert "is of a year that is not asked for" in fault
    done = run("plan.csv", "--year", "2019/20", "--growth", "0.6%")
    assert done.exit_code == 2
    assert "--growth is from 2019/20 on" in done.output


@pytest.mark.usefixtures("here")
def test_a_plan_without_networks_is_refused() -> None:
    nobody = GROUPINGS.replace(",N1,", ",,").replace(",N2,", ",,")
    Path("plan.csv").write_text(nobody, "utf-8")
    (fault,) = refused("plan.csv", "--year", "2019/20", "--lines", "core")
    assert fault.startswith("plan.csv: has no practice in a network")


@pytest.mark.usefixtures("here")
def test_a_workbook_is_written_only_where_it_is_asked_for() -> None:
    about = ("plan.csv", "--year", "2023/24", "--out", "money")
    succeeded(*about, "--workbook")
    book = load_workbook("money/budget.xlsx", data_only=True)
    totals = [row for row in rows("money/budget_totals.csv") if row["level"] == "all"]
    _, paid, differences = (row[1].value for row in book["Read me"].iter_rows(max_row=3))
    assert (paid, differences) == (float(totals[-1]["amount_gbp"]), 0)
    succeeded(*about)
    assert not Path("money/budget.xlsx").exists()


@pytest.mark.usefixtures("here")
def test_without_the_package_nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    (fault,) = refused("plan.csv", "--year", "2019/20", "--workbook")
    assert fault.endswith(how_to_install("excel"))
