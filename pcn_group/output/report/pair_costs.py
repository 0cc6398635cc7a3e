"""What the alternatives to a plan say of pairs of practices, for who tries changes in its page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pcn_group.base.errors import Fault, InputError
from pcn_group.base.paths import what_is_at
from pcn_group.config.model import Configuration
from pcn_group.output.data.alternatives import is_alternatives, read_alternatives
from pcn_group.output.data.rows_of_several import PairRow
from pcn_group.output.data.summary import rule_files
from pcn_group.output.report.draft import LARGEST
from pcn_group.plan.case import Case
from pcn_group.plan.inputs import digests_of
from pcn_group.plan.reading import StoredPlan, located_networks, read_plan
from pcn_group.practices.units import hosts

__all__ = ["pair_costs"]

_NO_PART = {"search", "output", "funding"}
"""Sections of the configuration on which no cost of a plan hangs"""


def pair_costs(folder: Path, case: Case) -> dict[str, Any]:
    """Return what alternatives say of pairs, as `pair_costs.js` takes it.

    Parameters
    ----------
    folder
        That `alternatives` wrote.
    case
        The plan of the page, which is the best one of these.

    Returns
    -------
    dict
        `within`, the tolerance as a share of the best cost; and `pairs`, each with two positions in
        the region's units, whether they are together in the best plan, what it costs to have it
        otherwise, in patient-`unit`, and whether that is known to be the least. The cheapest come
        first, and last, without a price, those that no plan within the tolerance has otherwise.
        Pairs of which nothing was settled are left out, and so are attached practices, which go
        with their hosts.

    Raises
    ------
    InputError
        As `read_alternatives` and `read_plan`; if the folder holds no alternatives, or those of
        another region, other rules or another best plan; and if the page has no place for them.
    """
    if len(case.region.units) > LARGEST:
        problem = f"is of no use: a page of more than {LARGEST} practices has no What if"
        raise InputError([Fault("--with", problem, "Leave it out.")])
    if what_is_at(folder) is None:
        raise InputError([Fault(str(folder), "does not exist", "Check the path.")])
    if not is_alternatives(folder):
        remedy = "Name a folder that alternatives wrote."
        raise InputError([Fault(str(folder), "holds no alternatives", remedy)])
    stored = read_alternatives(folder)
    best = folder / stored.rows[0].plan
    if faults := list(_strange(folder, best, read_plan(best), case)):
        raise InputError(faults)
    place = {code: i for i, code in enumerate(case.region.problem.codes)}
    pairs = [
        (
            place[row.practice_code],
            place[row.other_practice_code],
            row.in_best == "together",
            None if row.price is None else float(row.price),
            row.settled,
        )
        for row in stored.pairs
        if _is_known(row) and {row.practice_code, row.other_practice_code} <= place.keys()
    ]
    pairs.sort(key=lambda pair: (pair[3] is None, pair[3] or 0.0, pair[:2]))
    return {"within": stored.summary["within"], "pairs": pairs}


def _is_known(row: PairRow) -> bool:
    return row.verdict != "not settled" and (row.verdict != "open" or row.price is not None)


def _strange(folder: Path, path: Path, best: StoredPlan, case: Case) -> Iterator[Fault]:
    """Say why alternatives are not of a plan, the first reason only: others follow from it.

    Parameters
    ----------
    path, best
        The best of them.
    """
    region = case.region
    host_of = dict(zip(region.table["practice_code"], hosts(region.table), strict=True))
    members, _ = located_networks(best.networks, host_of)
    networks = {tuple(sorted(network)) for network in members}
    remake = f"Have them made with the same options: pcn-group alternatives {case.name}"
    if {code for network in best.networks.values() for code in network} != host_of.keys():
        yield Fault(str(folder), "is about other practices than the plan", remake)
    elif not _has_rules_of(best, region.configuration):
        yield Fault(str(folder), "was made under other rules than the plan is judged by", remake)
    elif networks != set(case.networks.values()):
        remedy = f"Draw that one, {path}, or leave these out."
        yield Fault(str(folder), "has another plan than this as the best", remedy)
    elif best.summary.get("cost_integer") != case.report.cost or _has_other_lists(best, case):
        yield Fault(str(folder), "was made from other lists or other travel than this page", remake)


def _has_rules_of(plan: StoredPlan, configuration: Configuration) -> bool:
    rules = plan.configuration
    if rules is None or _decisive(rules) != _decisive(configuration):
        return False
    digests = dict(digests_of(plan.summary))
    now = {row["key"]: row["sha256"] for row in rule_files(configuration)}
    return all(
        digests[key] == now[key]
        for key in digests.keys() & now.keys()
        if key.partition(".")[0] not in _NO_PART
    )


def _decisive(configuration: Configuration) -> dict[str, Any]:
    """Return what plans depend on; of files only the names, wherever they are."""
    files = {key: Path(path.name) for key, path in configuration.files().items()}
    return configuration.with_files(files).model_dump(exclude=_NO_PART)


def _has_other_lists(plan: StoredPlan, case: Case) -> bool:
    table = case.region.table
    sizes = dict(zip(table["practice_code"], table["list_size"], strict=True))
    return any(listed.patients != sizes[code] for code, listed in plan.listed.items())
