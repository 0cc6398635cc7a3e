"""Measure all official regions under other rules: `python -m benchmarks.rules`.

Under each the batch is run once over all of them, two regions at a time, and what it says of every
region is put together. The table is written into docs/benchmarks.md.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.instances import OFFICIAL, OFFICIAL_FILES, ROOT
from benchmarks.runs import THREADS, Process, measured
from benchmarks.tables import conditions, put_into, table

OUT = ROOT / "out" / "benchmarks" / "rules"
DOCUMENT = ROOT / "docs" / "benchmarks.md"
LIMIT = 60
"""Seconds of search for a region."""
_LONGEST_BATCH = 3600
_SHOWN = 3
"""How many regions without a proof are named."""

_CONFIGS = ROOT / "configs"
RULES: Mapping[str, Sequence[str]] = {
    "the default: 30,000 to 50,000": (),
    "25,000 to 60,000": ("--set", "band.min=25000", "--set", "band.max=60000"),
    "40,000 to 70,000": ("--set", "band.min=40000", "--set", "band.max=70000"),
    "neighbourhood-50k": ("--config", str(_CONFIGS / "neighbourhood-50k.yaml")),
    "rural-exception": ("--config", str(_CONFIGS / "rural-exception.yaml")),
    "a price of change": ("--set", "prices.change=2"),
    "a price of borders": ("--set", "prices.authority=2"),
    "Gabriel's neighbours": ("--set", "adjacency.method=gabriel"),
    "six nearest neighbours": ("--set", "adjacency.method=knn"),
    "at most six practices": ("--set", "limits.max_practices=6"),
}
"""The settings of each batch, by what the table calls it."""


@dataclass(frozen=True)
class Batch:
    """What a batch came to.

    Attributes
    ----------
    regions
        What it says of each, as in its `summary.csv`.
    """

    regions: Sequence[Mapping[str, Any]]
    process: Process
    versions: Mapping[str, str]

    @property
    def is_settled(self) -> int:
        """How many regions have the best plan, or a proof that there is none."""
        return sum(row["status"] in {"optimal", "infeasible"} for row in self.regions)

    @property
    def seconds(self) -> list[float]:
        """What each region took, the longest first."""
        return sorted((float(row["seconds"]) for row in self.regions), reverse=True)

    def open(self) -> Iterator[str]:
        """Name the regions without a proof, the widest gap first."""
        rows = [row for row in self.regions if row["status"] not in {"optimal", "infeasible"}]
        rows.sort(key=lambda row: -_gap(row))
        for row in rows[:_SHOWN]:
            yield f"{row['region_code']} {_gap(row):.2%}"
        if len(rows) > _SHOWN:
            yield f"and {len(rows) - _SHOWN} more"


def main() -> None:
    """Run all batches, and write the table."""
    files = [OFFICIAL / file for file in OFFICIAL_FILES]
    OUT.mkdir(parents=True, exist_ok=True)
    compiled = [sys.executable, "-m", "pcn_group", "doctor", "--compile"]
    measured(compiled, OUT, LIMIT)  # so that no clock includes it
    batches = {rule: run(files, rule, settings) for rule, settings in RULES.items()}
    text = "\n\n".join(sections(batches))
    put_into(DOCUMENT, text, "rules")
    print(text)


def run(files: Sequence[Path], rule: str, settings: Sequence[str]) -> Batch:
    """Run one batch."""
    print(rule, file=sys.stderr)
    command = [sys.executable, "-m", "pcn_group", "batch", *map(str, files), "--json"]
    command += ["--out", str(OUT / "plans"), "--overwrite", "--workers", str(THREADS)]
    command += ["--time-limit", str(LIMIT), *settings]
    process, output, errors = measured(command, OUT, _LONGEST_BATCH)
    if not output:
        raise SystemExit(f"the batch under {rule} ended with {process.exit_code}: {errors}")
    told = json.loads(output)
    first = next(row["region_code"] for row in told["regions"] if row["networks"])
    summary = json.loads((OUT / "plans" / first / "summary.json").read_text(encoding="utf-8"))
    versions = {name: summary["versions"][name] for name in ("pcn-group", "ortools")}
    return Batch(told["regions"], process, versions)


def sections(batches: Mapping[str, Batch]) -> Iterator[str]:
    """Return the conditions, and the table."""
    yield conditions(batches.values())
    head = ("rules", "settled", "open", "seconds in all", "longest", "second", "CPU, s", "MiB")
    yield "\n".join(table(head, [_row(rule, batch) for rule, batch in batches.items()]))


def _row(rule: str, batch: Batch) -> tuple[str, ...]:
    first, second = [*(f"{seconds:.1f}" for seconds in batch.seconds), "", ""][:2]
    return (
        rule,
        f"{batch.is_settled} of {len(batch.regions)}",
        ", ".join(batch.open()),
        f"{batch.process.seconds:.0f}",
        first,
        second,
        f"{batch.process.cpu_seconds:.0f}",
        f"{batch.process.peak_mib:.0f}",
    )


def _gap(row: Mapping[str, Any]) -> float:
    return 1.0 if row["gap"] in {None, ""} else float(row["gap"])


if __name__ == "__main__":
    main()
