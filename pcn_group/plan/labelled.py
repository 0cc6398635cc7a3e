"""The networks of any plan described under the names that the plan itself gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pcn_group.base.codes import one_form
from pcn_group.plan.build import build_networks
from pcn_group.plan.network import Network
from pcn_group.region.region import Region

__all__ = ["labelled_networks"]


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
