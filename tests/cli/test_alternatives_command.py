"""`pcn-group alternatives` as a user meets it: what is printed, written and refused."""

from __future__ import annotations

import csv
import json
import re
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

from pcn_group.cli import main
from pcn_group.output.data.alternatives import ALTERNATIVES_FILES
from pcn_group.output.data.folder import FILES
from tests.paths import ROOT
from tests.plan.compared import write_by_hand

SAMPLE = ROOT / "data" / "sample" / "practices.csv"
OFFICIAL = ROOT.parent / "shared" / "data" / "england-2021"
WIDTH = 80

# The road of docs/method/model.md: A B and C D E cost 94,000 patient-km, A B C and D E 110,000.
PRACTICES = """\
practice_code,practice_name,list_size,easting,northing
A,Abbey,12000,500000,220000
B,Bridge,20000,503000,220000
C,Church,8000,507000,220000
D,Dale,18000,509000,220000
E,Elm,14000,512000,220000
"""
PLANS = """\
plan,cost_patient_km,over_best,mean_km,max_km,networks,share_in_band,patients_moved,practices_moved
plan-01,94000.000,0.0,1.306,3.000,2,1.0,0,0
plan-02,110000.000,0.170213,1.528,4.000,2,1.0,8000,1
"""
TOGETHERNESS = """\
practice_code,other_practice_code,in_best,verdict,cost_together_patient_km,cost_apart_patient_km,\
price_patient_km,settled,practice_name,other_practice_name
A,B,together,always together,94000.000,,,true,Abbey,Bridge
A,C,apart,open,110000.000,94000.000,16000.000,true,Abbey,Church
B,C,apart,open,110000.000,94000.000,16000.000,true,Bridge,Church
C,D,together,open,94000.000,110000.000,16000.000,true,Church,Dale
C,E,together,open,94000.000,110000.000,16000.000,true,Church,Elm
D,E,together,always together,94000.000,,,true,Dale,Elm
"""


@dataclass(frozen=True)
class Run:
    code: int
    out: str
    err: str


