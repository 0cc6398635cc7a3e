"""Travel beside that between practices: to sites that may be hubs, and from branch surgeries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pcn_group.base.errors import Fault, InputError
from pcn_group.config.model import Configuration
from pcn_group.geography.catchments import homes_of, need_catchments
from pcn_group.geography.land import straight_metres
from pcn_group.geography.roads.places import OnRoads
from pcn_group.geography.roads.search import ways_between
from pcn_group.geography.travel import TravelTable
from pcn_group.geography.ways import Ways, shortest_ways

__all__ = ["OtherPlaces", "refuse_unusable_places", "with_other_places"]

Places = NDArray[np.float64]
Measure = Callable[[Places, Places], NDArray[np.float64]]
"""Return metres, or seconds by road, from each of some places to each of others."""


@dataclass(frozen=True)
class OtherPlaces:
    """Places of a region that are no practices.

    Attributes
    ----------
    site_codes, sites
        The sites that may be hubs; where they are: float64 (m, 2), in metres.
    branch_of, branches
        The position of the practice of each branch surgery; where they are: float64 (b, 2).
    """

    site_codes: tuple[str, ...]
    sites: Places
    branch_of: NDArray[np.int64]
    branches: Places


def refuse_unusable_places(configuration: Configuration) -> None:
    """Stop where places that rules name cannot be used under the other rules.

    Raises
    ------
    InputError
        Naming each such key.
    """
    hubs, travel = configuration.hubs, configuration.travel
    faults = []
    for key, path in (("hubs.sites", hubs.sites), ("hubs.branches", hubs.branches)):
        if path is not None and travel.matrix is not None:
            problem = "names places that a travel matrix does not have"
            faults.append(Fault(key, problem, "Leave it out, or leave travel.matrix out."))
    if hubs.branches is not None and travel.matrix is None and travel.origin == "patients":
        problem = "has no part in travel that is from where patients live"
        remedy = "Leave it out, or say travel.origin: practice."
        faults.append(Fault("hubs.branches", problem, remedy))
    if hubs.only_sites and configuration.rules.hubs:
        problem = "names practices that may be hubs, and hubs.only_sites says that none may"
        faults.append(Fault("rules.hubs", problem, "Take one of the two away."))
    if faults:
        raise InputError(faults)


def with_other_places(
    travel: TravelTable,
    others: OtherPlaces,
    table: pd.DataFrame,
    configuration: Configuration,
    catchments: pd.DataFrame | None = None,
    ways: Ways | None = None,
) -> TravelTable:
    """Return travel to sites as well, each way from the nearest place of a practice.

    Parameters
    ----------
    travel
        Between practices, from where each of them is, or from where its patients live.
    table, configuration, catchments, ways
        What it was made of, as `build_travel` has them.

    Raises
    ------
    InputError
        Where ways are along roads, with each place that is too far from any.
    """
    if not len(others.sites) and not len(others.branches):
        return travel
    if configuration.travel.way == "straight":
        ways = None
    if ways is not None and ways.on_roads is not None:
        _refuse_far_from_roads(ways.on_roads, others, table, configuration)
    measure = _measure(ways)
    practices = table[["easting", "northing"]].to_numpy(dtype=np.float64)
    hubs = np.concatenate((practices, others.sites))
    to_hubs = np.hstack([travel.values, measure(practices, others.sites)])
    np.minimum.at(to_hubs, others.branch_of, measure(others.branches, hubs))
    n = len(practices)
    to_sites = to_hubs[:, n:]
    anchors = to_sites.argmin(axis=0)
    if configuration.travel.origin == "patients":
        homes = homes_of(table, need_catchments(catchments, "travel.origin"))
        away = measure(homes.areas, others.sites)
        homes = homes.among(np.asarray(np.isfinite(away).all(axis=1)))
        to_sites[homes.located] = homes.mean(measure(homes.areas, others.sites))
    return replace(
        travel, values=np.ascontiguousarray(to_hubs[:, :n]), to_sites=to_sites, anchors=anchors
    )


def _measure(ways: Ways | None) -> Measure:
    """Return what measures as ways between practices were measured."""
    if ways is not None and ways.on_roads is not None:
        return _by_road(ways.on_roads)
    land = None if ways is None else ways.land
    if land is None:
        return straight_metres
    return lambda starts, ends: (
        shortest_ways(land, starts, ends).metres
        if len(starts) and len(ends)
        else np.zeros((len(starts), len(ends)))
    )


def _by_road(on_roads: OnRoads) -> Measure:
    def seconds(starts: Places, ends: Places) -> NDArray[np.float64]:
        if not len(starts) or not len(ends):
            return np.zeros((len(starts), len(ends)))
        here, there = on_roads.spots_of(starts), on_roads.spots_of(ends)
        values = np.full((len(starts), len(ends)), np.inf)
        near = np.ix_(here.is_found, there.is_found)
        values[near] = ways_between(
            on_roads.roads, here[here.is_found], there[there.is_found], "seconds"
        )
        return values

    return seconds


def _refuse_far_from_roads(
    on_roads: OnRoads, others: OtherPlaces, table: pd.DataFrame, configuration: Configuration
) -> None:
    codes = table["practice_code"].to_numpy()
    kinds: tuple[tuple[str, Places, Sequence[str]], ...] = (
        ("hubs.sites", others.sites, [f"site {code}" for code in others.site_codes]),
        ("hubs.branches", others.branches, [f"a branch of {codes[i]}" for i in others.branch_of]),
    )
    faults = [
        fault for kind in kinds for fault in _far(on_roads, *kind, configuration.travel.snap_max)
    ]
    if faults:
        raise InputError(faults)


def _far(
    on_roads: OnRoads, key: str, places: Places, names: Sequence[str], farthest_km: float
) -> Iterator[Fault]:
    if not len(places):
        return
    for lost in np.flatnonzero(~on_roads.spots_of(places).is_found).tolist():
        problem = f"has {names[lost]}, and there is no road within {farthest_km:g} km of it"
        yield Fault(key, problem, "Correct where it is, or raise travel.snap_max.")
