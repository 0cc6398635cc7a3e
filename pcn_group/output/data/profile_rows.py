"""The rows of the tables about the figures of a profile."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from pcn_group.output.data.table import Table
from pcn_group.plan.reading import FIGURES

__all__ = [
    "PRACTICE_FIGURES",
    "PROFILE",
    "PROFILE_FILES",
    "SPREAD",
    "PracticeFigureRow",
    "ProfileRow",
    "SpreadRow",
]

PROFILE_FILES = ("profile.csv", "profile_spread.csv", FIGURES)
"""Written with a plan where the rules name figures."""

_ADDS = "how it adds: `sum`, `mean` by patients, or `share` of patients"


@dataclass(frozen=True)
class ProfileRow:
    """A figure of a network: a row of `profile.csv`."""

    level: Annotated[
        str,
        "`network`, `region`, or `input`: all practices of the input, where it has more than the "
        "region, such as all of England",
    ]
    network_id: Annotated[str, "the network; empty at other levels"]
    network_name: Annotated[str, "its name"]
    region_code: Annotated[str, "its region"]
    figure: Annotated[str, "the figure, by its name in the rules"]
    label: Annotated[str, "what pages call it"]
    adds: Annotated[str, _ADDS]
    better: Annotated[str, "which way is better off, `low` or `high`; empty for neither"]
    value: Annotated[
        Decimal | None, "the figure, to six decimals; empty where it is known of nobody"
    ]
    patients: Annotated[int, "registered patients"]
    patients_known: Annotated[
        int, "patients that the figure is known for; by the file that has it, where that has lists"
    ]
    percentile: Annotated[
        Decimal | None,
        "of a network: how many per cent of the networks have less, those that have as much "
        "counted as half, the network itself among them",
    ]


@dataclass(frozen=True)
class SpreadRow:
    """How far networks are apart in a figure: a row of `profile_spread.csv`."""

    level: Annotated[
        str, "`region`; of a batch `all`, `nhs_region` or `icb`, as in its `rollups.csv`"
    ]
    code: Annotated[str, "of that region"]
    name: Annotated[str, "its name"]
    figure: Annotated[str, "the figure, by its name in the rules"]
    label: Annotated[str, "what pages call it"]
    adds: Annotated[str, _ADDS]
    region: Annotated[Decimal | None, "of all practices of the region"]
    input: Annotated[
        Decimal | None, "of all practices of the input; empty where these are the region's"
    ]
    lowest: Annotated[Decimal | None, "of the network that has least"]
    lowest_network: Annotated[str, "that network; of several the first"]
    highest: Annotated[Decimal | None, "of the network that has most"]
    highest_network: Annotated[str, "that network; of several the first"]
    p10: Annotated[
        Decimal | None,
        "tenth percentile of the networks, each counted once; between two of them in proportion",
    ]
    p90: Annotated[Decimal | None, "ninetieth percentile, likewise"]
    p90_p10: Annotated[
        Decimal | None, "the second divided by the first; empty where that is not above 0"
    ]
    between: Annotated[
        Decimal | None,
        "spread between networks: root of the mean squared distance of networks from all of them "
        "together, by patients; of a sum that of networks from their mean",
    ]
    within: Annotated[
        Decimal | None,
        "spread within networks: root of the mean squared distance of practices from their "
        "network, by patients; empty of a sum",
    ]


@dataclass(frozen=True)
class PracticeFigureRow:
    """What a practice adds to a figure: a row of `practice_figures.csv`."""

    practice_code: Annotated[str, "the practice; empty for all practices of the input"]
    figure: Annotated[str, "the figure, by its name in the rules"]
    column: Annotated[str, "heading of its column in the input"]
    adds: Annotated[str, _ADDS]
    amount: Annotated[
        Decimal, "what is added up: of a mean its patients times their figure, of a share a count"
    ]
    patients_known: Annotated[int, "patients that the figure is known for"]
    patients: Annotated[int, "registered patients"]


PROFILE = Table(ProfileRow)
SPREAD = Table(SpreadRow)
PRACTICE_FIGURES = Table(PracticeFigureRow)
