"""The rows of the tables that say how well a plan fits neighbourhoods."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from pcn_group.output.data.table import Table

__all__ = [
    "FIT_FILES",
    "NEIGHBOURHOODS",
    "NETWORKS_FIT",
    "PRACTICES_FIT",
    "RESIDENTS",
    "NeighbourhoodRow",
    "NetworkFitRow",
    "PracticeFitRow",
    "ResidentsRow",
]

FIT_FILES = ("networks_fit.csv", "practices_fit.csv", "neighbourhoods.csv", "residents.csv")
"""Written with a plan where there is a map; the last where it is known who lives in which LSOA."""

_BY = (
    "`residents`: patients are counted where they live, by LSOA; `practices`: where their "
    "practice stands, since the input does not say"
)


@dataclass(frozen=True)
class NetworkFitRow:
    """How well a network fits: a row of `networks_fit.csv`."""

    network_id: Annotated[str, "the network"]
    network_name: Annotated[str, "its name"]
    patients: Annotated[int, "registered patients"]
    serves: Annotated[str, "the neighbourhood most of its patients live in; of equals the first"]
    serves_name: Annotated[str, "name of that neighbourhood"]
    aligned: Annotated[int, "patients who live there"]
    misaligned: Annotated[int, "patients who live in another neighbourhood"]
    in_none: Annotated[int, "patients who live in no neighbourhood of the map"]
    share_aligned: Annotated[
        Decimal | None, "share aligned of those who live in any neighbourhood, from 0 to 1"
    ]
    mean_km_from_home: Annotated[
        Decimal | None,
        "mean straight line from home (the centroid of the LSOA) to the practice; empty where "
        "homes are not known",
    ]
    max_km_from_home: Annotated[Decimal | None, "the longest of these"]
    overlaps_most: Annotated[
        str, "the network whose patients live most in the same LSOAs; empty where homes are unknown"
    ]
    overlap: Annotated[
        Decimal | None,
        "how much: the sum over LSOAs of the smaller of the two shares, from 0 (none in common) "
        "to 1 (spread alike)",
    ]
    by: Annotated[str, _BY]


@dataclass(frozen=True)
class PracticeFitRow:
    """How well a practice fits its network: a row of `practices_fit.csv`."""

    practice_code: Annotated[str, "the practice"]
    practice_name: Annotated[str, "its name"]
    network_id: Annotated[str, "its network"]
    network_name: Annotated[str, "name of the network"]
    patients: Annotated[int, "registered patients, those of attached practices included"]
    lives_in: Annotated[str, "the neighbourhood most of its patients live in"]
    lives_in_name: Annotated[str, "name of that neighbourhood"]
    share_there: Annotated[
        Decimal | None, "share that lives there of those who live in any neighbourhood"
    ]
    serves: Annotated[str, "the neighbourhood that its network serves"]
    serves_name: Annotated[str, "name of that neighbourhood"]
    aligned: Annotated[int, "patients who live there"]
    misaligned: Annotated[int, "patients who live in another neighbourhood"]
    in_none: Annotated[int, "patients who live in no neighbourhood of the map"]
    straddles: Annotated[bool, "`true` if under 60 % of its patients live in any one"]
    lives_elsewhere: Annotated[
        bool, "`true` if more of its patients live in another than its network serves"
    ]
    could_join: Annotated[
        str,
        "a network that serves where most of its patients live, if it is in none of those, and "
        "straddles or lives elsewhere",
    ]
    could_join_name: Annotated[str, "name of that network"]
    aligned_more: Annotated[
        int | None, "how many more patients are aligned if the practice moves there by itself"
    ]
    more: Annotated[
        float | None,
        "how much more the two networks cost then; empty where one has no permitted hub",
        "more_patient_{unit}",
    ]
    breaks: Annotated[str, "what is broken then and was not before"]
    others_known: Annotated[
        str,
        "who else has to move then, so that the rules hold: `nobody`, `proven` (those named, and "
        "fewer patients do not do), `found` (fewer might do), `no plan` (it is proven that none "
        "has it with the hub of that network), or `not worked out`, mostly for want of time",
    ]
    others: Annotated[str, "the practices that move beside it, by code and name"]
    others_patients: Annotated[int | None, "patients of those practices"]
    others_aligned_more: Annotated[
        int | None, "how many more patients are aligned in the plan in which they all move"
    ]
    others_more: Annotated[
        float | None,
        "how much more that plan costs, the cheapest of those that move as few patients",
        "others_more_patient_{unit}",
    ]
    by: Annotated[str, _BY]


@dataclass(frozen=True)
class NeighbourhoodRow:
    """A network in a neighbourhood: a row of `neighbourhoods.csv`."""

    neighbourhood: Annotated[str, "the neighbourhood; empty for all that is in none"]
    neighbourhood_name: Annotated[str, "its name"]
    network_id: Annotated[str, "a network with patients or practices there"]
    network_name: Annotated[str, "name of the network"]
    resident: Annotated[int, "patients of the network who live there"]
    registered: Annotated[
        int | None,
        "patients of its practices that stand there; empty where that is not known",
    ]
    share_of_neighbourhood: Annotated[
        Decimal | None, "share of all patients of the region who live there"
    ]
    share_of_network: Annotated[Decimal | None, "share of all patients of the network"]
    serves: Annotated[bool, "`true` if the network serves the neighbourhood"]
    by: Annotated[str, _BY]


@dataclass(frozen=True)
class ResidentsRow:
    """A network in an LSOA: a row of `residents.csv`.

    To assign each LSOA to one network, take the rows that are largest; to assign by a threshold,
    those with at least such a share; to assign in proportion, all rows by their shares.
    """

    area_code: Annotated[str, "the LSOA"]
    neighbourhood: Annotated[str, "its neighbourhood; empty if it is in none"]
    network_id: Annotated[str, "a network with patients who live there"]
    network_name: Annotated[str, "name of the network"]
    patients: Annotated[
        int | None, "how many; empty if they are under `output.suppress_below`, as is the share"
    ]
    share: Annotated[Decimal | None, "share of the patients of the LSOA that are shown"]
    is_largest: Annotated[
        bool, "`true` for the network that most are with; of equals the first, one in each LSOA"
    ]


NETWORKS_FIT = Table(NetworkFitRow)
PRACTICES_FIT = Table(PracticeFitRow)
NEIGHBOURHOODS = Table(NeighbourhoodRow)
RESIDENTS = Table(ResidentsRow)
