"""Reading a plan: a folder that `solve` wrote, or any `groupings.csv`, made by hand or not.

A folder that was named as a plan and is none is told for what it is.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from pcn_group.base import limits
from pcn_group.base.errors import Fault, InputError
from pcn_group.base.paths import sha256_of, what_is_at
from pcn_group.base.wording import listed
from pcn_group.config.loading import stored_configuration
from pcn_group.config.model import Configuration
from pcn_group.practices.table import Source
from pcn_group.tables.columns import read_columns, repeated_practices
from pcn_group.tables.numbers import as_dates, whole_numbers
from pcn_group.tables.sheets import unmarked
from pcn_group.verify.rules import Finding

__all__ = [
    "FIGURES",
    "GROUPINGS",
    "RECORDS",
    "Listed",
    "StoredPlan",
    "in_several_places",
    "located_networks",
    "named_alike",
    "networks_by_code",
    "read_plan",
    "refuse_no_plan",
]

GROUPINGS = "groupings.csv"
"""What makes a folder a plan."""

FIGURES = "practice_figures.csv"
"""What a plan's practices add to the figures of its profile."""

RECORDS = ".batch"
"""In the folder of a batch: what is kept of its regions."""

_OF_A_CURVE = re.compile(r"plan-[0-9]+\.csv")
"""A plan of a curve: beside it there is JSON with what it was made of, and under which rules."""

_KINDS = (
    (RECORDS, "holds a batch, not one plan", f"*/{GROUPINGS}"),
    ("curve.csv", "holds a trade-off, not one plan", "plan-*.csv"),
    ("togetherness.csv", "holds alternatives, not one plan", f"plan-*/{GROUPINGS}"),
    ("budgets.csv", "holds a budget, not a plan", None),
    ("forecast.csv", "holds a forecast, not a plan", None),
    ("comparison.csv", "holds a comparison, not a plan", None),
    ("comparison.html", "holds a comparison, not a plan", None),
    ("report.html", "holds pictures of a plan, not the plan", None),
)
"""What each kind of folder has, what to say of it, and where the plans in it are, if it has any"""


def refuse_no_plan(path: Path, *, may_be_batch: bool = False) -> None:
    """Stop where what a user named as a plan is none: say what it holds, and what to name.

    Parameters
    ----------
    path
        What the user named. A file is left to its reader.
    may_be_batch
        Whether a batch will do, all its regions together.

    Raises
    ------
    InputError
        If it does not exist or cannot be looked at, or is a folder without a `groupings.csv`, or
        with that of a batch.
    """
    there = what_is_at(path)
    if there is None:
        raise InputError([Fault(str(path), "does not exist", "Check the path.")])
    if there == "file":
        return
    is_batch = what_is_at(path / RECORDS) == "folder" and not may_be_batch
    if is_batch or not what_is_at(path / GROUPINGS):
        raise InputError([_fault(path)])


def _fault(folder: Path) -> Fault:
    for name, problem, plans in _KINDS:
        if (folder / name).exists():
            remedy = _naming_one(folder, plans) if plans else "Name the plan it was made of."
            return Fault(str(folder), problem, remedy)
    remedy = f"Name a folder that solve wrote, or a {GROUPINGS}."
    return Fault(str(folder), f"holds no plan: there is no {GROUPINGS} in it", remedy)


def _naming_one(folder: Path, pattern: str) -> str:
    """Have one of the plans in a folder named: the file, or the folder that is one."""
    plans = [
        path.parent if path.name == GROUPINGS else path for path in sorted(folder.glob(pattern))
    ]
    return f"Name one plan in it{f', such as {plans[0]}' if plans else ''}."


@dataclass(frozen=True)
class Listed:
    """A practice as a plan has it: its name, and its patients by the lists the plan was made of."""

    name: str
    patients: int


