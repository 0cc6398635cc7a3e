"""Measure larger and larger networks in the same regions: `python -m benchmarks.sizes`.

Each region is solved with bands for networks of 3 practices in the mean up to two networks in all,
`pcn-group solve` in a process of its own. The tables are written into docs/benchmarks.md.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.instances import OFFICIAL, ROOT, Spec, generated, official
from benchmarks.runs import Process, measured
from benchmarks.tables import conditions, put_into, table
from pcn_group.practices.table import practices_csv

OUT = ROOT / "out" / "benchmarks" / "sizes"
DOCUMENT = ROOT / "docs" / "benchmarks.md"

GENERATED = (generated(80, seed=1, limit=120),)
REAL = (official("16C", "Tees Valley", limit=120),)
PRACTICES = (3, 5, 8, 12, 16, 20, 30, 40)
"""Practices of a network in the mean; so many that a region has less than two are left out."""
_LOW, _HIGH = 0.72, 1.28
"""The band, as shares of the mean network. At 0.75 three networks of the mean would be four of the
least just as well, and a bound that takes practices in part cannot tell that no plan has these."""


@dataclass(frozen=True)
class Size:
    """What one run came to.

    Attributes
    ----------
    practices
        Of a network in the mean, as asked for.
    band
        Fewest and most patients.
    summary, certificate
        What the command says, and its proof; empty where it found no plan.
    """

    practices: int
    band: tuple[int, int]
    process: Process
    summary: dict[str, Any]
    certificate: dict[str, Any]

    @property
    def versions(self) -> dict[str, str]:
        """The versions that it was made with."""
        made_with = self.summary.get("versions", {})
        return {name: made_with[name] for name in ("pcn-group", "ortools") if name in made_with}

    @property
    def proof(self) -> str:
        """What the bound rests on: a tree of assignments, or prices of all networks and cuts."""
        if "tree" in self.certificate:
            return f"tree of {len(self.certificate['tree']):,}"
        return f"{len(self.certificate['tolls']):,} cuts" if self.certificate else "none"

    @property
    def outcome(self) -> str:
        """Whether the plan is the best, or how far from that it may be."""
        if not self.summary:
            return "no plan"
        if self.summary["status"] == "optimal":
            return "optimal"
        return f"gap {self.summary['gap']:.2%}"


def main() -> None:
    """Solve all regions with all bands, and write the tables."""
    specs = [*GENERATED, *(REAL if OFFICIAL.is_dir() else ())]
    OUT.mkdir(parents=True, exist_ok=True)
    compiled = [sys.executable, "-m", "pcn_group", "doctor", "--compile"]
    measured(compiled, OUT, GENERATED[0].limit)  # so that no clock includes it
    runs = {spec.name: list(solve_all(spec)) for spec in specs}
    text = "\n\n".join(sections(runs))
    put_into(DOCUMENT, text, "sizes")
    print(text)


def solve_all(spec: Spec) -> Iterator[Size]:
    """Solve a region with one band after the other."""
    practices = spec.table()
    file = OUT / "practices.csv"
    file.write_text(practices_csv(practices), encoding="utf-8")
    count, patients = len(practices), int(practices["list_size"].sum())
    for each in PRACTICES:
        if 2 * each <= count:
            print(f"{spec.name}: {each} practices a network", file=sys.stderr)
            mean = patients / round(count / each)
            yield _solved(file, spec.limit, each, (round(_LOW * mean), round(_HIGH * mean)))


def _solved(practices: Path, limit: float, each: int, band: tuple[int, int]) -> Size:
    out = OUT / "plan"
    command = [sys.executable, "-m", "pcn_group", "solve", str(practices), "--json"]
    command += ["--out", str(out), "--overwrite", "--workers", "1", "--time-limit", str(limit)]
    command += ["--set", f"band.min={band[0]}", "--set", f"band.max={band[1]}"]
    process, output, errors = measured(command, OUT, limit)
    if process.exit_code not in {0, 3, 5}:
        raise SystemExit(f"{' '.join(command)} ended with {process.exit_code}: {errors}")
    if not output:
        return Size(each, band, process, {}, {})
    proof = json.loads((out / "certificate.json").read_text(encoding="utf-8"))
    return Size(each, band, process, json.loads(output), proof)


def sections(runs: dict[str, list[Size]]) -> Iterator[str]:
    """Return the conditions, and a table of each region."""
    yield conditions(size for sizes in runs.values() for size in sizes)
    head = ("practices a network", "band", "networks", "outcome", "proof", "CPU, s", "MiB")
    for name, sizes in runs.items():
        yield f"### {name[0].upper()}{name[1:]}"
        yield "\n".join(table(head, [*map(_row, sizes)]))


def _row(size: Size) -> Sequence[str]:
    least, most = size.band
    return (
        str(size.practices),
        f"{least:,} to {most:,}",
        str(size.summary.get("networks", "")),
        size.outcome,
        size.proof,
        f"{size.process.cpu_seconds:.1f}",
        f"{size.process.peak_mib:.0f}",
    )


if __name__ == "__main__":
    main()
