"""How densely the patients of networks live."""

from __future__ import annotations

from collections.abc import Sequence

from pcn_group.geography.areas import cell_areas
from pcn_group.plan.network import Network
from pcn_group.region.region import Region

__all__ = ["density", "exceptions_per_km2"]


def density(patients: int, land: float) -> float | None:
    """Return patients per square kilometre; None without land."""
    return patients / land if land > 0 else None


def exceptions_per_km2(region: Region, networks: Sequence[Network]) -> dict[str, float | None]:
    """Return the density of each network outside the band, by identifier, to one decimal.

    It is that of the Voronoi cells of its practices; None where there is no land.
    """
    outside = [network for network in networks if not network.in_band]
    if not outside:
        return {}
    land = cell_areas(region.units, region.configuration.adjacency.outline)
    found = {
        network.network_id: density(network.patients, float(land[list(network.members)].sum()))
        for network in outside
    }
    return {name: None if each is None else round(each, 1) for name, each in found.items()}
