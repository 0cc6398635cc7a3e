"""Settings that are about places on the earth, which practices need not say."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pcn_group.base.errors import Fault
from pcn_group.config.model import Configuration

__all__ = ["refused_without_places"]

_REMEDY = "Leave it out, or give easting and northing of the practices."


def refused_without_places(configuration: Configuration, maps: Sequence[Path]) -> list[Fault]:
    """Return a fault for each setting that asks where practices are, which none of them says.

    Parameters
    ----------
    configuration
        The rules.
    maps
        Those of neighbourhoods in the input, each of which asks for it as well.
    """
    asked = {
        "data.atypical": configuration.data.atypical == "attach",
        "data.shared": configuration.data.shared == "together",
        "travel.roads": configuration.travel.roads is not None,
        "adjacency.land": configuration.adjacency.land is not None,
        "adjacency.crossings": configuration.adjacency.crossings is not None,
        "neighbourhoods.map": configuration.neighbourhoods.map is not None,
        **{path.name: path != configuration.neighbourhoods.map for path in maps},
    }
    problem = "needs to know where practices are, and none of them says so"
    return [Fault(key, problem, _REMEDY) for key in asked if asked[key]]
