"""What to look at twice in a plan: networks across water, and places that it splits.

None of it breaks a rule. Whether it is right is for those to say who know the region.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from pcn_group.base.lookup import told
from pcn_group.geography.adjacency import connected_parts
from pcn_group.geography.detours import Pair
from pcn_group.geography.ways import Way, shortest_ways
from pcn_group.region.one_place import at_one_place
from pcn_group.region.region import Region
from pcn_group.tables.findings import KINDS, Finding, with_more

__all__ = ["DOUBTS", "doubt_lines", "plan_report"]

DOUBTS = ("link_over_water", "network_over_water", "place_split")
"""The kinds of findings that are about a plan."""

Networks = Iterable[Sequence[int]]

_LONGER = 1.0
"""Metres that a way without ferries is longer, if one leads over a ferry"""


def plan_report(region: Region, networks: Networks) -> pd.DataFrame:
    """Return the data report of a region with what is doubtful about a plan below.

    Parameters
    ----------
    networks
        The positions of the members of each.
    """
    practices, members = region.practices, [sorted(network) for network in networks]
    findings = [*_over_water(region, members), *_split(region, members)]
    return with_more(practices.data_report, findings, practices.table)


def doubt_lines(report: pd.DataFrame) -> list[str]:
    """Return a line for each doubt of a data report."""
    found = report[report["finding"].isin(DOUBTS)]
    names = dict(zip(found["practice_code"], found["practice_name"], strict=True))
    rows = found[["finding", "practice_code", "detail"]].itertuples(index=False)
    return [f"{told(code, names)}: {KINDS[kind].title} {detail}" for kind, code, detail in rows]


def _over_water(region: Region, networks: Sequence[Sequence[int]]) -> Iterator[Finding]:
    """Return the links over water within networks, and what hangs on these and on ferries."""
    ways, codes, near = region.ways, region.problem.codes, region.problem.neighbours
    if ways is None or ways.land is None:
        return
    inside = {i: number for number, network in enumerate(networks) for i in network}
    links = [
        (i, j)
        for i, row in enumerate(near)
        for j in row
        if i < j and i in inside and inside[i] == inside.get(j)
    ]
    water = {pair for pair in links if ways.kinds[pair] == Way.WATER}
    for i, j in sorted(water):
        yield Finding("link_over_water", codes[i], f"to {codes[j]}")
    cut = water | _by_ferry(region, [pair for pair in links if ways.kinds[pair] == Way.CROSSING])
    for number in sorted({inside[i] for i, _ in cut}):
        network = networks[number]
        place = {i: k for k, i in enumerate(network)}
        beside = [
            [place[j] for j in near[i] if j in place and (min(i, j), max(i, j)) not in cut]
            for i in network
        ]
        largest, *others = sorted(connected_parts(beside), key=lambda part: (-len(part), part))
        for part in others:
            more = f"with {len(part) - 1:,} more " if len(part) > 1 else ""
            detail = f"{more}from {codes[network[largest[0]]]}"
            yield Finding("network_over_water", codes[network[part[0]]], detail)


def _by_ferry(region: Region, links: Sequence[Pair]) -> set[Pair]:
    """Return the pairs whose way leads over a ferry."""
    ways = region.ways
    if ways is None or ways.land is None or not links:
        return set()
    fixed = tuple(crossing for crossing in ways.land.crossings if crossing.kind != "ferry")
    places = region.units[["easting", "northing"]].to_numpy(dtype=np.float64)
    ends = sorted({i for pair in links for i in pair})
    number = {i: k for k, i in enumerate(ends)}
    dry = shortest_ways(replace(ways.land, crossings=fixed), places[ends], places[ends])
    return {
        (i, j)
        for i, j in links
        if dry.metres[number[i], number[j]] > ways.metres[i, j] + _LONGER
        or dry.kinds[number[i], number[j]] == Way.WATER
    }


def _split(region: Region, networks: Sequence[Sequence[int]]) -> Iterator[Finding]:
    codes = region.problem.codes
    inside = {i: number for number, network in enumerate(networks) for i in network}
    for place in at_one_place(region.units):
        for i in place:
            others = [codes[j] for j in place if inside.get(j) != inside.get(i)]
            if others:
                yield Finding("place_split", codes[i], f"than {', '.join(others)}")
