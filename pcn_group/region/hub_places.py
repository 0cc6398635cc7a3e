"""The places of a region that are no practices, as the files that rules name have them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from pcn_group.base.errors import Fault, InputError
from pcn_group.base.wording import named, plural
from pcn_group.config.hubs import Hubs
from pcn_group.geography.land import straight_metres
from pcn_group.geography.other_places import OtherPlaces
from pcn_group.geography.travel import TravelTable
from pcn_group.practices.hub_sites import HubPlace, read_branches, read_hub_sites
from pcn_group.region.problem import HubSite

__all__ = ["HubPlaces", "hub_places", "sites_in"]

_FAR = 25_000.0
"""A site that is more metres than this from every practice is in another region."""


@dataclass(frozen=True)
class HubPlaces:
    """What files say of a region's places that are no practices.

    Attributes
    ----------
    sites
        Those in the region that may be hubs, in order of code.
    others
        The same and the branch surgeries, as travel is measured.
    notes
        How much of the files is about other regions.
    """

    sites: tuple[HubPlace, ...]
    others: OtherPlaces
    notes: tuple[str, ...]


def hub_places(hubs: Hubs, units: pd.DataFrame, codes: Collection[str]) -> HubPlaces:
    """Read the files that rules name.

    Parameters
    ----------
    units
        The practices that are attached to no other.
    codes
        Of all practices of the input: a site has another.

    Raises
    ------
    InputError
        With every fault of the files.
    """
    places, notes = units[["easting", "northing"]].to_numpy(dtype=np.float64), list[str]()
    every: tuple[HubPlace, ...] = ()
    faults: list[Fault] = []
    branches = pd.DataFrame({"practice_code": [], "easting": [], "northing": []})
    try:
        every = () if hubs.sites is None else read_hub_sites(hubs.sites)
        faults += _named_as_practices(every, codes, hubs.sites)
    except InputError as error:
        faults += error.faults
    try:
        branches = branches if hubs.branches is None else read_branches(hubs.branches)
    except InputError as error:
        faults += error.faults
    if faults:
        raise InputError(faults)
    away = straight_metres(_places(every), places).min(axis=1)
    sites = tuple(site for site, metres in zip(every, away, strict=True) if metres <= _FAR)
    own = pd.Index(units["practice_code"]).get_indexer(pd.Index(branches["practice_code"]))
    here = own >= 0
    if beyond := len(every) - len(sites):
        far = f"over {_FAR / 1000:g} km from every practice of the region, and left out"
        notes.append(f"hubs.sites: {beyond:,} of {plural(len(every), 'site')} are {far}.")
    if elsewhere := int((~here).sum()):
        all_of_them = f"{len(here):,} branch surgeries"
        notes.append(
            f"hubs.branches: {elsewhere:,} of {all_of_them} are of practices not in the region."
        )
    located = branches[["easting", "northing"]].to_numpy(dtype=np.float64)
    return HubPlaces(
        sites,
        OtherPlaces(tuple(s.code for s in sites), _places(sites), own[here], located[here]),
        tuple(notes),
    )


def sites_in(travel: TravelTable, sites: Collection[HubPlace]) -> tuple[HubSite, ...]:
    """Return sites as a problem has them: each with the practice in whose area it lies."""
    return tuple(
        HubSite(site.code, int(anchor), site.capacity)
        for site, anchor in zip(sites, travel.anchors, strict=True)
    )


def _places(sites: Collection[HubPlace]) -> np.ndarray:
    return np.array([(site.easting, site.northing) for site in sites]).reshape(-1, 2)


def _named_as_practices(
    sites: Collection[HubPlace], codes: Collection[str], path: Path | None
) -> Iterator[Fault]:
    twice = [site.code for site in sites if site.code in codes]
    if twice and path is not None:
        problem = f"has codes that practices have: {named(twice)}"
        yield Fault(path.name, problem, "Give sites codes of their own.", column="site_code")