@dataclass(frozen=True)
class StoredPlan:
    """A plan as it was read.

    Attributes
    ----------
    groupings, source
        The `groupings.csv` itself, and what was read of it.
    networks
        The practice codes of each network, by network identifier, as in the file.
    names
        The name of each network that has one in the file, and only one.
    summary
        What `summary.json` holds, or the JSON beside a plan of a curve; empty where there is none.
    certificate
        What `certificate.json` holds; None where there is none.
    adjacency
        The pairs of `adjacency.csv`, each in order of code; None where there is none.
    """

    groupings: Path
    source: Source
    networks: dict[str, tuple[str, ...]]
    names: dict[str, str] = field(default_factory=dict)
    summary: dict[str, Any] = field(default_factory=dict)
    certificate: Any = None
    adjacency: frozenset[tuple[str, str]] | None = None

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder that `solve` wrote, which says more than rules and networks."""
        return bool(self.summary) and self.groupings.name == GROUPINGS

    @property
    def tables(self) -> tuple[Path, ...]:
        """The files that say what there is to know of its practices."""
        figures = self.groupings.with_name(FIGURES)
        return (self.groupings, *([figures] if self.is_folder and figures.is_file() else []))

    @property
    def has_rules(self) -> bool:
        """Whether it says what rules it was made under."""
        return "configuration" in self.summary

    @cached_property
    def configuration(self) -> Configuration | None:
        """The rules the plan was made under; None where it does not say.

        They are made sense of only when they are asked for: whoever gives others needs them not.

        Raises
        ------
        InputError
            If they are not valid.
        """
        if not self.has_rules:
            return None
        return stored_configuration(self.summary["configuration"], "summary.json")

    @property
    def inputs(self) -> tuple[str, ...]:
        """The SHA-256 of each file of practices it was made from, as far as it says."""
        rows = self.summary.get("inputs")
        rows = rows if isinstance(rows, list) else []
        return tuple(str(row.get("sha256")) for row in rows if isinstance(row, dict))

    @property
    def counts_residents(self) -> bool:
        """Whether patients were counted where they live, which its own columns do not tell."""
        fit = self.summary.get("fit")
        return isinstance(fit, dict) and fit.get("by") == "residents"

    @property
    def list_date(self) -> str:
        """The day of the lists it was made from, ISO; empty where it does not say."""
        told = self.summary.get("list_date")
        return as_dates(pd.Series([told if isinstance(told, str) else ""])).iloc[0]

    @cached_property
    def listed(self) -> dict[str, Listed]:
        """Each practice as the plan has it; of what is no number of patients there are none."""
        rows = read_columns(self.groupings, ("practice_code",), ("practice_name", "list_size"))
        sizes = whole_numbers(rows["list_size"]).fillna(0).astype(int)
        cells = zip(rows["practice_code"], rows["practice_name"], sizes, strict=True)
        return {code: Listed(unmarked(name), max(0, size)) for code, name, size in cells}

    def is_of_other_lists(self, practices: Sequence[Source]) -> bool:
        """Whether it says what it was made from, and that is not these files, nor its own columns.

        Parameters
        ----------
        practices
            The files of practices.
        """
        if self.is_among(practices):
            return False
        given = sorted(source.sha256 for source in practices)
        return bool(self.inputs) and given != sorted(self.inputs)

    def is_among(self, practices: Sequence[Source]) -> bool:
        """Whether its own columns are among the files of practices."""
        return any(source.sha256 == self.source.sha256 for source in practices)

    def with_sources(self, practices: Sequence[Source]) -> tuple[Source, ...]:
        """Return the files of practices and the plan's own: it may be one of them."""
        return tuple(practices) if self.is_among(practices) else (*practices, self.source)


def read_plan(path: Path, *, may_be_batch: bool = False) -> StoredPlan:
    """Read a plan.

    Parameters
    ----------
    path
        A folder with a `groupings.csv` and what else `solve` wrote beside it, or such a file, which
        of a curve that `tradeoff` wrote has its rules beside it. Only its columns `practice_code`
        and `network_id` are needed here; a practice with no network is in none.
    may_be_batch
        As for `refuse_no_plan`.

    Raises
    ------
    InputError
        With every fault of every file, or as `refuse_no_plan`.
    """
    refuse_no_plan(path, may_be_batch=may_be_batch)
    if not path.is_dir():
        rules = path.with_suffix(".json")
        is_of_a_curve = _OF_A_CURVE.fullmatch(path.name) and rules.exists()
        summary = _read_summary(rules) if is_of_a_curve else {}
        return StoredPlan(path, *_read_groupings(path), summary=summary)
    faults: list[Fault] = []
    plan: dict[str, Any] = {"groupings": path / GROUPINGS}
    for key, name, read in (
        ("rows", GROUPINGS, _read_groupings),
        ("summary", "summary.json", _read_summary),
        ("certificate", "certificate.json", _read_json),
        ("adjacency", "adjacency.csv", _read_adjacency),
    ):
        if (path / name).exists() or key == "rows":
            try:
                plan[key] = read(path / name)
            except InputError as error:
                faults += error.faults
    if faults:
        raise InputError(faults)
    plan["source"], plan["networks"], plan["names"] = plan.pop("rows")
    return StoredPlan(**plan)


def networks_by_code(codes: pd.Series[str], labels: pd.Series[str]) -> dict[str, tuple[str, ...]]:
    """Collect the practices of each network; a practice without a label is in none.

    Parameters
    ----------
    codes
        Practice codes.
    labels
        The network of each, empty for none.
    """
    networks: dict[str, list[str]] = {}
    for code, label in sorted(zip(codes, labels, strict=True), key=lambda pair: pair[1]):
        if label:
            networks.setdefault(label, []).append(code)
    return {label: tuple(members) for label, members in networks.items()}


def in_several_places(name: str, networks: Mapping[str, Sequence[str]]) -> list[Fault]:
    """Return a fault for each practice that is in two places: it moves from neither."""
    times = Counter(code for codes in networks.values() for code in codes)
    return [
        Fault(
            name,
            f"has practice {code} {count} times, in "
            + listed(label for label, codes in networks.items() if code in codes),
            "Keep one row for each practice.",
        )
        for code, count in sorted(times.items())
        if count > 1
    ]


