"""Measure further bands: `python -m benchmarks.bands`, or with codes of regions for these alone.

Every official region is solved without and with each second band, `pcn-group solve` in a process of
its own. The tables of all regions are written into docs/benchmarks.md, those of some are printed.

No official figure comes with the lists, so each practice has three that are made up from its place
and its code (`with_figures`). A limit is in reach of most networks of a region, and binds some.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.instances import OFFICIAL, OFFICIAL_FILES, ROOT
from benchmarks.runs import Process, measured
from benchmarks.tables import conditions, put_into, table
from pcn_group.practices.reading import read_regions
from pcn_group.practices.sample_region import make_sample
from pcn_group.practices.table import practices_csv

OUT = ROOT / "out" / "benchmarks" / "bands"
DOCUMENT = ROOT / "docs" / "benchmarks.md"
LIMIT = 600
"""Seconds of search, far more than any region needs without further bands."""

FIGURES = ("over_75", "need")
PLAIN = "no second band"
_LONGEST = 5
"""How many regions are shown one by one."""


@dataclass(frozen=True)
class Solved:
    """What one run of the command came to.

    Attributes
    ----------
    status
        As the command says it; its exit code where it wrote no plan.
    """

    status: str
    process: Process
    versions: dict[str, str]


Results = Mapping[str, Mapping[str, Solved]]
"""By region, and by what is limited."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bands", description=__doc__)
    parser.add_argument("regions", nargs="*", metavar="REGION", help="code of an official region")
    asked = parser.parse_args().regions
    official = read_regions([OFFICIAL / file for file in OFFICIAL_FILES], region=asked or None)
    warm_up()
    results = {
        region: dict(solve_all(practices.table, OUT / region))
        for region, practices in official.items()
    }
    kept = {
        region: {rule: asdict(solved) for rule, solved in by_rule.items()}
        for region, by_rule in results.items()
    }
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "results.json").write_text(json.dumps(kept, indent=2), encoding="utf-8")
    text = "\n\n".join(sections(results))
    if not asked:
        put_into(DOCUMENT, text, "bands")
    print(text)


def warm_up() -> None:
    """Run each rule once on a tiny region, so that no clock includes compiling or a cold disk."""
    for rule, solved in solve_all(make_sample(12, seed=1), OUT / "warm-up"):
        if not solved.versions:
            raise SystemExit(f"pcn-group does not run with {rule}: it ended with {solved.status}")


def with_figures(practices: pd.DataFrame) -> pd.DataFrame:
    """Return practices with people over 75, a score of need and a weighted list.

    People over 75 are 5 to 12 % of a list, in waves of 60 km to the east and 45 km to the north;
    need is a score from 10 to 40 in waves of 15 km, which is high where fewer are old. To either
    comes what differs from practice to practice: up to 2 % and up to 8, by the first bytes of the
    SHA-256 of its code. A weighted list is longer than the list by as much as need and age say, and
    of the same total.
    """
    east, north = (practices[axis].to_numpy(dtype=float) for axis in ("easting", "northing"))
    lists = practices["list_size"].to_numpy(dtype=float)
    digests = [sha256(code.encode()).digest() for code in practices["practice_code"]]
    own = np.array([list(digest[:2]) for digest in digests]).reshape(-1, 2) / 255
    old = 0.085 + 0.0175 * (_wave(east, 60e3) + _wave(north, 45e3)) + 0.02 * (own[:, 0] - 0.5)
    need = 25 + 5 * (_wave(east, 15e3) - _wave(north, 15e3)) - 200 * (old - 0.085)
    need += 8 * (own[:, 1] - 0.5)
    weight = lists * (1 + (need - 25) / 100 + 2 * (old - 0.085))
    return practices.assign(
        over_75=np.rint(lists * old).astype(int),
        need=need.round(1),
        weighted_list_size=np.rint(weight * lists.sum() / weight.sum()),
    )


def _wave(metres: np.ndarray, length: float) -> np.ndarray:
    wave: np.ndarray = np.sin(metres * 2 * np.pi / length)
    return wave


