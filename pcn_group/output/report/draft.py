"""What a page needs to judge drafts: the problem in integers, and what is shown of it.

A draft is a plan that somebody makes in the page from the one that it shows. `judge.js` judges it
by the same integers as `verify.rules` does, so all that those rules take is here: costs and travel
as arrays of numbers in base 64, the rest as plain values. Positions are those of the region's
units.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pcn_group.funding.budget import YearBudget
from pcn_group.output.data.rows import GROUPINGS, GroupingRow
from pcn_group.output.maps.colours import PALETTE
from pcn_group.output.maps.layers import MapLayers
from pcn_group.output.report.facts import Facts
from pcn_group.plan.money import plan_budget
from pcn_group.plan.network import Network
from pcn_group.practices.authorities import authority_name
from pcn_group.practices.units import unit_numbers
from pcn_group.region.building import RegionRules
from pcn_group.region.figure_limits import FigureLimit
from pcn_group.region.problem import FORBIDDEN, Problem
from pcn_group.region.region import Region
from pcn_group.tables.sheets import safe_files
from pcn_group.verify.certificate import outside_of
from pcn_group.verify.rules import check_plan

__all__ = ["LARGEST", "WHAT_IF", "draft_data", "draft_facts", "draft_problem"]

LARGEST = 600
"""Practices of a region whose page has this: costs and travel of this many weigh 6 MB"""

WHAT_IF = (
    "judge.js",
    "payments.js",
    "pair_costs.js",
    "draft.js",
    "draft_map.js",
    "draft_tables.js",
    "draft_view.js",
    "what_if.js",
)
"""What reads it: the rules, the money, what pairs cost, a draft, its map, its tables, the rest that
one sees of it, and what one does"""

_EXACT = 2**53
"""Integers below this are exact in a browser"""

_OUT_OF_REACH = 2**32 - 1
"""In place of what is forbidden, in an array of 32 bits"""


def draft_data(
    facts: Facts, layers: MapLayers, region: Region, pairs: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return what the scripts of a page read to judge drafts; nothing where a region is too large.

    Parameters
    ----------
    facts, layers, region
        As for `report_html`.
    pairs
        What is known of pairs of practices, as `pair_costs` has it; None for nothing. It is no part
        of the digest: a draft goes on where the page knows more.
    """
    if len(region.units) > LARGEST:
        return {}
    colours = {"palette": PALETTE, "colours": layers.networks["colour"].tolist()}
    return {"draft": draft_facts(facts, region) | colours | {"pair_costs": pairs}}


def draft_facts(facts: Facts, region: Region) -> dict[str, Any]:
    """Return the problem, the plan to start from, and what drafts are compared with."""
    values = {
        "problem": draft_problem(region),
        "networks": [
            {"id": each.network_id, "name": each.name, "members": sorted(each.members)}
            for each in facts.described
        ],
        "are_footprints": facts.are_footprints,
        "proof": _proof(facts, region),
        "money": _money(region, facts.described),
        "groupings": _groupings(region, facts.practices),
        "rules": _rules(facts),
    }
    text = json.dumps(values, sort_keys=True, ensure_ascii=False)
    return values | {"digest": hashlib.sha256(text.encode("utf-8")).hexdigest()}


def draft_problem(region: Region) -> dict[str, Any]:
    """Return a region and its rules as `judge.js` takes them."""
    problem, limits = region.problem, region.configuration.limits
    units = region.units
    today = units["current_network"].tolist()
    free = RegionRules.of(region.configuration.rules, problem.codes).free
    return {
        "unit": region.travel.unit,
        "steps": round(region.travel.steps(1)),
        "codes": problem.codes,
        "weights": problem.weights.tolist(),
        "practices": units["practices"].tolist(),
        "cost": _integers(problem.cost),
        "travel": _floats(region.travel.to_hubs),
        "sites": [
            {
                "code": site.code,
                "name": place.name,
                "anchor": site.anchor,
                "capacity": site.capacity,
            }
            for site, place in zip(problem.sites, region.hub_places, strict=True)
        ],
        "neighbours": problem.neighbours,
        "size": problem.size.to_json(),
        "max_practices": problem.max_practices,
        "together": problem.together,
        "apart": problem.apart,
        "fixed": problem.fixed,
        "plan_limits": _plan_limits(problem),
        "price_elsewhere": 0 if problem.alignment is None else problem.alignment.price,
        "neighbourhoods": _neighbourhoods(region),
        "figures": _figures(region),
        "figure_limits": [_figure_limit(limit) for limit in problem.figure_limits],
        "authorities": [authority_name(code) or code for code in units["local_authority"]],
        "today": today,
        "free": free,
        "may_move": {
            "practices_first": limits.max_moved_practices is not None,
            "patients": limits.max_moved_patients,
            "practices": limits.max_moved_practices,
        },
    }


def _plan_limits(problem: Problem) -> list[dict[str, Any]]:
    return [
        {
            "step": limit.step,
            "total": limit.total,
            "areas": limit.areas,
            "counts_patients": limit.alignment is not None and limit.neighbourhood is None,
            "neighbourhood": limit.neighbourhood,
        }
        for limit in problem.plan_limits
    ]


