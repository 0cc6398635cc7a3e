"""A small region, and what every command needs to do something with it."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from pcn_group.cli import main
from tests.region.mapped import polygon, shapes

ROAD = """\
practice_code,practice_name,list_size,easting,northing,region_code,current_network
A,Ŵyth Abbey,20000,500000,220000,R1,U1
B,"Bridge, \U0001f309",15000,501000,220000,R1,U1
C,Church,25000,502000,220000,R1,U2
D,Dale,"20,000",503000,220000,R1,U2
E,Eton,"4,000",530000,220000,R1,U2
"""
BAND = ("--set", "band.min=20000")
MAP = shapes(
    ({"neighbourhood_code": "West"}, polygon((-1000, -1000, 1500, 1000))),
    ({"neighbourhood_code": "East"}, polygon((1500, -1000, 40_000, 1000))),
)
"""Two neighbourhoods on either side of the middle of the road"""

GROWTH = "practice_code,growth\nA,1%\n"

JUDGING: Mapping[str, tuple[str, ...]] = {
    "check": ("plan",),
    "explain": ("plan", "--practice", "A"),
    "compare": ("plan", "current", "--practices", "road.csv"),
    "config": ("band",),
    "doctor": ("--json",),
}
"""What each command that writes nothing is given"""

SEARCHING: Mapping[str, tuple[str, ...]] = {
    "solve": ("road.csv", *BAND),
    "repair": ("road.csv", *BAND),
    "align": ("current", "--practices", "road.csv", "--practices", "map.geojson", *BAND),
    "alternatives": ("plan", "--count", "2"),
    "tradeoff": ("road.csv", "--against", "band", "--points", "2", *BAND),
    "footprints": ("plan", "--min", "20000", "--max", "90000"),
    "divide": ("plan", "--min", "10000", "--max", "30000"),
}
"""What each that searches is given, but for `--out`"""

WRITING: Mapping[str, tuple[str, ...]] = {
    **SEARCHING,
    "compare": JUDGING["compare"],
    "budget": ("plan", "--year", "2019/20", "--lines", "registered"),
    "forecast": ("plan", "--growth", "growth.csv"),
    "report": ("plan",),
    "paper": ("plan",),
    "prepare": ("road.csv",),
    "sample": ("--practices", "20"),
    "init": (),
}
"""What each that writes is given, but for `--out`"""

NAMES_A_FILE = {
    "prepare": "new.csv",
    "sample": "new.csv",
    "init": "new.yaml",
    "paper": "new.docx",
}
NO_JSON = {*NAMES_A_FILE, "report"}


@dataclass(frozen=True)
class Run:
    code: int
    out: str
    err: str


def out_of(name: str, folder: Path) -> Path:
    """What `--out` is given: a folder, or a file in it."""
    return folder / NAMES_A_FILE[name] if name in NAMES_A_FILE else folder


@contextmanager
def listening() -> Iterator[None]:
    """Have signals as a terminal's programs do: whatever started the tests may ignore some."""
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, signal.SIG_DFL) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def ended(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str | Path
) -> Run:
    """Run the command line in this process."""
    monkeypatch.setattr(sys, "argv", ["pcn-group", *map(str, arguments)])
    with listening(), pytest.raises(SystemExit) as stop:
        main()
    printed = capsys.readouterr()
    return Run(int(stop.value.code or 0), printed.out, printed.err)


Command = Callable[..., Run]