def second_bands(practices: pd.DataFrame) -> dict[str, list[str]]:
    """Return the settings of each rule, by what the tables call it.

    Parameters
    ----------
    practices
        With their figures: those of the region say what is in reach.
    """
    patients, over_75 = practices["list_size"].sum(), practices["over_75"].sum()
    need = float((practices["need"] * practices["list_size"]).sum() / patients)
    at_least = round(0.9 * 30_000 * over_75 / patients)
    figures = [
        {"name": "over_75", "adds": "sum"},
        {"name": "need", "adds": "mean"},
        {"name": "weighted", "column": "weighted_list_size", "adds": "sum"},
    ]
    bands = {
        "people over 75, a minimum": {"figure": "over_75", "min": at_least, "below": "avoid"},
        "weighted list, 28,000 to 55,000": {
            "figure": "weighted",
            "min": 28_000,
            "max": 55_000,
            "below": "avoid",
            "above": "avoid",
        },
        "mean need, a priced maximum": {
            "figure": "need",
            "max": round(need + 1, 1),
            "above": {"price": 0.2, "ceiling": 100},
        },
    }
    return {PLAIN: []} | {
        rule: [f"profile={json.dumps({'figures': figures, 'bands': [band]})}"]
        for rule, band in bands.items()
    }


def solve_all(practices: pd.DataFrame, folder: Path) -> Iterator[tuple[str, Solved]]:
    """Solve a region under each rule, one after the other."""
    folder.mkdir(parents=True, exist_ok=True)
    practices, file = with_figures(practices), folder / "practices.csv"
    file.write_text(practices_csv(practices, FIGURES), encoding="utf-8")
    for rule, settings in second_bands(practices).items():
        print(f"{folder.name}: {rule}", file=sys.stderr)
        yield rule, solve(file, folder, settings)


def solve(file: Path, folder: Path, settings: Sequence[str]) -> Solved:
    """Run the command once, on one thread: then its CPU seconds are those of its search."""
    command = [sys.executable, "-m", "pcn_group", "solve", str(file), "--json", "--overwrite"]
    command += ["--out", str(folder / "plan"), "--workers", "1", "--time-limit", str(LIMIT)]
    command += [part for setting in settings for part in ("--set", setting)]
    process, output, _ = measured(command, folder, LIMIT)
    if process.exit_code not in {0, 3}:
        return Solved(f"exit code {process.exit_code}", process, {})
    summary = json.loads(output)
    versions = {name: summary["versions"][name] for name in ("pcn-group", "ortools")}
    return Solved(summary["status"], process, versions)


def sections(results: Results) -> Iterator[str]:
    """Return the conditions, the table of all regions, and that of the ones that took longest."""
    solved = [each for by_rule in results.values() for each in by_rule.values()]
    yield conditions(solved)
    rules = list(next(iter(results.values())))
    of_all = ("second band", "regions", "proven", "CPU, s", "ratio", "median ratio", "largest")
    yield "\n".join(table(of_all, [_row(rule, results) for rule in rules]))
    longest = sorted(results, key=lambda region: _seconds(results[region][PLAIN]))[-_LONGEST:]
    rows = [(region, *_ratios(results[region], rules)) for region in reversed(longest)]
    yield "\n".join(table(("region", *rules), rows))


def _row(rule: str, results: Results) -> tuple[str, ...]:
    ratios = [_ratio(by_rule, rule) for by_rule in results.values()]
    total = sum(_seconds(by_rule[rule]) for by_rule in results.values())
    plain = sum(_seconds(by_rule[PLAIN]) for by_rule in results.values())
    proven = sum(by_rule[rule].status == "optimal" for by_rule in results.values())
    figures = (total / plain, statistics.median(ratios), max(ratios))
    return (
        rule,
        str(len(results)),
        str(proven),
        f"{total:,.0f}",
        *(f"{figure:.2f}" for figure in figures),
    )


def _ratios(by_rule: Mapping[str, Solved], rules: Sequence[str]) -> Iterator[str]:
    for rule in rules:
        yield (
            f"{_seconds(by_rule[rule]):.1f} s" if rule == PLAIN else f"{_ratio(by_rule, rule):.2f}"
        )


def _ratio(by_rule: Mapping[str, Solved], rule: str) -> float:
    return _seconds(by_rule[rule]) / _seconds(by_rule[PLAIN])


def _seconds(solved: Solved) -> float:
    return solved.process.cpu_seconds


if __name__ == "__main__":
    main()
