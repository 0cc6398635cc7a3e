"""Explanations as plain values for JSON: codes for positions, travel in the reporting unit."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from pcn_group.infeasibility.clash import Clash
from pcn_group.infeasibility.remedies import Remedy
from pcn_group.infeasibility.words import Reasons, no_plan_in_words
from pcn_group.output.data.summary import beyond_json, credited
from pcn_group.plan.case import Case
from pcn_group.solver.solution import Solution
from pcn_group.studies.explain import (
    Explained,
    Member,
    NetworkExplained,
    Outsider,
    Standing,
    pulls,
    room,
)
from pcn_group.studies.explain_practice import Move, Option, PracticeExplained
from pcn_group.studies.questions import Price
from pcn_group.verify.rules import Finding

__all__ = ["explanation_json"]

Row = dict[str, Any]


def explanation_json(case: Case, explained: Explained) -> Row:
    """Return all that is known of a plan; what was not asked is None."""
    writer = _Writer(case)
    practice, network, reasons = explained.practice, explained.network, explained.reasons
    return {
        **writer.plan(explained.standing),
        "practice": None if practice is None else writer.practice(practice),
        "network": None if network is None else writer.network(network),
        "no_plan_because": None if reasons is None else writer.reasons(reasons),
        **credited(case.region.configuration),
    }


class _Writer:
    """Writes what is known of a plan, in the terms of its region."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._codes = case.region.problem.codes
        self._unit = case.region.travel.unit

    def plan(self, standing: Standing) -> Row:
        """Return a plan at a glance."""
        case, best = self._case, standing.best
        return {
            "plan": case.name,
            "practices": len(case.region.table),
            "patients": case.report.patients,
            f"cost_patient_{self._unit}": self._cost(standing.cost),
            "practices_in_no_network": standing.left_out,
            "patients_short": standing.short,
            "patients_above": standing.above,
            "beyond_further_bands": self._beyond(standing.further),
            "is_best": standing.is_best,
            f"more_than_best_patient_{self._unit}": self._cost(standing.extra),
            "best": self._solution(best),
            "broken": self._findings(f for f in case.report.findings if f.is_broken),
            "networks": [
                {
                    "network_id": network.label,
                    "practices": self._named(network.members),
                    "patients": network.patients,
                    "in_band": network.in_band,
                    "room_patients": room(case, network),
                    "hub": self._hub(case.hubs[network.label]),
                }
                for network in case.report.networks
            ],
            "nearer_to_another_hub": [
                {
                    "practice_code": self._codes[pull.practice],
                    "network_id": pull.network,
                    self._unit: self._travel(pull.travel),
                    "nearer_network_id": pull.other,
                    f"nearer_{self._unit}": self._travel(pull.other_travel),
                }
                for pull in pulls(case)
            ],
        }

    def practice(self, explained: PracticeExplained) -> Row:
        """Return why a practice is where it is."""
        return {
            "practice_code": self._codes[explained.practice],
            "network_id": explained.network,
            "hub": None if explained.hub is None else self._hub(explained.hub),
            self._unit: self._travel(explained.travel),
            "in_every_plan_because": explained.aside or None,
            "stay": self._price(explained.stay),
            "leave": self._price(explained.leave),
            "options": [self._option(option) for option in explained.options],
        }

    def network(self, explained: NetworkExplained) -> Row:
        """Return why a network has its shape."""
        judged = explained.judged
        return {
            "network_id": judged.label,
            "patients": judged.patients,
            "in_band": judged.in_band,
            "hub": self._hub(explained.hub),
            "is_aside": explained.aside,
            "members": [self._member(member) for member in explained.members],
            "outsiders": [self._outsider(outsider) for outsider in explained.outsiders],
            "reasons": None if explained.reasons is None else self.reasons(explained.reasons),
        }

    def reasons(self, reasons: Reasons) -> Row:
        """Return why no plan keeps the band."""
        return {
            "clash": self._clash(reasons.clash),
            "indivisible": [self._named(part) for part in reasons.indivisible],
            "least_outside": self._solution(reasons.least),
            "remedies": [self._remedy(remedy) for remedy in reasons.remedies],
            "in_words": no_plan_in_words(self._case.region, reasons),
        }

    def _member(self, member: Member) -> Row:
        return {
            "practice_code": self._codes[member.practice],
            self._unit: self._travel(member.travel),
            "nearest_other_network_id": member.other,
            f"nearest_other_{self._unit}": self._travel(member.other_travel),
            "elsewhere": None if member.elsewhere is None else self._option(member.elsewhere),
            f"as_hub_patient_{self._unit}": self._cost(member.as_hub),
        }

    def _outsider(self, outsider: Outsider) -> Row:
        return {
            "practice_code": self._codes[outsider.practice],
            "network_id": outsider.network,
            self._unit: self._travel(outsider.travel),
            "here": self._option(outsider.here),
        }

    def _option(self, option: Option) -> Row:
        return {
            "network_id": option.network,
            "hub": self._hub(option.hub),
            self._unit: self._travel(option.travel),
            "alone": self._move(option.move),
            "best_plan": self._price(option.price),
        }

    def _move(self, move: Move) -> Row:
        return {
            "patients_left": move.left.patients if move.left else 0,
            "patients_joined": move.joined.patients,
            f"cost_patient_{self._unit}": self._cost(move.cost),
            "broken": self._findings(move.broken),
            "mended": self._findings(move.mended),
        }

    def _price(self, price: Price | None) -> Row | None:
        if price is None:
            return None
        moves = price.moves
        return {
            **self._solution(price.solution),
            "is_proven": price.is_proven,
            f"more_patient_{self._unit}": self._cost(price.cost),
            "more_patients_short": price.short,
            "more_patients_above": price.above,
            "more_beyond_further_bands": self._beyond(price.further) if price.further else None,
            "moves": None
            if moves is None
            else [
                {
                    "from": flow.origin,
                    "to_network_of_hub": flow.destination,
                    "patients": flow.patients,
                    "practices": self._named(flow.members),
                }
                for flow in moves.flows
            ],
            "none_because": list(price.reasons),
            "clash": self._clash(price.clash),
        }

    def _clash(self, clash: Clash | None) -> Row | None:
        if clash is None:
            return None
        return {
            "practices": self._named(clash.practices),
            "rules": [
                {"key": rule.key, "practices": list(rule.practices), "value": rule.value}
                for rule in clash.rules
            ],
            "is_least": clash.is_least,
            "cut_off": self._named(clash.cut_off),
        }

    def _remedy(self, remedy: Remedy) -> Row:
        rule = remedy.rule
        return {
            "kind": remedy.kind,
            "key": "adjacency.add" if rule is None else rule.key,
            "value": None if rule is None else rule.value,
            "practices": self._named(remedy.bridge or ()) if rule is None else list(rule.practices),
            "is_nearest": remedy.is_nearest,
            "resolves": remedy.resolves,
            "best_plan": self._solution(remedy.solution),
        }

    def _solution(self, solution: Solution) -> Row:
        found = bool(solution.networks)
        return {
            "status": solution.status,
            f"cost_patient_{self._unit}": self._cost(solution.cost) if found else None,
            "patients_short": solution.short if found else None,
            "patients_above": solution.above if found else None,
            "beyond_further_bands": self._beyond(solution.further) if found else None,
            "networks": [self._named(network) for network in solution.networks],
        }

    def _beyond(self, excesses: Sequence[int]) -> dict[str, float]:
        return beyond_json(self._case.region.problem.figure_limits, excesses)

    def _findings(self, findings: Iterable[Finding]) -> list[Row]:
        return [{"rule": f.rule, "where": f.where, "message": f.message} for f in findings]

    def _hub(self, hub: int) -> str:
        return self._case.region.problem.hub_codes[hub]

    def _named(self, members: Iterable[int]) -> list[str]:
        return [self._codes[i] for i in members]

    def _cost(self, cost: int | None) -> float | None:
        return None if cost is None else round(self._case.region.travel.to_unit(cost), 3)

    def _travel(self, travel: float | None) -> float | None:
        return None if travel is None or math.isinf(travel) else round(travel, 3)