def _figures(region: Region) -> list[dict[str, Any]]:
    """Return the figures of the profile, but for those that only longer integers hold."""
    return [
        {
            "title": figure.title,
            "adds": figure.adds,
            "amounts": figure.amounts.tolist(),
            "base": figure.base.tolist(),
            "scale": figure.scale,
        }
        for figure in region.figures
        if sum(map(abs, figure.amounts.tolist())) < _EXACT
    ]


def _figure_limit(limit: FigureLimit) -> dict[str, Any]:
    """Return one side of a further band, with the amounts of its figure as they were counted."""
    figure = limit.figure
    return {
        "title": figure.title,
        "side": limit.side,
        "at": [str(limit.at.numerator), str(limit.at.denominator)],
        "adds": figure.adds,
        "figure_amounts": figure.amounts.tolist(),
        "base": figure.base.tolist(),
        "scale": figure.scale,
        "amounts": limit.amounts.tolist(),
        "limit": limit.limit,
        "unit": limit.unit,
        "is_priced": limit.allowed > 0,
        "price": limit.price,
        "avoid": limit.avoid,
    }


def _neighbourhoods(region: Region) -> dict[str, Any] | None:
    """Return where patients live; None without a map of neighbourhoods."""
    every = region.neighbourhoods
    if every is None:
        return None
    names = every.names or every.codes
    return {"codes": every.codes, "names": names, "patients": every.patients.tolist()}


def _integers(cost: NDArray[np.int64]) -> dict[str, str]:
    """Return costs as 32 bits each where all that are allowed fit, else as exact floats."""
    allowed = cost < FORBIDDEN
    if cost[allowed].max(initial=0) < _OUT_OF_REACH:
        return _encoded(np.where(allowed, cost, _OUT_OF_REACH).astype("<u4"), "Uint32Array")
    return _floats(np.where(allowed, cost, np.inf))


def _floats(values: NDArray[Any]) -> dict[str, str]:
    return _encoded(values.astype("<f8"), "Float64Array")


def _encoded(values: NDArray[Any], kind: str) -> dict[str, str]:
    return {"kind": kind, "bytes": base64.b64encode(values.tobytes()).decode("ascii")}


def _proof(facts: Facts, region: Region) -> dict[str, Any] | None:
    """Return the bound as an integer, and what the proven plan has outside bands that give way."""
    proof = facts.proof
    if proof is None:
        return None
    plan = check_plan(region.problem, [network.members for network in facts.described])
    return {
        "bound": round(region.travel.steps(proof.bound)),
        "outside": outside_of(region.problem, plan).amounts,
        "status": proof.status,
    }


def _money(region: Region, networks: Sequence[Network]) -> dict[str, Any] | None:
    """Return the lines of the year that are a sum over practices or networks.

    None where no draft changes them: without a year, or where the networks of today are paid; and
    for regions of several codes, each of which is rounded by itself.
    """
    funding, table = region.configuration.funding, region.table
    if funding.networks == "current" or table["region_code"].nunique() > 1:
        return None
    members = [(network.network_id, network.members) for network in networks]
    budget = plan_budget(table, members, funding)
    if len(budget.years) != 1:
        return None
    (year,) = budget.years
    unit = dict(zip(table["practice_code"], unit_numbers(table).tolist(), strict=True))
    units = {"registered": _summed(year, "registered", unit)}
    lines = []
    for line in year.lines:
        if line.per != "network" and line.per not in units:
            units[line.per] = _summed(year, line.per, unit)
        if line.per == "network" or units[line.per] is not None:
            rate = line.rate_in(year.year)
            lines.append(
                {
                    "name": line.name,
                    "description": line.description,
                    "per": line.per,
                    "numerator": str(rate.numerator),
                    "denominator": str(rate.denominator),
                    "doubled_above": line.doubled_above,
                    "counted": any(p.counted for p in year.regions if p.line.name == line.name),
                }
            )
    return {"told": budget.told, "remark": budget.remark, "units": units, "lines": lines}


def _summed(year: YearBudget, basis: Any, unit: Mapping[str, int]) -> list[int] | None:  # noqa: ANN401 - of four words
    """Return hundredths of a basis by unit; None unless they are known of every practice."""
    sums: defaultdict[int, int] = defaultdict(int)
    for member in year.members:
        amount = member.units(basis)
        if amount is None:
            return None
        sums[unit[member.practice_code]] += int(amount * 100)
    return [sums[i] for i in range(len(sums))]


def _groupings(region: Region, practices: Sequence[GroupingRow]) -> dict[str, Any]:
    """Return `groupings.csv` as it is written, and the unit that the practice of each row is in."""
    codes = region.table["practice_code"]
    unit = dict(zip(codes, unit_numbers(region.table).tolist(), strict=True))
    files = {"groupings.csv": GROUPINGS.csv(practices, region.travel.unit)}
    excel_safe = region.configuration.output.excel_safe
    return {
        "csv": safe_files(files, excel_safe=excel_safe)["groupings.csv"],
        "units": [unit[row.practice_code] for row in practices],
    }


def _rules(facts: Facts) -> dict[str, Any]:
    """Return the rules that are not the defaults, by section, as a configuration has them."""
    sections: dict[str, Any] = {}
    for rule in facts.rules:
        section, key = rule.key.split(".", 1)
        if section != "search" and not rule.is_default:
            sections.setdefault(section, {})[key] = rule.plain
    return sections
