"""The judgement of a plan: the rules, and whether what its files say is so.

What `check` prints and what the page takes for proven rest on this alone. The files that `solve`
would have written are made again, from practices, rules and networks, and compared with those that
are there, tables cell by cell. `docs/method/proof.md` says what of a plan is not judged, and why.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from pcn_group.base.days import day_in_words, is_day
from pcn_group.output.data.folder import FILES, ON_REQUEST
from pcn_group.output.data.made_again import Made, false_figure, made_again
from pcn_group.output.data.plan_files import DIGESTS, digest, digest_of_summary
from pcn_group.output.data.table import read_back
from pcn_group.plan.case import Case, open_case
from pcn_group.plan.claims import Claims, check_claims
from pcn_group.plan.inputs import PlanInputs
from pcn_group.plan.moves import check_moves
from pcn_group.plan.reading import StoredPlan
from pcn_group.plan.solved import SolvedPlan
from pcn_group.tables.findings import KINDS
from pcn_group.verify.better import better_plan
from pcn_group.verify.certificate import differing_leaves, shown
from pcn_group.verify.rules import Finding, Report

__all__ = ["Judgement", "check", "compared", "judge", "table_differences", "texts_of"]

NOT_JUDGED = {
    "versions": "which programs made the plan is in no other file",
    "inputs": "names, digests and rows of files that are not there",
    "list_date": "the day that those files say their lists are of",
    "notes": "remarks of the reading of those files",
    "data_report": "findings of the reading of those files",
    "practices": "what groupings.csv says of a practice and no figure depends on: names",
    "configuration": "keys that nothing in the plan depends on, such as those of the search",
    "first_of_equals": "whether another plan that costs as little comes first is for the search",
    "patients_moved_bound": "no certificate is written for it: it rests on the solver",
    "practices_moved_bound": "likewise",
    "misaligned_bound": "likewise",
    "fit": "where patients live is in no file of the plan but those that say how it fits",
    "fit_today": "likewise",
    "who_else_moves": "likewise, and it rests on the solver",
    "sha256": "without it, as in folders of version 0.1, other changes are found all the same",
}
"""Where a change goes unnoticed if the digests are brought in line with it, and the files that the
plan was made from are not given: by the names that `docs/method/proof.md` has for it."""

_AGAIN = "Solve the region again."


@dataclass(frozen=True)
class Judgement:
    """The judgement of a plan.

    Attributes
    ----------
    report
        By the rules, and of what the plan says of itself.
    claims
        Of its proof; None where none belongs to the plan as it is looked at.
    """

    report: Report
    claims: Claims | None = None

    @property
    def is_as_made(self) -> bool:
        """Whether a proof belongs to the plan, and nothing that its files say is wrong.

        Networks outside the band are no fault of it: the proof is that there have to be some.
        """
        broken = [finding for finding in self.report.findings if finding.is_broken]
        return self.claims is not None and all(finding.rule == "band" for finding in broken)


def check(plan: Case | SolvedPlan | Path | str, inputs: PlanInputs | None = None) -> Judgement:
    """Judge a plan by its rules, independently of the solver.

    Parameters
    ----------
    plan
        A folder that `solve` wrote, a `groupings.csv`, or the word `current` for the networks of
        today, which needs `inputs`; or a plan that is read or solved already. Of one in a folder
        what its files say is judged too, its proof above all.
    inputs
        The practices and rules to judge it by; without any, those the plan was made with.

    Raises
    ------
    InputError
        With the faults of the plan, or else of practices, rules and the files that rules name.
    """
    if isinstance(plan, SolvedPlan):
        listed = {network.network_id: network.members for network in plan.networks}
        plan = Case("the plan", plan.region, listed)
    elif not isinstance(plan, Case):
        plan = open_case(str(plan), inputs or PlanInputs())
    return judge(plan)


def judge(case: Case, *, node_limit: int | None = None) -> Judgement:
    """Judge a plan by its rules, and what its files say by what can be worked out again.

    Parameters
    ----------
    node_limit
        How far to go to prove its certificate again; by default as far as `check` does.

    Raises
    ------
    InputError
        If a file of the plan cannot be read, or has a certificate that is none of these practices.
    """
    region = case.region
    report = case.judged(case.listed).with_findings(case.changes)
    plan = case.stored
    if plan is None or not case.is_as_made or not plan.is_folder:
        return Judgement(report)
    texts = texts_of(plan.groupings.parent)
    if case.has_other_lists or (case.has_inputs and _has_others(case, plan, texts)):
        day = f" of {day_in_words(plan.list_date)}" if plan.list_date else ""
        message = f"is of the lists{day} that the plan was made with, and not of those given"
        note = Finding("certificate", "its proof", message, is_broken=False)
        return Judgement(report.with_findings([note]))
    limit = {} if node_limit is None else {"node_limit": node_limit}
    claims = check_claims(region, plan, report, **limit)
    made = made_again(case, plan, report, claims)
    found = [*claims.findings, *made.findings, *compared(plan, texts, made)]
    if made.tables and not any(finding.is_broken for finding in found):
        found += _refuted(case, plan, report, claims)
    return Judgement(report.with_findings(found), claims)


def _refuted(case: Case, plan: StoredPlan, report: Report, claims: Claims) -> Iterator[Finding]:
    """Look for a plan that the claimed bound does not allow, where the certificate is below it."""
    bound, certified = plan.summary.get("bound_integer"), claims.certified
    is_claimed = plan.summary.get("status") != "feasible" or not claims.outside.is_any
    if type(bound) is not int or not is_claimed or (certified is not None and bound <= certified):
        return
    for better in better_plan(case.region.problem, report, bound):
        moves = check_moves(case.region, better.networks)
        if not any(finding.is_broken for finding in moves):
            what = "has fewer patients outside the band"
            if not better.fewer_outside:
                travel = case.region.travel
                cost = f"{travel.to_unit(better.cost):,.1f} patient-{travel.unit}"
                what = f"costs {cost}, less than the bound claimed"
            message = f"is refuted: with {better.step} a plan {what}"
            yield Finding("certificate", "summary.json, bound_integer", message, is_broken=True)
            return


def texts_of(folder: Path) -> dict[str, str]:
    """Return the text of each file of a plan that is there."""
    return {
        name: read_back(folder / name, _AGAIN).removeprefix("\ufeff")
        for name in (*FILES, *ON_REQUEST)
        if (folder / name).is_file()
    }


def _has_others(case: Case, plan: StoredPlan, texts: Mapping[str, str]) -> bool:
    """Whether a plan is of other practices than those of the files that it was made from.

    So is one that `divide` made of networks that leave some out. Version 0.1 may have read the
    files otherwise, or have had the networks of today of another plan.
    """
    columns = ["practice_code"]
    if DIGESTS not in plan.summary:
        columns += ["list_size", "current_network"]
    rows = {tuple(row.get(name) for name in columns) for row in _rows_of(texts["groupings.csv"])}
    return rows != set(case.region.table[columns].astype(str).itertuples(index=False, name=None))


def compared(plan: StoredPlan, texts: Mapping[str, str], made: Made) -> list[Finding]:
    """Compare what the files of a plan hold with what they are to hold.

    Parameters
    ----------
    texts
        Of the files that are there, by name.
    """
    found = [*_summary(plan, made.summary | _counts(texts)), *_misshapen(plan)]
    for name, right in made.tables.items():
        if name in texts:
            found += itertools.starmap(false_figure, table_differences(name, texts[name], right))
    told = {finding.where.split(",")[0] for finding in found}
    return found + [finding for finding in _digests(plan, texts) if finding.where not in told]


def _misshapen(plan: StoredPlan) -> Iterator[Finding]:
    """Check that what is not judged at least looks as it is written."""
    for key, is_so in _LOOKS.items():
        value = plan.summary.get(key)
        if key in plan.summary and not is_so(value):
            yield false_figure(f"summary.json, {key}", f"says {shown(value)}, which it cannot be")


def _are_inputs(rows: object) -> bool:
    kinds = {"name": str, "sha256": str, "rows": int}
    return isinstance(rows, list) and all(
        isinstance(row, dict)
        and row.keys() == kinds.keys()
        and all(isinstance(row[key], kind) for key, kind in kinds.items())
        for row in rows
    )


def _is_day(value: object) -> bool:
    return value == "" or is_day(value)


def _are_texts(values: object) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) for value in values)


def _are_versions(values: object) -> bool:
    return (
        isinstance(values, dict)
        and "pcn-group" in values
        and all(isinstance(version, str) for version in values.values())
    )


def _are_counts(values: object) -> bool:
    return isinstance(values, dict) and all(
        kind in KINDS and type(count) is int and count > 0 for kind, count in values.items()
    )


_LOOKS: Mapping[str, Callable[[object], bool]] = {
    "versions": _are_versions,
    "inputs": _are_inputs,
    "list_date": _is_day,
    "notes": _are_texts,
    "data_report": _are_counts,
}


def _counts(texts: Mapping[str, str]) -> dict[str, Any]:
    """Count the findings of a data report by kind, as its summary is to have them."""
    if "data_report.csv" not in texts:
        return {}
    kinds = [row.get("finding") for row in _rows_of(texts["data_report.csv"])]
    return {"data_report": {kind: kinds.count(kind) for kind in KINDS if kind in kinds}}


def _summary(plan: StoredPlan, expected: Mapping[str, Any]) -> Iterator[Finding]:
    """Compare what a summary says with what it is to say; what it does not say is no claim."""
    for key, there in plan.summary.items():
        if key in expected:
            for path, what in differing_leaves(there, expected[key], key):
                yield false_figure(f"summary.json, {path}", what)


def _digests(plan: StoredPlan, texts: Mapping[str, str]) -> Iterator[Finding]:
    """Compare the files with the digests of what was written."""
    if DIGESTS not in plan.summary:
        return
    stated = plan.summary[DIGESTS]
    stated = stated if isinstance(stated, dict) else {}
    own = {name: digest(text) for name, text in texts.items()}
    own["summary.json"] = digest_of_summary(plan.summary)
    for name in sorted({*own, *stated}):
        if name not in own and name in {*FILES, *ON_REQUEST}:
            yield Finding("figures", name, "is not there any more", is_broken=False)
        elif own.get(name) != stated.get(name):
            yield false_figure(
                name, "is not as it was written: summary.json has another SHA-256 of it"
            )


_KEYS = {
    "groupings.csv": ("practice_code",),
    "networks.csv": ("network_id",),
    "budgets.csv": ("region_code", "network_id", "financial_year", "funding_line", "paid_to"),
    "practice_budgets.csv": (
        "region_code",
        "network_id",
        "practice_code",
        "financial_year",
        "funding_line",
    ),
    "budget_totals.csv": ("level", "region_code", "code", "financial_year", "funding_line"),
    "cash_flow.csv": ("region_code", "network_id", "funding_line", "paid_to", "month"),
    "adjacency.csv": ("practice_code", "neighbour_code"),
    "travel.csv": ("from", "to"),
    "networks_fit.csv": ("network_id",),
    "practices_fit.csv": ("practice_code",),
    "neighbourhoods.csv": ("neighbourhood", "network_id"),
    "residents.csv": ("area_code", "network_id"),
    "profile.csv": ("level", "network_id", "figure"),
    "profile_spread.csv": ("code", "figure"),
    "practice_figures.csv": ("practice_code", "figure"),
    "data_report.csv": ("finding", "practice_code", "file", "detail"),
}
"""What a row of each table is about."""

Row = Mapping[str, str]


def table_differences(name: str, there: str, right: str) -> Iterator[tuple[str, str]]:
    """Compare a table with what it should be, whatever the order of its rows.

    Columns that only one of the two has are left alone: other versions have others.

    Parameters
    ----------
    name
        Of the file; one of `_KEYS`.
    there, right
        Its text, and what solve would have written.

    Yields
    ------
    tuple of str
        For each cell that differs, and each row that is missing or too many, where it is and what
        is wrong, as a clause.
    """
    keys, wanted = _KEYS[name], _rows_of(right)
    left: dict[tuple[str, ...], list[Row]] = {}
    for row in wanted:
        left.setdefault(_key(row, keys), []).append(row)
    strangers = []
    for number, row in enumerate(_rows_of(there), start=2):
        same = left.get(_key(row, keys))
        if same:
            yield from _cells(name, number, row, same.pop(0))
        else:
            strangers.append((number, row))
    missing = [row for rows in left.values() for row in rows]
    # A row whose key was changed stands where another is missing.
    for (number, row), other in zip(strangers, missing, strict=False):
        yield from _cells(name, number, row, other)
    for number, row in strangers[len(missing) :]:
        yield f"{name}, row {number}", f"is one too many: there is none about {_named(row, keys)}"
    for row in missing[len(strangers) :]:
        yield name, f"has no row about {_named(row, keys)}"


def _rows_of(text: str) -> list[Row]:
    """Return the rows of a table, all values as text; of a damaged one, those before the damage."""
    rows: list[Row] = []
    with suppress(csv.Error):
        rows.extend(csv.DictReader(io.StringIO(text, newline=""), restval=""))
    return rows


def _key(row: Row, keys: Sequence[str]) -> tuple[str, ...]:
    return tuple(row.get(key) or "" for key in keys)


def _named(row: Row, keys: Sequence[str]) -> str:
    return " ".join(part for part in _key(row, keys) if part) or "nothing"


def _cells(name: str, number: int, row: Row, other: Row) -> Iterator[tuple[str, str]]:
    for column, right in other.items():
        there = row.get(column)
        if there is not None and not _is_same(there, right):
            where = f"{name}, row {number}, column {column}"
            yield where, f"says {there or 'nothing'}, and {right or 'nothing'} is right"


def _is_same(there: str, right: str) -> bool:
    """Whether two cells say the same: a spreadsheet writes numbers and flags its own way."""
    if there == right or there.lower() == right.lower() in {"true", "false"}:
        return True
    if any(cell[:1] == "0" and cell[1:2] not in {"", "."} for cell in (there, right)):
        return False  # a code
    try:
        one, other = Decimal(there), Decimal(right)
    except InvalidOperation:
        return False
    return one.is_finite() and one == other
