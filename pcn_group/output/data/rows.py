"""The rows of the tables of plans and of batches.

Each field has its type and its meaning, and its heading where that has the unit of travel in it. So
what columns there are, in which order, and what the reference says of them is written here alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from pcn_group.output.data.table import Table

__all__ = [
    "ADJACENCY",
    "BUDGETS",
    "BUDGET_TOTALS",
    "CASH_FLOW",
    "GROUPINGS",
    "NETWORKS",
    "PRACTICE_BUDGETS",
    "ROLLUPS",
    "SUMMARY_OF_REGIONS",
    "BudgetRow",
    "BudgetTotalRow",
    "CashFlowRow",
    "GroupingRow",
    "NeighbourRow",
    "NetworkRow",
    "PracticeBudgetRow",
    "RegionRow",
    "RollupRow",
]


@dataclass(frozen=True)
class GroupingRow:
    """A practice of a plan: a row of `groupings.csv`."""

    practice_code: Annotated[str, "ODS code of the practice"]
    practice_name: Annotated[str, "its name"]
    list_size: Annotated[int, "registered patients"]
    region_code: Annotated[str, "region of the practice"]
    network_id: Annotated[str, "its network; empty if it is in none, as in a plan made by hand"]
    network_name: Annotated[str, "name of the network"]
    is_hub: Annotated[
        bool,
        "`true` if travel in the network is measured to this practice; of none of its practices "
        "where the hub is a site",
    ]
    to_hub: Annotated[
        Decimal | None,
        (
            "how far its patients' travel starts from the hub: from the practice, or with "
            "`travel.origin: patients` from their homes in the mean; an attached practice "
            "is as far as its host"
        ),
        "{unit}_to_hub",
    ]
    easting: Annotated[
        Decimal | None,
        "metres on the British National Grid (EPSG:27700); empty where the input has no places",
    ]
    northing: Annotated[Decimal | None, "likewise"]
    current_network: Annotated[
        str,
        "its network today; after `footprints` and `divide` its network in PLAN",
    ]
    current_network_name: Annotated[str, "name of that network"]
    local_authority: Annotated[str, "local authority of the practice"]
    attached_to: Annotated[str, "the practice that it counts as part of (`data.atypical: attach`)"]
    weighted_list_size: Annotated[Decimal | None, "contractor-weighted list, to two decimals"]
    adjusted_list_size: Annotated[Decimal | None, "PCN adjusted population, to two decimals"]
    care_home_beds: Annotated[int | None, "beds in the care homes that it looks after"]
    icb_code: Annotated[str, "ICB (or STP) of the practice"]
    region_name: Annotated[str, "name of the region"]
    icb_name: Annotated[str, "name of the ICB"]
    local_authority_name: Annotated[str, "name of the local authority"]
    list_date: Annotated[str, "day of the practice's list, empty where it is not known"]


@dataclass(frozen=True)
class NetworkRow:
    """A network of a plan: a row of `networks.csv`."""

    network_id: Annotated[str, "code of the network it continues, else of its hub practice"]
    network_name: Annotated[str, "name of the network"]
    region_code: Annotated[str, "region of the hub"]
    practices: Annotated[int, "number of practices"]
    patients: Annotated[int, "registered patients"]
    in_band: Annotated[bool, "`true` if that is from `band.min` to `band.max`"]
    patients_outside_band: Annotated[int, "patients short of the minimum or above the maximum"]
    hub_practice_code: Annotated[
        str,
        "the practice that travel is measured to, or in whose area the site lies that it is "
        "measured to",
    ]
    mean: Annotated[Decimal, "mean travel of its patients to the hub", "mean_{unit}"]
    max: Annotated[Decimal, "farthest travel of one of its practices", "max_{unit}"]
    exception: Annotated[str, "why the network is outside the band; empty inside it"]
    hub_practice_name: Annotated[str, "name of that practice"]
    region_name: Annotated[str, "name of the region"]
    hub_site_code: Annotated[
        str, "the site of `hubs.sites` that travel is measured to; empty where it is a practice"
    ]
    hub_site_name: Annotated[str, "name of that site"]


@dataclass(frozen=True)
class NeighbourRow:
    """Two neighbours: a row of `adjacency.csv`."""

    practice_code: Annotated[str, "a practice"]
    neighbour_code: Annotated[str, "one of its neighbours; each pair is listed once"]
    straight_km: Annotated[
        Decimal | None, "the straight line between them; empty where the input has no places"
    ]
    way_km: Annotated[
        Decimal | None,
        "the way over land and crossings, or the shortest by road, whichever direction is shorter; "
        "empty if not measured",
    ]
    water_km: Annotated[
        Decimal | None,
        "how much of the straight line is over water; empty if not measured, and by road",
    ]
    reason: Annotated[
        str,
        "how they became neighbours: `adjacency.method`, `joined by land`, `joined by road` or "
        "`joined over water` where a piece would be cut off, or `added` by the user",
    ]


@dataclass(frozen=True)
class TravelRow:
    """Travel from one practice to another as a hub: a row of `travel.csv`."""

    start: Annotated[str, "the practice that travels", "from"]
    end: Annotated[str, "the hub", "to"]
    value: Annotated[
        Decimal | None,
        "metres, or minutes with `travel.unit: minutes` and by road, or as in a matrix with "
        "`travel.unit: none`; empty if out of reach",
    ]
    way: Annotated[
        str,
        "`straight`, `land` round water, over a `crossing`, or over `water` where there is none; "
        "`matrix` or `patients` where travel is from there; by `road`, with whose these are",
    ]


@dataclass(frozen=True)
class BudgetRow:
    """What a network is paid in a year under a line: a row of `budgets.csv`."""

    region_code: Annotated[str, "region of the network"]
    network_id: Annotated[str, "the network"]
    financial_year: Annotated[str, "such as `2019/20`"]
    funding_line: Annotated[str, "name of the line in the tariff"]
    paid_to: Annotated[str, "`networks` or `practices`"]
    basis: Annotated[
        str,
        "what a unit is: `registered`, `weighted`, `adjusted`, `bed` or `network`",
    ]
    units: Annotated[Decimal, "how many of them the network has"]
    rate_gbp: Annotated[Decimal, "pounds for a unit"]
    amount_gbp: Annotated[Decimal, "pounds paid"]
    source: Annotated[str, "where the rate is published"]
    rate_is_for: Annotated[str, "`month`, or the months that the rate covers together"]
    months: Annotated[str, "months of the year in which the line is paid"]
    recurrent: Annotated[bool, "`true` for a standing payment, `false` for a single one"]
    cash: Annotated[bool, "`true` if paid out, `false` if claimed back against cost"]
    confirmed: Annotated[bool, "whether rate and basis could be confirmed in the sources"]
    counted: Annotated[bool, "whether the amount is in the totals"]
    network_name: Annotated[str, "name of the network"]


@dataclass(frozen=True)
class PracticeBudgetRow:
    """What a practice is paid likewise: a row of `practice_budgets.csv`."""

    region_code: Annotated[str, "region of the network"]
    network_id: Annotated[str, "network of the practice"]
    practice_code: Annotated[str, "the practice that is paid"]
    financial_year: Annotated[str, "such as `2019/20`"]
    funding_line: Annotated[str, "name of the line in the tariff"]
    basis: Annotated[
        str,
        "what a unit is: `registered`, `weighted`, `adjusted`, `bed` or `network`",
    ]
    units: Annotated[Decimal, "how many of them the practice has"]
    rate_gbp: Annotated[Decimal, "pounds for a unit"]
    amount_gbp: Annotated[Decimal, "pounds paid"]
    counted: Annotated[bool, "whether the amount is in the totals"]
    network_name: Annotated[str, "name of the network"]
    practice_name: Annotated[str, "name of the practice"]


@dataclass(frozen=True)
class BudgetTotalRow:
    """What a place is paid in a year: a row of `budget_totals.csv`."""

    level: Annotated[str, "`network`, `footprint`, `region`, `icb` or `all`"]
    region_code: Annotated[str, "region of the network, or the region itself; else empty"]
    code: Annotated[
        str,
        "the network, footprint, region or ICB, or `all`; empty for regions without a known ICB",
    ]
    financial_year: Annotated[str, "such as `2019/20`"]
    funding_line: Annotated[str, "name of the line, or `total`: the sum of the lines that count"]
    units: Annotated[Decimal | None, "units paid for; empty in a total"]
    amount_gbp: Annotated[Decimal, "pounds paid"]
    patients: Annotated[int, "registered patients of the practices in networks"]
    per_head_gbp: Annotated[Decimal | None, "pounds for each of them"]
    counted: Annotated[bool, "whether the amount is in the totals"]
    difference_gbp: Annotated[Decimal, "the amount less the sum of its parts: 0.00"]
    network_name: Annotated[str, "name of a network; else empty"]
    per_network_per_head_gbp: Annotated[
        Decimal | None,
        "of a total: what lines per network are of `per_head_gbp`",
    ]
    remark: Annotated[
        str,
        "of a total: the lines that it is without, such as `partial: without roles (22.894 a "
        "weighted patient)`, and whose rates it goes by if not those of its year",
    ]


@dataclass(frozen=True)
class CashFlowRow:
    """What a network is paid in a month under a line: a row of `cash_flow.csv`."""

    region_code: Annotated[str, "region of the network"]
    network_id: Annotated[str, "the network"]
    funding_line: Annotated[str, "name of the line in the tariff"]
    paid_to: Annotated[str, "`networks` or `practices`"]
    month: Annotated[str, "such as `2019-04`"]
    amount_gbp: Annotated[Decimal, "pounds paid in this month"]
    cash: Annotated[bool, "`true` if paid out, `false` if claimed back against cost"]
    counted: Annotated[bool, "whether the amount is in the totals"]
    network_name: Annotated[str, "name of the network"]


@dataclass(frozen=True)
class RollupRow:
    """What regions add up to: a row of `rollups.csv`."""

    level: Annotated[str, "`all`, `nhs_region` or `icb`"]
    code: Annotated[str, "code of the NHS region or ICB"]
    name: Annotated[str, "its name"]
    regions: Annotated[int, "regions with practices there"]
    regions_without_plan: Annotated[int, "those of them that have no plan"]
    practices: Annotated[int, "number of practices"]
    patients: Annotated[int, "registered patients"]
    networks: Annotated[int, "networks whose hub is there"]
    share_in_band: Annotated[float | None, "share of these in the band, from 0 to 1"]
    exceptions: Annotated[int, "networks outside the band"]
    mean: Annotated[float | None, "mean travel of the patients there", "mean_{unit}"]
    budget_gbp: Annotated[Decimal | None, "what these networks are paid, in pounds"]
    current_networks: Annotated[int, "networks of today that have most of their patients there"]
    current_share_in_band: Annotated[float | None, "share of these in the band"]
    budget_remark: Annotated[str, "as `remark` in `budget_totals.csv`"]


@dataclass(frozen=True)
class RegionRow:
    """What came of a region of a batch: a row of its `summary.csv`."""

    region_code: Annotated[str, "the region"]
    region_name: Annotated[str, "its name"]
    status: Annotated[
        str,
        ("as in `summary.json`; without a plan `infeasible`, `no_plan_in_time` or `failed`"),
    ]
    reason: Annotated[str, "why there is no plan, or why networks are outside the band"]
    practices: Annotated[int, "number of practices"]
    patients: Annotated[int, "registered patients"]
    cost: Annotated[
        float | None,
        (
            "cost of the plan: travel, and prices if there are any, in patient-km (or "
            "patient-minutes)"
        ),
        "cost_patient_{unit}",
    ]
    bound: Annotated[float | None, "no plan costs less than this", "bound_patient_{unit}"]
    gap: Annotated[float | None, "(cost - bound) / cost"]
    networks: Annotated[int | None, "number of networks"]
    share_in_band: Annotated[
        float | None,
        "share of the networks that are in the band, from 0 to 1",
    ]
    exceptions: Annotated[int | None, "networks outside the band"]
    mean: Annotated[float | None, "mean travel of all patients to their hub", "mean_{unit}"]
    budget_gbp: Annotated[Decimal | None, "what all networks are paid, in pounds"]
    current_networks: Annotated[
        int,
        "networks of today that have most of their patients in the region",
    ]
    current_share_in_band: Annotated[float | None, "share of these in the band"]
    budget_remark: Annotated[str, "as `remark` in `budget_totals.csv`"]
    seconds: Annotated[float, "measured: seconds of the run, compiling apart"]
    peak_memory_mb: Annotated[float | None, "measured: memory of the whole process at its peak"]


GROUPINGS = Table(GroupingRow)
NETWORKS = Table(NetworkRow)
ADJACENCY = Table(NeighbourRow)
TRAVEL = Table(TravelRow)
BUDGETS = Table(BudgetRow)
PRACTICE_BUDGETS = Table(PracticeBudgetRow)
BUDGET_TOTALS = Table(BudgetTotalRow)
CASH_FLOW = Table(CashFlowRow)
ROLLUPS = Table(RollupRow)
SUMMARY_OF_REGIONS = Table(RegionRow)
