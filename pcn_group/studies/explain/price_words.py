"""Prices and moves in words."""

from __future__ import annotations

from collections.abc import Iterator

from pcn_group.base.wording import named, plural
from pcn_group.infeasibility.words import _FLOWS, clash_in_words
from pcn_group.region.region import Region
from pcn_group.studies.explain.questions import Price

__all__ = ["moves_in_words", "price_notes"]


def moves_in_words(region: Region, price: Price, practice: int) -> str:
    """Say who moves beside a practice; empty where nobody does.

    The networks are those of the plan that is explained, so far as they are continued.
    """
    if price.moves is None:
        return ""
    before = {match.second: match.first for match in price.moves.matches}
    flows = []
    for flow in price.moves.flows:
        codes = [region.problem.codes[i] for i in flow.members if i != practice]
        if codes:
            to = before[flow.destination] or f"a new network ({flow.destination})"
            flows.append(f"{named(codes)} from {flow.origin} to {to}")
    left = len(flows) - _FLOWS
    return "; ".join(flows[:_FLOWS]) + (f"; and {plural(left, 'more move')}" if left > 0 else "")


def price_notes(region: Region, what: str, price: Price) -> Iterator[str]:
    """Say what a table of prices leaves out: patients outside the band, doubts, why there is none.

    Parameters
    ----------
    what
        What the price is of, to begin the sentence with.
    """
    if price.solution.status == "infeasible":
        why = ": " + "; ".join(price.reasons) + "." if price.reasons else "."
        if price.clash is not None:
            why += " " + " ".join(clash_in_words(region, price.clash))
        yield f"{what}: there is no such plan, proven{why}"
    elif price.cost is None:
        yield f"{what}: no such plan was found in time."
    elif price.short or price.above:
        outside = " and ".join(
            f"{abs(patients):,} patients {'more' if patients > 0 else 'fewer'} {where}"
            for patients, where in (
                (price.short, "short of the minimum"),
                (price.above, "above the maximum"),
            )
            if patients
        )
        yield f"{what}: only with {outside}."
    if price.cost is not None and not price.is_proven:
        yield f"{what}: not proven, the time was over."
