"""The certificate of a bound: integers to verify it again from, and the terms it must be under.

Every practice has a dual `u[i]`, and every cut a dual and some practices with a share in it. A
network pays the dual of a cut once for every whole that the shares of its members add up to. With a
half each of three practices it is paid by a network that holds two of them, or all three. Define
for a network

    reduced(S) = cost(S) - sum of u[i] over i in S + cut duals paid by S

In any plan every practice is in exactly one network, and so all its networks together pay a cut
dual at most as many times as there are wholes in all its shares: once, with three halves. So if no
network has a negative reduced cost, every plan costs at least

    bound = sum of u  -  sum of cut duals, each times its wholes

A limit on a plan, such as on how many networks it has, has a dual as well: what each network that
counts pays for it, or is paid where there must be so many at least. All of a plan's together pay
the dual times the limit at most, which comes off the bound.

Its terms are the size rule and the further bands it must be under, by the rules and the plan alone.
Where a plan keeps the bands, these are the rules themselves. Where a band had to be relaxed,
networks may be outside it at a price for each patient, or for each unit of a figure, and what the
plan's own exceptions pay comes off the bound again. Any price will do, as any duals will: a plan
with as little outside pays the same, so what is left is a bound on its cost. The price is therefore
read from the certificate, and all else is worked out.

Where networks are large the bound is proven by a tree instead (`verify.tree`), and there are no
duals beside those in it.

The files call cut duals tolls.

The cuts are Chvatal-Gomory cuts of rank one; with three halves they are the subset-row cuts of
Jepsen, Petersen, Spoorendonk and Pisinger, "Subset-row inequalities applied to the vehicle-routing
problem with time windows", Operations Research 56 (2008).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pcn_group.base.errors import Fault, InputError
from pcn_group.region.figure_limits import FigureLimit
from pcn_group.region.plan_limits import PlanLimit
from pcn_group.region.problem import Hinge, Problem, SizeRule
from pcn_group.verify.division import Division, tree_from_json, tree_to_json
from pcn_group.verify.rules import Report

__all__ = [
    "Certificate",
    "CutDual",
    "Outside",
    "Terms",
    "differing_leaves",
    "from_json",
    "outside_of",
    "shown",
    "terms_of",
    "terms_to_json",
    "to_json",
]


@dataclass(frozen=True)
class CutDual:
    """What a network pays for every whole that the shares of its members add up to.

    Attributes
    ----------
    practices, shares
        The practices with a share, and how many parts of a whole it is.
    whole
        How many parts make a whole; more than any share.
    """

    practices: tuple[int, ...]
    shares: tuple[int, ...]
    whole: int
    amount: int

    @property
    def most(self) -> int:
        """How many times the networks of a plan pay it at most, in all."""
        return sum(self.shares) // self.whole


@dataclass(frozen=True)
class Certificate:
    """A bound and what proves it.

    Attributes
    ----------
    duals
        int64 (n,): one dual per practice; those of a network that is in every plan, fixed or an
        oversize practice alone, are together at most what it costs.
    cut_duals
        Of non-negative amounts.
    bound
        `sum(duals) - sum(amount * most of the cut duals) - sum(limit dual * limit)`, each limit
        less what the networks of every plan come to.
    limit_duals
        Non-negative, one for each of the problem's limits on a plan.
    tree
        What proves the bound in place of all these, which are then zero; else None.
    """

    duals: NDArray[np.int64]
    cut_duals: tuple[CutDual, ...]
    bound: int
    limit_duals: tuple[int, ...] = ()
    tree: Division | None = None


def to_json(
    certificate: Certificate, codes: Sequence[str], limits: Sequence[PlanLimit] = ()
) -> dict[str, Any]:
    """Return a certificate as plain values for a JSON file, practices by their codes.

    Parameters
    ----------
    certificate
        What to write.
    codes
        The codes of the practices, in the order of the certificate.
    limits
        The limits on a plan that it has duals for; without any, nothing is said of them.
    """
    if certificate.tree is not None:
        return {"tree": tree_to_json(certificate.tree, codes), "bound": certificate.bound}
    names = [limit.name for limit in limits]
    of_limits = dict(zip(names, certificate.limit_duals, strict=True))
    return {
        "duals": dict(zip(codes, certificate.duals.tolist(), strict=True)),
        **({"limits": of_limits} if limits else {}),
        "tolls": [
            {
                "practices": [codes[i] for i in cut_dual.practices],
                "shares": list(cut_dual.shares),
                "whole": cut_dual.whole,
                "amount": cut_dual.amount,
            }
            for cut_dual in certificate.cut_duals
        ],
        "bound": certificate.bound,
    }


def from_json(
    values: Any,  # noqa: ANN401 - from a file
    codes: Sequence[str],
    source: str,
    limits: Sequence[PlanLimit] = (),
) -> Certificate:
    """Read a certificate back.

    Parameters
    ----------
    values
        What the JSON file holds: nothing about it is taken for granted.
    codes
        The practices of the region, in the order wanted.
    source
        The name of the file, for faults.
    limits
        The limits on a plan; one that the file says nothing of has a dual of 0.

    Raises
    ------
    InputError
        If it is not a certificate of these practices.
    """
    places = {code: i for i, code in enumerate(codes)}
    try:
        if "tree" in values:
            return Certificate(
                duals=np.zeros(len(codes), dtype=np.int64),
                cut_duals=(),
                bound=_integer(values["bound"]),
                limit_duals=(0,) * len(limits),
                tree=tree_from_json(values["tree"], places),
            )
        return Certificate(
            duals=_duals(values["duals"], codes),
            cut_duals=tuple(
                CutDual(
                    practices=tuple(places[code] for code in cut_dual["practices"]),
                    shares=tuple(_integer(share) for share in cut_dual["shares"]),
                    whole=_integer(cut_dual["whole"]),
                    amount=_integer(cut_dual["amount"]),
                )
                for cut_dual in values["tolls"]
            ),
            bound=_integer(values["bound"]),
            limit_duals=tuple(
                _integer(values.get("limits", {}).get(limit.name, 0)) for limit in limits
            ),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        problem = f"is not a certificate of these practices: {error}"
        raise InputError([Fault(source, problem, "Solve the region again.")]) from error


def _duals(values: Mapping[str, object], codes: Sequence[str]) -> NDArray[np.int64]:
    if len(values) != len(codes):
        raise ValueError(f"it has {len(values)} duals for {len(codes)} practices")
    return np.array([_integer(values[code]) for code in codes], dtype=np.int64)


def _integer(value: object) -> int:
    if type(value) is not int or abs(value) >= 2**62:
        raise ValueError(f"{value!r} is not an integer of 62 bits")
    return value


@dataclass(frozen=True)
class Outside:
    """What a plan has outside hard limits on size that may be relaxed.

    Attributes
    ----------
    short, above
        Patients under the minimum and over the maximum, in all; networks that are in every plan
        aside.
    further
        Likewise beyond each of the problem's limits on figures, in its own units.
    """

    short: int
    above: int
    further: tuple[int, ...] = ()

    @property
    def amounts(self) -> tuple[int, ...]:
        """All of these, those first that count before all after them."""
        return self.short, self.above, *self.further

    @property
    def is_any(self) -> bool:
        """Whether any band is relaxed."""
        return any(self.amounts)


@dataclass(frozen=True)
class Terms:
    """What a certificate is under.

    Attributes
    ----------
    problem
        The region under the size rule and the further bands.
    penalty_offset
        What the plan's exceptions pay under them, beside the plan's cost.
    wrong
        In what the certificate says otherwise, as clauses.
    """

    problem: Problem
    penalty_offset: int
    wrong: tuple[str, ...]


def outside_of(problem: Problem, report: Report) -> Outside:
    """Work out what a plan has outside the limits that may be relaxed."""
    size, short, above = problem.size, 0, 0
    further = [0] * len(problem.figure_limits)
    for network in report.networks:
        if network.members not in problem.aside:
            short += max(0, size.smallest - network.patients) if size.avoid_below else 0
            above += max(0, network.patients - size.largest) if size.avoid_above else 0
            for k, limit in enumerate(problem.figure_limits):
                amount = sum(int(limit.amounts[i]) for i in network.members)
                further[k] += max(0, amount - limit.limit) if limit.avoid else 0
    return Outside(short, above, tuple(further))


def terms_of(problem: Problem, outside: Outside, stated: Mapping[str, Any]) -> Terms:
    """Work out the terms of a certificate, and compare them with those that it states.

    Parameters
    ----------
    outside
        What its plan has outside the bands.
    stated
        What `certificate.json` holds: `size_rule`, `held`, and `further_bands` where there are any.
    """
    under, penalty_offset = problem, 0
    if outside.is_any:
        size, of_size = _relaxed(problem, outside, stated.get("size_rule"))
        limits, of_figures = _relaxed_limits(problem, outside, stated.get("further_bands"))
        under = replace(problem, size=size, figure_limits=limits)
        penalty_offset = of_size + of_figures
    right = {**terms_to_json(under), "held": penalty_offset}
    there = {key: stated[key] for key in right if key in stated}
    wrong = tuple(f"{path} {clause}" for path, clause in differing_leaves(there, right))
    return Terms(under, penalty_offset, wrong)


def terms_to_json(problem: Problem) -> dict[str, Any]:
    """Return the terms of a certificate as plain values: what bands a problem has."""
    further = {
        limit.key: {"allowed": limit.allowed, "price": str(limit.rate)}
        for limit in problem.figure_limits
    }
    size: dict[str, Any] = json.loads(json.dumps(problem.size.to_json()))
    return {"size_rule": size, **({"further_bands": further} if further else {})}


def _relaxed(problem: Problem, outside: Outside, stated: Any) -> tuple[SizeRule, int]:  # noqa: ANN401 - from a file
    """Relax the sides that may be, at the price stated; return what the plan's exceptions pay.

    No network of a plan with as few patients outside is farther outside than all of these.
    """
    rule = problem.size
    smallest, largest, hinges, penalty_offset = rule.smallest, rule.largest, list(rule.hinges), 0
    if rule.avoid_below:
        smallest = _as_stated(stated, "smallest", max(1, rule.smallest - outside.short), 1)
        price = _price(stated, len(rule.hinges), rule.smallest, "below")
        if price is not None:
            hinges.append(Hinge(rule.smallest, price, 0))
            penalty_offset += price * outside.short
    if rule.avoid_above:
        everybody = int(problem.weights.sum())
        most = min(everybody, rule.largest + outside.above)
        largest = _as_stated(stated, "largest", most, everybody)
        price = _price(stated, len(rule.hinges), rule.largest, "above")
        if price is not None:
            hinges.append(Hinge(rule.largest, 0, price))
            penalty_offset += price * outside.above
    size = replace(
        rule, smallest=smallest, largest=largest, hinges=tuple(hinges), alone_above=rule.largest
    )
    return size, penalty_offset


def _relaxed_limits(
    problem: Problem,
    outside: Outside,
    stated: Any,  # noqa: ANN401 - from a file
) -> tuple[tuple[FigureLimit, ...], int]:
    """Relax the limits on figures that may be, as `_relaxed` does the sides of the band.

    A price is for whole units: then it is the same for a plan however its networks share them.
    """
    limits, penalty_offset = [], 0
    for limit, excess in zip(problem.figure_limits, outside.further, strict=True):
        if limit.avoid:
            price = _stated(_stated(stated, limit.key), "price")
            is_whole = isinstance(price, str) and price.isdecimal() and len(price) < _DIGITS
            rate = int(str(price)) if is_whole else 0
            limits.append(replace(limit, allowed=excess, price=rate * limit.unit))
            penalty_offset += rate * excess
        else:
            limits.append(limit)
    return tuple(limits), penalty_offset


_DIGITS = 19
"""Of a number that 62 bits need not hold."""


def _stated(rule: object, key: str) -> object:
    return rule.get(key) if isinstance(rule, dict) else None


def _as_stated(rule: object, key: str, here: int, freest: int) -> int:
    """Return what a size must be here; the freest of all is right too, and asks for more proof."""
    return freest if _stated(rule, key) == freest else here


def _price(rule: object, first: int, at: int, side: str) -> int | None:
    """Find the price of a side among the hinges that a certificate adds to those of the rules."""
    hinges, other = _stated(rule, "hinges"), "above" if side == "below" else "below"
    for hinge in hinges[first:] if isinstance(hinges, list) else ():
        if isinstance(hinge, dict) and hinge.get("at") == at and hinge.get(other) == 0:
            price = hinge.get(side)
            if type(price) is int and 0 <= price < 2**62:
                return price
    return None


def differing_leaves(there: Any, right: Any, path: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any JSON
    """Compare two values of JSON.

    Yields
    ------
    tuple of str
        For each leaf that differs its path, such as `exceptions.0.patients`, and both values as a
        clause. Numbers are compared as such, whether or not they are written with decimals.
    """
    if isinstance(there, dict) and isinstance(right, dict):
        for key in [*right, *(key for key in there if key not in right)]:
            own = f"{path}.{key}" if path else key
            if key not in there:
                yield own, f"is not there, and {shown(right[key])} is right"
            elif key not in right:
                yield own, f"says {shown(there[key])}, and has no place there"
            else:
                yield from differing_leaves(there[key], right[key], own)
    elif isinstance(there, list) and isinstance(right, list) and len(there) == len(right):
        for k, (one, other) in enumerate(zip(there, right, strict=True)):
            yield from differing_leaves(one, other, f"{path}.{k}")
    elif not _is_same(there, right):
        yield path, f"says {shown(there)}, and {shown(right)} is right"


def _is_same(there: object, right: object) -> bool:
    if isinstance(there, bool) or isinstance(right, bool):
        return there is right
    return there == right


def shown(value: object) -> str:
    """Return a value as JSON has it, in one line."""
    return json.dumps(value, ensure_ascii=False)
