"""Networks of a plan as people read them: hubs, names, travel, exceptions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from pcn_group.plan.names import call_networks, name_of
from pcn_group.region.problem import Problem
from pcn_group.region.region import Region

__all__ = [
    "Network",
    "build_networks",
    "labelled_networks",
    "mean_travel",
    "with_names",
    "with_own_labels",
]


@dataclass(frozen=True)
class Network:
    """One proposed network.

    Attributes
    ----------
    network_id, name
        Stable between runs: those of the network of today that it continues, else those of its hub,
        as `plan.names` has it.
    members
        Positions in the table of `units`: the hub first, or the practice in whose area it lies,
        then by code.
    centre
        What travel is measured to: a column of travel to hubs.
    practices
        How many, those attached to members included.
    patients
        Registered patients, those of attached practices included.
    cost
        Integer cost as in `Problem.network_cost`.
    mean_travel, max_travel
        Per patient, and of the farthest practice; in the reporting unit (km or minutes).
    in_band
        Whether it is inside the band, and inside all further ones.
    exception
        Why the network is outside a band; empty inside all.
    """

    network_id: str
    name: str
    members: tuple[int, ...]
    centre: int
    practices: int
    patients: int
    cost: int
    mean_travel: float
    max_travel: float
    in_band: bool
    exception: str

    @property
    def hub(self) -> int:
        """The member that is the hub, or in whose area the site lies that is."""
        return self.members[0]

    @property
    def is_at_site(self) -> bool:
        """Whether the hub is a site that is no practice."""
        return self.centre != self.hub


def mean_travel(networks: Iterable[Network]) -> float:
    """Return the mean travel per patient of a plan, in the reporting unit."""
    plan = list(networks)
    patients = sum(network.patients for network in plan)
    return sum(network.mean_travel * network.patients for network in plan) / patients


def build_networks(
    region: Region,
    networks: Sequence[Sequence[int]],
    reasons: Mapping[bool, str],
    further: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Network, ...]:
    """Describe the networks of a plan.

    Parameters
    ----------
    networks
        The positions of the practices of each.
    reasons
        Why a network that is neither fixed nor a single oversize practice may be under (True) or
        over (False) the band.
    further
        Why it may be beyond limits on figures, by their keys, where that is not at a price.

    Returns
    -------
    tuple of Network
        Sorted by `network_id`.
    """
    problem, table, travel = region.problem, region.units, region.travel
    centres = [problem.hub(members) for members in networks]
    hubs = problem.anchors[centres].tolist()
    described = []
    for members, hub, centre, called in zip(
        networks, hubs, centres, call_networks(region, networks, hubs), strict=True
    ):
        order = (hub, *sorted(i for i in members if i != hub))
        practices = int(table["practices"].iloc[list(order)].sum())
        weights = problem.weights[list(order)]
        to_hub = travel.to_hubs[list(order), centre]
        patients = int(weights.sum())
        described.append(
            Network(
                network_id=called.network_id,
                name=called.name,
                members=order,
                centre=centre,
                practices=practices,
                patients=patients,
                cost=problem.network_cost(order),
                mean_travel=float(travel.to_unit((weights * to_hub).sum() / patients)),
                max_travel=float(travel.to_unit(to_hub.max())),
                in_band=problem.in_bands(order),
                exception="; ".join(
                    (
                        *_outside_band(problem, order, practices, reasons),
                        *_beyond_limits(problem, order, further),
                    )
                ),
            )
        )
    return tuple(sorted(described, key=lambda network: network.network_id))


def _outside_band(
    problem: Problem, members: Sequence[int], practices: int, reasons: Mapping[bool, str]
) -> Iterator[str]:
    """Say why a network is outside the band, if it is."""
    band, patients = problem.size, int(problem.weights[list(members)].sum())
    fixed = tuple(sorted(members)) in problem.fixed
    if band.band_min <= patients <= band.band_max:
        return
    if len(members) == 1 and patients > band.band_max and not fixed:
        attached = ", with what is attached to it," if practices > 1 else ""
        yield (
            f"one practice{attached} larger than the maximum of {band.band_max:,} patients: "
            "it stands alone"
        )
        return
    below = patients < band.band_min
    limit = (
        f"{band.band_min - patients:,} under the minimum"
        if below
        else (f"{patients - band.band_max:,} over the maximum")
    )
    yield f"{limit}: {'fixed as it is' if fixed else reasons[below]}"


def _beyond_limits(
    problem: Problem, members: Sequence[int], reasons: Mapping[str, str]
) -> Iterator[str]:
    """Say why a network is beyond limits on figures, if it is."""
    own = tuple(sorted(members))
    aside = "fixed as it is" if own in problem.fixed else "it stands alone"
    for limit in problem.figure_limits:
        excess = limit.excess(members)
        if excess:
            why = "allowed at a price" if excess <= limit.allowed else "the plan has it so"
            why = aside if own in problem.aside else reasons.get(limit.key, why)
            yield f"{limit.told(members)}: {why}"


def labelled_networks(
    region: Region,
    networks: Mapping[str, Sequence[int]],
    reasons: Mapping[str, str],
    names: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Network, ...]:
    """Describe the networks of a plan.

    Parameters
    ----------
    networks
        The positions of the members of each, by the plan's own identifier.
    reasons
        Why networks are outside the band, as far as the plan says.
    names
        The plan's own names, as far as it has any. Another network is called after the network of
        today, or the practice, whose code it has; else by the identifier.

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
    described = build_networks(region, list(networks.values()), general)
    called = {
        label: name_of(region, label, members, names.get(label, ""))
        for label, members in networks.items()
    }
    return tuple(
        replace(network, exception=reasons.get(network.network_id, network.exception))
        if network.exception
        else network
        for network in with_own_labels(described, networks, called)
    )


def with_names(networks: Sequence[Network], names: Mapping[str, str]) -> tuple[Network, ...]:
    """Return networks under other names, by identifier, as far as there are any."""
    return tuple(
        replace(network, name=names.get(network.network_id, network.name)) for network in networks
    )


def with_own_labels(
    networks: Sequence[Network], labelled: Mapping[str, Sequence[int]], names: Mapping[str, str]
) -> tuple[Network, ...]:
    """Return networks under the labels and names that a plan has for them, by label.

    Parameters
    ----------
    labelled
        The positions of the members of each network, by the plan's label.
    names
        By label.
    """
    labels = {frozenset(members): label for label, members in labelled.items()}
    own = (
        replace(network, network_id=label, name=names.get(label, label))
        for network in networks
        for label in [labels[frozenset(network.members)]]
    )
    return tuple(sorted(own, key=lambda network: network.network_id))
