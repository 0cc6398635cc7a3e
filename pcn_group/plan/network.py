"""Networks of a plan as people read them: hubs, names, travel, exceptions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pcn_group.base.codes import one_form
from pcn_group.region.problem import Problem
from pcn_group.region.region import Region

__all__ = ["Network", "build_networks", "labelled_networks", "mean_travel"]


@dataclass(frozen=True)
class Network:
    """One proposed network.

    Attributes
    ----------
    network_id, name
        Stable between runs: named after the current network it mostly continues, else its hub.
    members
        Positions in the table of `units`: the hub first, then by code.
    practices
        How many, those attached to members included.
    patients
        Registered patients, those of attached practices included.
    cost
        Integer cost as in `Problem.network_cost`.
    mean_travel, max_travel
        Per patient, and of the farthest practice; in the reporting unit (km or minutes).
    in_band
        Whether `band_min <= patients <= band_max`.
    exception
        Why the network is outside the band; empty inside it.
    """

    network_id: str
    name: str
    members: tuple[int, ...]
    practices: int
    patients: int
    cost: int
    mean_travel: float
    max_travel: float
    in_band: bool
    exception: str

    @property
    def hub(self) -> int:
        """The member from which the others are measured."""
        return self.members[0]


def mean_travel(networks: Iterable[Network]) -> float:
    """Return the mean travel per patient of a plan, in the reporting unit."""
    plan = list(networks)
    patients = sum(network.patients for network in plan)
    return sum(network.mean_travel * network.patients for network in plan) / patients


def build_networks(
    region: Region, networks: Sequence[Sequence[int]], reasons: Mapping[bool, str]
) -> tuple[Network, ...]:
    """Describe the networks of a plan.

    Parameters
    ----------
    networks
        The positions of the practices of each.
    reasons
        Why a network that is neither fixed nor a single oversize practice may be under (True) or
        over (False) the band.

    Returns
    -------
    tuple of Network
        Sorted by `network_id`.
    """
    problem, table, travel = region.problem, region.units, region.travel
    continued = _continued(networks, table)
    described = []
    for number, members in enumerate(networks):
        hub = problem.hub(members)
        order = (hub, *sorted(i for i in members if i != hub))
        network_id, name = continued.get(
            number, (table["practice_code"].iloc[hub], table["practice_name"].iloc[hub])
        )
        practices = int(table["practices"].iloc[list(order)].sum())
        weights = problem.weights[list(order)]
        to_hub = travel.values[list(order), hub]
        patients = int(weights.sum())
        in_band = problem.size.band_min <= patients <= problem.size.band_max
        described.append(
            Network(
                network_id=str(network_id),
                name=str(name),
                members=order,
                practices=practices,
                patients=patients,
                cost=problem.network_cost(order),
                mean_travel=float(travel.to_unit((weights * to_hub).sum() / patients)),
                max_travel=float(travel.to_unit(to_hub.max())),
                in_band=in_band,
                exception="" if in_band else _reason(problem, order, practices, reasons),
            )
        )
    return tuple(sorted(described, key=lambda network: network.network_id))


def _reason(
    problem: Problem, members: Sequence[int], practices: int, reasons: Mapping[bool, str]
) -> str:
    band, patients = problem.size, int(problem.weights[list(members)].sum())
    fixed = tuple(sorted(members)) in problem.fixed
    if len(members) == 1 and patients > band.band_max and not fixed:
        attached = ", with what is attached to it," if practices > 1 else ""
        return (
            f"one practice{attached} larger than the maximum of {band.band_max:,} patients: "
            "it stands alone"
        )
    below = patients < band.band_min
    limit = (
        f"{band.band_min - patients:,} under the minimum"
        if below
        else (f"{patients - band.band_max:,} over the maximum")
    )
    return f"{limit}: {'fixed as it is' if fixed else reasons[below]}"


def _continued(
    networks: Sequence[Sequence[int]], table: pd.DataFrame
) -> dict[int, tuple[str, str]]:
    """Say which networks mostly continue one of today's: most patients of each are in the other."""
    current = table["current_network"].to_numpy(dtype=object)
    names = table["current_network_name"].to_numpy(dtype=object)
    weights = table["list_size"].to_numpy(dtype=np.int64)
    taken = set(table["practice_code"])
    continued = {}
    for number, members in enumerate(networks):
        inside = np.array(sorted(members))
        shares = pd.Series(weights[inside]).groupby(current[inside]).sum()
        label, shared = str(shares.idxmax()), int(shares.max())
        whole = int(weights[current == label].sum())
        mostly = 2 * shared > weights[inside].sum() and 2 * shared > whole
        if label and mostly and label not in taken:
            name = next((str(n) for n in names[current == label] if n), label)
            continued[number] = (label, name)
    return continued


def labelled_networks(
    region: Region, networks: Mapping[str, Sequence[int]], reasons: Mapping[str, str]
) -> tuple[Network, ...]:
    """Describe the networks of a plan.

    Parameters
    ----------
    networks
        The positions of the members of each, by the plan's own identifier. A network is called
        after the network of today, or the practice, whose code that is; else by the identifier.
    reasons
        Why networks are outside the band, as far as the plan says.

    Returns
    -------
    tuple of Network
        Sorted by identifier.
    """
    priced = {
        True: region.problem.size.smallest < region.problem.size.band_min,
        False: region.problem.size.largest > region.problem.size.band_max,
    }
    general = {
        below: "allowed at a price" if allowed else "the plan has it so"
        for below, allowed in priced.items()
    }
    members = list(networks.values())
    described = build_networks(region, members, general)
    labels = {frozenset(places): label for label, places in networks.items()}
    names = _names(region)
    own = []
    for network in described:
        label = labels[frozenset(network.members)]
        stated = reasons.get(label) if network.exception else None
        own.append(
            replace(
                network,
                network_id=label,
                name=names.get(one_form(label), label),
                exception=stated or network.exception,
            )
        )
    return tuple(sorted(own, key=lambda network: network.network_id))


def _names(region: Region) -> dict[str, str]:
    """Return names by code in one form, of practices and of the networks of today."""
    table = region.units
    names = dict(zip(table["practice_code"], table["practice_name"], strict=True))
    today = zip(table["current_network"], table["current_network_name"], strict=True)
    names |= {code: name for code, name in sorted(today, reverse=True) if code and name}
    return {one_form(code): name for code, name in names.items()}
