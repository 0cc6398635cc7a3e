"""From sets of practices to a plan people can read: hubs, names, travel, exceptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from pcn_group.plan.network import Network
from pcn_group.region.problem import Problem
from pcn_group.region.region import Region

__all__ = ["build_networks"]


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
                mean_travel=float(travel.report((weights * to_hub).sum() / patients)),
                max_travel=float(travel.report(to_hub.max())),
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
