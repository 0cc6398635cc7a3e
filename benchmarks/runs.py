"""Running a program on an instance, in a process of its own, and judging what comes back."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.instances import Instance
from benchmarks.programs import PCN_GROUP, TODAY, Peer
from benchmarks.score import Score, score

__all__ = [
    "THREADS",
    "TOLERANCE",
    "Process",
    "Run",
    "judged_today",
    "measured",
    "run_pcn_group",
    "run_peer",
    "run_repeatedly",
]

THREADS = 2
"""What each program may use; those in plain Python use one."""

_GRACE = 60.0
"""Seconds beyond the limit after which a program is ended: starting up and writing take time."""

_SHORT = 10.0
"""A run shorter than this is repeated, and the one in the middle reported."""

_REPETITIONS = 3

TOLERANCE = 1e-6
"""HiGHS counts in floating point: a bound this near to the cost proves it."""

_MEASURE = Path(__file__).with_name("measure.py")


@dataclass(frozen=True)
class Process:
    """What a program's process took, from starting up to the last byte written."""

    seconds: float
    cpu_seconds: float
    peak_mib: float
    exit_code: int


@dataclass(frozen=True)
class Run:
    """What a program made of an instance.

    Attributes
    ----------
    score
        Of its plan; None where it found none.
    bound
        What it claims no plan can cost less than; None without such a claim.
    seconds
        It worked on the instance, without starting up; None where nothing ran.
    found
        Seconds after which it had its plan; None where it does not say.
    process
        None where nothing ran.
    note
        What else it says.
    """

    program: str
    score: Score | None
    bound: int | None = None
    seconds: float | None = None
    found: float | None = None
    process: Process | None = None
    note: str = ""
    versions: dict[str, str] = field(default_factory=dict)

    @property
    def proves(self) -> bool:
        """Whether it claims that its plan is the best there is."""
        return self.score is not None and self.score.holds and self.gap <= TOLERANCE

    @property
    def gap(self) -> float:
        """By how much the bound stays below the cost, as a share of it; 1 without either."""
        if self.score is None or self.bound is None:
            return 1.0
        return (self.score.cost - self.bound) / self.score.cost


def run_pcn_group(instance: Instance) -> Run:
    """Run the whole command once."""
    out = instance.folder / "plan"
    command = [sys.executable, "-m", "pcn_group", "solve", str(instance.folder / "practices.csv")]
    command += ["--out", str(out), "--json", "--workers", str(THREADS)]
    command += ["--time-limit", str(instance.spec.limit)]
    process, output, errors = measured(command, instance.folder, instance.spec.limit)
    if process.exit_code not in {0, 3}:
        reason = (errors.strip().splitlines() or ["ended without a message"])[-1]
        return Run(PCN_GROUP, None, process=process, note=reason)
    summary = json.loads(output)
    return Run(
        PCN_GROUP,
        score(instance.problem, _groupings(out / "groupings.csv", instance.problem.codes)),
        bound=summary["bound_integer"],
        seconds=summary["seconds"]["search"],
        process=process,
        note=summary["status"],
        versions={name: summary["versions"][name] for name in ("pcn-group", "ortools")},
    )


def run_repeatedly(instance: Instance) -> Run:
    """Run pcn-group; where it is short three times, for the run in the middle."""
    runs = [run_pcn_group(instance)]
    while (runs[0].seconds or _SHORT) < _SHORT and len(runs) < _REPETITIONS:
        runs.append(run_pcn_group(instance))
    return sorted(runs, key=lambda run: run.seconds or 0)[len(runs) // 2]


def run_peer(peer: Peer, instance: Instance) -> Run:
    """Run a peer's script once."""
    answer_file = instance.folder / f"{Path(peer.script).stem}.json"
    answer_file.unlink(missing_ok=True)
    arguments = (instance.folder / "region.json", answer_file, instance.spec.limit, THREADS)
    command = [*peer.command, *map(str, arguments)]
    process, _, errors = measured(command, instance.folder, instance.spec.limit)
    if not answer_file.exists():
        reason = (errors.strip().splitlines() or ["ended without an answer"])[-1]
        return Run(peer.name, None, process=process, note=reason)
    answer = json.loads(answer_file.read_text(encoding="utf-8"))
    judged = None
    if answer["networks"] is not None:
        networks = [[instance.shared[k] for k in members] for members in answer["networks"]]
        alone = [[practice] for practice in instance.problem.oversize]
        judged = score(instance.problem, [*networks, *alone])
    kept = {key: answer[key] for key in ("bound", "seconds", "found", "note", "versions")}
    return Run(peer.name, judged, process=process, **kept)


def judged_today(instance: Instance) -> Run | None:
    """Judge the networks of today, where they are real."""
    if instance.current is None:
        return None
    return Run(TODAY, score(instance.problem, instance.current))


def measured(command: Sequence[str], folder: Path, limit: float) -> tuple[Process, str, str]:
    """Run a command under `measure.py`; return what it took, its output and its errors.

    Parameters
    ----------
    folder
        Where the measurements are written.
    limit
        The seconds that the command has been told to end after.
    """
    file = folder / "measured.json"
    kill_after = str(limit + _GRACE)
    launcher = [sys.executable, "-I", "-S", str(_MEASURE), str(file), kill_after]
    done = subprocess.run([*launcher, *command], capture_output=True, text=True, check=True)
    return Process(**json.loads(file.read_text(encoding="utf-8"))), done.stdout, done.stderr


def _groupings(file: Path, codes: Sequence[str]) -> list[list[int]]:
    numbers = {code: i for i, code in enumerate(codes)}
    networks: dict[str, list[int]] = {}
    with file.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            networks.setdefault(row["network_id"], []).append(numbers[row["practice_code"]])
    return list(networks.values())
