"""The tables that say how well a plan fits neighbourhoods, and who lives where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from pcn_group.base.lookup import told
from pcn_group.output.data.fit_rows import (
    NEIGHBOURHOODS,
    NETWORKS_FIT,
    PRACTICES_FIT,
    RESIDENTS,
    NeighbourhoodRow,
    NetworkFitRow,
    PracticeFitRow,
    ResidentsRow,
)
from pcn_group.output.data.region_tables import thousandths
from pcn_group.plan.fit import Fit, fit_of
from pcn_group.plan.moves import networks_of_today
from pcn_group.plan.moving_home import MoveHome, move_home
from pcn_group.plan.network import Network
from pcn_group.plan.who_else import NOT_WORKED_OUT, WhoElse
from pcn_group.region.living import Living
from pcn_group.region.neighbourhoods import Neighbourhoods
from pcn_group.region.region import Region

__all__ = [
    "FittedPlan",
    "fit_of_today",
    "fit_tables",
    "neighbourhood_rows",
    "network_fit_rows",
    "practice_fit_rows",
    "residents_rows",
]


@dataclass(frozen=True)
class FittedPlan:
    """A plan on a map of neighbourhoods.

    Attributes
    ----------
    region
        The region.
    networks
        The plan.
    every, living
        The neighbourhoods, and in which areas patients live.
    who_else
        Who else moves where a practice does, as far as that was worked out.
    """

    region: Region
    networks: tuple[Network, ...]
    every: Neighbourhoods
    living: Living
    who_else: Mapping[int, WhoElse]

    @classmethod
    def of(
        cls,
        region: Region,
        networks: Sequence[Network],
        who_else: Mapping[int, WhoElse] | None = None,
    ) -> FittedPlan | None:
        """Return a plan on the map of its region; None if there is no map."""
        if region.neighbourhoods is None or region.living is None:
            return None
        networks = tuple(networks)
        return cls(region, networks, region.neighbourhoods, region.living, who_else or {})

    @cached_property
    def fit(self) -> Fit:
        """How well the plan fits."""
        members = [network.members for network in self.networks]
        return fit_of(self.every, members, self.region.problem.weights)


def fit_of_today(region: Region) -> Fit | None:
    """Return how well the networks of today fit; None without any, or without a map."""
    today = networks_of_today(region)
    if region.neighbourhoods is None or not today:
        return None
    return fit_of(region.neighbourhoods, [*today.values()], region.problem.weights)


def fit_tables(fitted: FittedPlan | None) -> dict[str, str]:
    """Return the text of the tables by name; of none without a map of neighbourhoods."""
    if fitted is None:
        return {}
    unit = fitted.region.travel.unit
    texts = {
        "networks_fit.csv": NETWORKS_FIT.csv(network_fit_rows(fitted)),
        "practices_fit.csv": PRACTICES_FIT.csv(practice_fit_rows(fitted), unit),
        "neighbourhoods.csv": NEIGHBOURHOODS.csv(neighbourhood_rows(fitted)),
    }
    if fitted.living.areas:
        texts["residents.csv"] = RESIDENTS.csv(residents_rows(fitted))
    return texts


def network_fit_rows(fitted: FittedPlan) -> tuple[NetworkFitRow, ...]:
    """Return a row for each network, in their order."""
    every, networks = fitted.every, fitted.networks
    homes = _by_network(fitted.living.patients, networks)
    overlaps = [*_overlaps(homes)]
    return tuple(
        NetworkFitRow(
            network_id=network.network_id,
            network_name=network.name,
            patients=network.patients,
            serves=_code(every, own.serves),
            serves_name=_name(every, own.serves),
            aligned=own.aligned,
            misaligned=own.misaligned,
            in_none=own.in_none,
            share_aligned=_part(own.share),
            mean_km_from_home=mean,
            max_km_from_home=longest,
            overlaps_most="" if other is None else networks[other].network_id,
            overlap=overlap,
            by=every.by,
        )
        for network, own, (mean, longest), (other, overlap) in zip(
            networks, fitted.fit.networks, _from_home(fitted), overlaps, strict=True
        )
    )


def practice_fit_rows(fitted: FittedPlan) -> tuple[PracticeFitRow, ...]:
    """Return a row for each practice that is attached to no other, by code."""
    every, region, table = fitted.every, fitted.region, fitted.region.units
    network_of = {i: network for network in fitted.networks for i in network.members}
    rows = []
    for i, own in sorted(fitted.fit.practices.items()):
        patients = int(region.problem.weights[i])
        home = _move_home(fitted, i) if own.straddles or own.lives_elsewhere else None
        then = None if home is None else fitted.who_else.get(i, NOT_WORKED_OUT)
        rows.append(
            PracticeFitRow(
                practice_code=table["practice_code"].iloc[i],
                practice_name=table["practice_name"].iloc[i],
                network_id=network_of[i].network_id,
                network_name=network_of[i].name,
                patients=patients,
                lives_in=_code(every, own.main),
                lives_in_name=_name(every, own.main),
                share_there=_part(own.share),
                serves=_code(every, own.serves),
                serves_name=_name(every, own.serves),
                aligned=own.aligned,
                misaligned=own.misaligned,
                in_none=patients - own.aligned - own.misaligned,
                straddles=own.straddles,
                lives_elsewhere=own.lives_elsewhere,
                by=every.by,
                could_join="" if home is None else fitted.networks[home.network].network_id,
                could_join_name="" if home is None else fitted.networks[home.network].name,
                aligned_more=None if home is None else home.aligned,
                more=None if home is None or home.cost is None else _rounded(region, home.cost),
                breaks="" if home is None else "; ".join(home.breaks),
                others_known="" if then is None else then.answer,
                others="" if then is None else "; ".join(_practice(region, k) for k in then.others),
                others_patients=None if then is None else then.patients,
                others_aligned_more=None if then is None else then.aligned,
                others_more=None
                if then is None or then.cost is None
                else _rounded(region, then.cost),
            )
        )
    return tuple(rows)


def _practice(region: Region, place: int) -> str:
    """Return the code of a practice, and its name in brackets."""
    code, name = region.units[["practice_code", "practice_name"]].iloc[place]
    return told(code, {code: name})


def _move_home(fitted: FittedPlan, practice: int) -> MoveHome | None:
    networks = [network.members for network in fitted.networks]
    labels = [network.network_id for network in fitted.networks]
    return move_home(fitted.region.problem, networks, labels, fitted.fit, practice)


def _rounded(region: Region, cost: int) -> float:
    return round(region.travel.to_unit(cost), 3)


def neighbourhood_rows(fitted: FittedPlan) -> tuple[NeighbourhoodRow, ...]:
    """Return a row for each neighbourhood and network that has to do with it, and for none."""
    every, standing, lists = fitted.every, fitted.living.standing, fitted.region.problem.weights
    is_known = bool((standing >= 0).any())
    everybody = every.patients.sum(axis=0)
    rows = []
    for k in range(len(every.codes) + 1):
        number = k if k < len(every.codes) else None
        for network, own in zip(fitted.networks, fitted.fit.networks, strict=True):
            inside = list(network.members)
            here = standing[inside] == (-1 if number is None else number)
            registered = int(lists[inside][here].sum()) if is_known else None
            resident = own.in_none if number is None else int(every.patients[inside, k].sum())
            if resident or registered:
                whole = None if number is None else int(everybody[k])
                rows.append(
                    NeighbourhoodRow(
                        neighbourhood=_code(every, number),
                        neighbourhood_name=_name(every, number),
                        network_id=network.network_id,
                        network_name=network.name,
                        resident=resident,
                        registered=registered,
                        share_of_neighbourhood=_part(resident / whole if whole else None),
                        share_of_network=_part(resident / network.patients),
                        serves=number is not None and own.serves == number,
                        by=every.by,
                    )
                )
    return tuple(rows)


def residents_rows(fitted: FittedPlan) -> tuple[ResidentsRow, ...]:
    """Return a row for each area and network with patients there, by area."""
    living, every, networks = fitted.living, fitted.every, fitted.networks
    least = max(1, fitted.region.configuration.output.suppress_below)
    by_area = csr_matrix(_by_network(living.patients, networks).T)
    by_area.sort_indices()
    rows = []
    for k, area in enumerate(living.areas):
        own = slice(by_area.indptr[k], by_area.indptr[k + 1])
        owners, counts = by_area.indices[own], by_area.data[own]
        shown = np.where(counts >= least, counts, 0)
        most = int(shown.argmax()) if shown.any() else None
        for place, (owner, count) in enumerate(zip(owners, shown.tolist(), strict=True)):
            number = int(living.neighbourhood_of[k])
            rows.append(
                ResidentsRow(
                    area_code=area,
                    neighbourhood=_code(every, None if number < 0 else number),
                    network_id=networks[owner].network_id,
                    network_name=networks[owner].name,
                    patients=count or None,
                    share=_part(count / int(shown.sum())) if count else None,
                    is_largest=place == most,
                )
            )
    return tuple(rows)


def _from_home(fitted: FittedPlan) -> Iterator[tuple[Decimal | None, Decimal | None]]:
    """Return for each network how far its patients live from their practice: mean and most."""
    living = fitted.living
    sites = fitted.region.units[["easting", "northing"]].to_numpy(dtype=np.float64)
    homes = living.patients.tocoo()
    away = np.hypot(*(living.places[homes.col] - sites[homes.row]).T) / 1000
    known = np.isfinite(away)
    for network in fitted.networks:
        own = known & np.isin(homes.row, network.members)
        if own.any():
            yield (
                thousandths(float(np.average(away[own], weights=homes.data[own]))),
                thousandths(float(away[own].max())),
            )
        else:
            yield None, None


def _overlaps(homes: csr_matrix) -> Iterator[tuple[int | None, Decimal | None]]:
    """Return for each network which other one lives most in the same areas, and how much so."""
    counts: NDArray[np.float64] = homes.toarray().astype(np.float64)
    totals = counts.sum(axis=1, keepdims=True)
    shares = np.divide(counts, totals, out=np.zeros_like(counts), where=totals > 0)
    for number, own in enumerate(shares):
        common = np.minimum(shares, own).sum(axis=1).round(9)
        common[number] = 0.0
        most = int(common.argmax()) if common.any() else None
        yield most, None if most is None else _part(float(common[most]))


def _by_network(patients: csr_matrix, networks: Sequence[Network]) -> csr_matrix:
    """Add up patients by area to networks: int64 (networks, areas)."""
    owner = np.repeat(np.arange(len(networks)), [len(n.members) for n in networks])
    member = np.concatenate([np.array(network.members) for network in networks])
    adding = (np.ones(len(owner), dtype=np.int64), (owner, member))
    return csr_matrix(csr_matrix(adding, (len(networks), patients.shape[0])) @ patients)


def _code(every: Neighbourhoods, number: int | None) -> str:
    return "" if number is None else every.codes[number]


def _name(every: Neighbourhoods, number: int | None) -> str:
    return "" if number is None else every.names[number]


def _part(share: float | None) -> Decimal | None:
    """Return a share to six decimals, so that per cent are not rounded twice."""
    return None if share is None else Decimal(f"{share:.6f}")