@pytest.fixture
def road(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """A folder with the road and a plan made by hand; what to say of them."""
    monkeypatch.chdir(tmp_path)
    Path("practices.csv").write_text(PRACTICES, encoding="utf-8")
    write_by_hand(Path("by-hand.csv"), {"one": "ABC", "two": "DE"})
    return ("alternatives", "by-hand.csv", "--practices=practices.csv")


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's plan, and beside it its alternatives."""
    folder = tmp_path_factory.mktemp("sample")
    done("solve", SAMPLE, "--out", folder / "plan", "--quiet")
    done("alternatives", folder / "plan", "--out", folder / "others", "--count=3", "--quiet")
    return folder


def run(*arguments: str | Path) -> Run:
    """Run the program as from a shell."""
    out, err = StringIO(), StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["pcn-group", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            main()
    return Run(int(stop.value.code or 0), out.getvalue(), err.getvalue())


def done(*arguments: str | Path) -> str:
    """Run it to a good end; give what it printed."""
    result = run(*arguments)
    assert result.code == 0, result.err
    return result.out


def written(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_files_of_a_road(road: tuple[str, ...]) -> None:
    assert run(*road, "--within=20%", "--quiet") == Run(0, "", "")
    files = written(Path("alternatives"))
    plans = [f"plan-0{number}/{name}" for number in (1, 2) for name in FILES]
    assert sorted(files) == sorted([*ALTERNATIVES_FILES, *plans])
    assert files["alternatives.csv"].decode() == PLANS
    assert files["togetherness.csv"].decode() == TOGETHERNESS
    assert not any(b"\r" in content for content in files.values())
    summary = json.loads(files["plan-02/summary.json"])
    assert (summary["status"], summary["cost_integer"]) == ("within_gap", 110_000_000)
    assert (summary["bound_integer"], summary["gap"]) == (94_000_000, 0.145455)


def test_what_is_printed(road: tuple[str, ...]) -> None:
    shown = done(*road, "--within=20%")
    assert "plan-02   110,000.0     17.02%     1.53         2           8,000" in shown
    assert "Proven: there are 2 plans within 20% of the best plan, and no others." in shown
    assert "Together in all of them: 4 of 5 practices, in 2 groups.\n" in shown
    assert "\n  A (Abbey), B (Bridge)\n  D (Dale), E (Elm)\n" in shown
    assert re.search(r"A \(Abbey\) and C \(Church\) +apart +16,000.0 +17.02% +3", shown)
    assert shown.endswith("Written to alternatives\n")
    assert max(map(len, shown.splitlines())) <= WIDTH


def test_where_the_best_plan_is_alone_it_is_said_so(road: tuple[str, ...]) -> None:
    shown = done(*road)
    assert "Proven: no other plan is within 1% of the best plan." in shown
    assert "open pair" not in shown


def test_json_is_one_object_and_what_the_summary_holds(road: tuple[str, ...]) -> None:
    told = json.loads(done(*road, "--within=0.2", "--json"))
    assert told.pop("out") == "alternatives"
    assert told == json.loads(Path("alternatives/summary.json").read_text("utf-8"))
    assert (told["within_asked"], told["within"]) == (0.2, 0.2)
    assert (told["plans_known"], told["plans_are_all"]) == (2, True)
    assert told["plans_are_all_to_patient_km"] == 112_800.0
    assert [plan["plan"] for plan in told["plans"]] == ["plan-01", "plan-02"]
    assert told["always_together"] == [["A", "B"], ["D", "E"]]
    assert (told["pairs_open"], told["pairs_not_settled"]) == (4, 0)


def test_fewer_plans_leave_none_of_an_earlier_run(road: tuple[str, ...]) -> None:
    done(*road, "--within=20%", "--quiet")
    Path("alternatives/.summary.json.12.tmp").touch()  # as a killed run leaves it
    done(*road, "--within=20%", "--count=1", "--quiet")
    assert {path.name for path in Path("alternatives").iterdir()} == {
        *ALTERNATIVES_FILES,
        "plan-01",
        ".summary.json.12.tmp",
    }
    assert json.loads(Path("alternatives/summary.json").read_text("utf-8"))["plans_known"] == 2


def test_a_run_cut_short_leaves_no_summary(
    road: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    done(*road, "--quiet")

    replace = Path.replace

    def cut_short(path: Path, target: Path) -> Path:
        if target.name == "togetherness.csv":
            raise KeyboardInterrupt
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", cut_short)
    assert run(*road, "--within=20%", "--quiet").code == 130
    assert not Path("alternatives/summary.json").exists()
    assert Path("alternatives/plan-02/summary.json").exists()


@pytest.mark.parametrize(
    "foreign",
    ["letter.txt", "plan-01/letter.txt", "plan-01", "plan-1/groupings.csv", "summary.json"],
)
def test_a_foreign_folder_is_refused_before_anything_is_read(tmp_path: Path, foreign: str) -> None:
    path = tmp_path / foreign
    path.parent.mkdir(exist_ok=True)
    path.write_text("{}", encoding="utf-8")
    refused = run("alternatives", "missing.csv", "--out", tmp_path)
    assert refused.code == 2
    assert "with --overwrite" in refused.err
    assert path.exists()


def test_overwriting_leaves_other_files_alone(road: tuple[str, ...]) -> None:
    others = [Path("mine", name) for name in ("letter.txt", "plan-01/letter.txt", "plan-07/a.csv")]
    for path in others:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}", encoding="utf-8")
    done(*road, "--out=mine", "--overwrite", "--quiet")
    done(*road, "--out=mine", "--overwrite", "--quiet")
    assert all(path.read_text("utf-8") == "{}" for path in others)
    assert Path("mine/plan-01/summary.json").exists()


def test_a_file_in_a_plan_of_ours_is_refused_too(road: tuple[str, ...]) -> None:
    done(*road, "--quiet")
    Path("alternatives/plan-01/notes.txt").touch()
    assert run(*road).code == 2


def test_a_file_is_no_folder(road: tuple[str, ...]) -> None:
    assert run(*road, "--out=practices.csv", "--overwrite").code == 2


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--within=few", "is not a share. Say 1% or 0.01."),
        ("--within=-1%", "is not between 0% and 100%"),
        ("--within=101%", "is not between 0% and 100%"),
        ("--within=5", "is not between 0% and 100%. Say 5%, with the sign."),
        ("--within=1", "may mean 1% or 100%"),
        ("--within=1/0", "is not a share"),
        ("--within=nan", "is not a share"),
        ("--within=1e999999999%", "is not a share"),
        ("--count=0", "0 is not in the range"),
        ("--time-limit=0", "'--time-limit': 0 is not above 0. Give more than 0."),
        ("--time-limit=nan", "'--time-limit': nan is no finite number."),
    ],
)
def test_arguments_that_mean_nothing(road: tuple[str, ...], option: str, said: str) -> None:
    refused = run(*road, option)
    assert refused.code == 2
    assert said in refused.err
    assert not Path("alternatives").exists()


def test_current_needs_practices() -> None:
    refused = run("alternatives", "current")
    assert refused.code == 2
    assert "--practices" in refused.err


def test_exit_codes(road: tuple[str, ...]) -> None:
    assert run(*road, "--set=band.max=35000", "--quiet").code == 3
    at_a_price = "--set=band={min: 50000, max: 60000, below: {price: 1, floor: 30000}}"
    assert run(*road, at_a_price, "--quiet").code == 3
    hard = "--set=band={min: 33000, max: 34000, below: forbid, above: forbid}"
    assert run(*road, hard).code == 4
    late = run("alternatives", "current", f"--practices={SAMPLE}", "--time-limit=0.001")
    assert late.code == 5
    assert "--time-limit" in late.err


def test_the_same_bytes_every_time_and_with_any_number_of_workers(
    solved: Path, tmp_path: Path
) -> None:
    for workers in (1, 3):
        out = tmp_path / str(workers)
        some = (f"--set=search.workers={workers}", "--count=3", "--quiet")
        done("alternatives", solved / "plan", *some, "--out", out)
        assert written(out) == written(solved / "others")


def test_every_plan_of_the_sample_can_be_judged_and_compared(solved: Path) -> None:
    plans = rows(solved / "others" / "alternatives.csv")
    assert [plan["plan"] for plan in plans] == ["plan-01", "plan-02", "plan-03"]
    for plan in plans:
        folder = solved / "others" / plan["plan"]
        judged = json.loads(done("check", folder, "--json"))
        assert judged["holds"]
        assert judged["cost"] == round(1000 * float(plan["cost_patient_km"]))
        by_file = json.loads(done("check", folder / "groupings.csv", "--json"))
        assert by_file["cost"] == judged["cost"]
        compared = json.loads(done("compare", solved / "plan", folder, "--json"))
        assert compared["pairs"][0]["patients_moved"] == int(plan["patients_moved"])
    best, first = solved / "others" / "plan-01", solved / "plan"
    for name in ("groupings.csv", "networks.csv", "budgets.csv", "adjacency.csv"):
        assert (best / name).read_bytes() == (first / name).read_bytes(), name


def test_an_alternative_has_the_same_alternatives(solved: Path, tmp_path: Path) -> None:
    again = ("alternatives", solved / "others" / "plan-02", "--count=3", "--quiet")
    done(*again, "--out", tmp_path)
    for name in ("alternatives.csv", "togetherness.csv"):
        assert (tmp_path / name).read_bytes() == (solved / "others" / name).read_bytes()


def test_pairs_of_the_sample_say_what_they_cost(solved: Path) -> None:
    pairs = rows(solved / "others" / "togetherness.csv")
    codes = [(pair["practice_code"], pair["other_practice_code"]) for pair in pairs]
    assert codes == sorted(codes)
    assert all(first < second for first, second in codes)
    # The swap that docs/method/questions.md works out by hand: 462 patient-km.
    (swap,) = (pair for pair in pairs if {"XX00005", "XX00011"} == {*list(pair.values())[:2]})
    assert (swap["in_best"], swap["verdict"]) == ("apart", "open")
    assert round(float(swap["price_patient_km"])) == 462


def test_rules_about_practices_of_other_regions_do_not_stop_a_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    two = PRACTICES.replace("\n", ",R\n").replace("northing,R", "northing,region_code", 1)
    (tmp_path / "two.csv").write_text(f"{two}F,Fen,30000,600000,220000,S\n", encoding="utf-8")
    rules = ("--set", "rules.apart=[[A, F]]", "--set", "adjacency.add=[[A, F]]")
    done("solve", "two.csv", "--region=R", *rules, "--out", "plan", "--quiet")
    done("alternatives", "plan", "--within=20%", "--quiet")
    assert len(rows(Path("alternatives/alternatives.csv"))) == 2


@pytest.mark.skipif(not OFFICIAL.is_dir(), reason="the official extract is not at ../shared/data")
@pytest.mark.deep
def test_luton(tmp_path: Path) -> None:
    files = [f"--practices={OFFICIAL}/gp-reg-pat-prac-{name}.csv" for name in ("all", "map")]
    about = ("alternatives", "current", *files, "--region=06P", "--within=5%")
    told = json.loads(done(*about, "--out", tmp_path / "luton", "--json"))
    assert told["plans_are_all"]
    assert told["plans_known"] == len(told["plans"]) > 1
    for plan in told["plans"]:
        done("check", tmp_path / "luton" / plan["plan"])


def test_a_limit_on_what_moves_is_refused(road: tuple[str, ...]) -> None:
    found = run(*road, "--set", "limits.max_moved_patients=1000")
    assert found.code == 2
    assert "limits.max_moved_patients: is set, and alternatives does not use it" in found.err