def located_networks(
    networks: Mapping[str, Sequence[str]], hosts: Mapping[str, str]
) -> tuple[list[list[int]], list[Finding]]:
    """Turn practice codes into positions among those that are attached to no other.

    Parameters
    ----------
    networks
        The practice codes of each network.
    hosts
        The practices of the region in order, each with the one it counts with: its host, or itself.

    Returns
    -------
    tuple
        The positions in each network, and findings on practices that are not in the region and on
        attached ones that are not where their host is.
    """
    places = {code: i for i, code in enumerate(code for code in hosts if hosts[code] == code)}
    members = [
        [places[code] for code in network if code in places] for network in networks.values()
    ]
    strangers = [
        Finding("coverage", label, f"has {code}, which is not among the practices", is_broken=True)
        for label, network in networks.items()
        for code in network
        if code not in hosts
    ]
    return members, [*strangers, *_astray(networks, hosts)]


def _astray(networks: Mapping[str, Sequence[str]], hosts: Mapping[str, str]) -> Iterator[Finding]:
    """Report attached practices that are in no network, in several, or in another than the host."""
    places: dict[str, list[str]] = {code: [] for code in hosts}
    for label, network in networks.items():
        for code in network:
            if code in places:
                places[code].append(label)
    for code, host in hosts.items():
        own, wanted = places[code], places[host]
        if code == host:
            continue
        if len(own) > 1:
            message = f"is {len(own)} times in a network: {', '.join(dict.fromkeys(own))}"
            yield Finding("coverage", code, message, is_broken=True)
        elif not own or own[0] not in wanted:
            message = (
                f"is attached to {host} and counts with it, in {' and '.join(wanted) or 'none'}, "
                f"but is in {' '.join(own) or 'none'}"
            )
            yield Finding("attached", code, message, is_broken=True)


def _refuse_practices(path: Path) -> None:
    """Stop with an InputError where a file is a list of practices, and no plan of them."""
    try:
        read_columns(path, ("practice_code", "list_size"))
    except InputError:
        return
    remedy = (
        f"Group them first (pcn-group solve {path.name}), and name the folder that this writes; or "
        f"say current --practices {path.name} for their networks of today."
    )
    raise InputError([Fault(path.name, "is a list of practices, and a plan is wanted", remedy)])


def _read_groupings(path: Path) -> tuple[Source, dict[str, tuple[str, ...]], dict[str, str]]:
    try:
        rows = read_columns(path, ("practice_code", "network_id"), ("network_name",))
    except InputError:
        _refuse_practices(path)
        raise
    faults = [
        Fault(path.name, "is empty", "Give the practice's code.", int(str(line)), "practice_code")
        for line in rows.index[rows["practice_code"] == ""]
    ]
    # One that is spelt in one way twice is in the plan twice, which is for `check` to judge.
    spellings = rows.groupby("practice_code")["written"].transform("nunique")
    several = (spellings > 1) & (rows["practice_code"] != "")
    faults += repeated_practices(rows[several], path.name)
    if faults:
        raise InputError(faults)
    source = Source(path.name, sha256_of(path), len(rows))
    named = named_alike(rows, ["network_id"])
    names = dict(zip(named["network_id"], named["network_name"], strict=True))
    return source, networks_by_code(rows["practice_code"], rows["network_id"]), names


def named_alike(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return the rows of networks that have one name, with it.

    Where rows disagree somebody has moved a practice by hand, and left its old name there.

    Parameters
    ----------
    rows
        With `network_id` and `network_name`, as `read_columns` gives them.
    by
        The columns that tell networks apart.
    """
    named = rows[(rows["network_id"] != "") & (rows["network_name"] != "")]
    named = named[named.groupby(by)["network_name"].transform("nunique") == 1]
    return named.assign(network_name=[unmarked(name) for name in named["network_name"]])


def _read_adjacency(path: Path) -> frozenset[tuple[str, str]]:
    # A region of one practice has no neighbours.
    rows = read_columns(path, ("practice_code", "neighbour_code"), may_be_empty=True)
    pairs = zip(rows["practice_code"], rows["neighbour_code"], strict=True)
    return frozenset((min(pair), max(pair)) for pair in pairs)


def _read_summary(path: Path) -> dict[str, Any]:
    summary = _read_json(path)
    if not isinstance(summary, dict):
        raise InputError([Fault(path.name, "is not a summary", "Solve the region again.")])
    return summary


def _read_json(path: Path) -> Any:  # noqa: ANN401 - whatever the file holds
    try:
        return json.loads(limits.read_whole(path, limits.PLAIN).decode("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        problem = f"is not readable JSON: {error}"
        raise InputError([Fault(path.name, problem, "Solve the region again.")]) from error
