"""The rows of the tables about plans, several or later on: comparisons, curves, forecasts.

Each field has its type and its meaning, and its heading where that has the unit of travel in it. So
what columns there are, in which order, and what the reference says of them is written here alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated

from pcn_group.output.data.table import Table

__all__ = [
    "ALTERNATIVES",
    "AUTHORITIES",
    "COMPARISON",
    "CURVE_AGAINST_BAND",
    "CURVE_AGAINST_FIGURE",
    "CURVE_AGAINST_MOVES",
    "CURVE_AGAINST_NEIGHBOURHOODS",
    "EXCEPTIONS",
    "FORECAST",
    "LATER_LISTS",
    "MATCHES",
    "MONEY",
    "MOVES",
    "TOGETHERNESS",
    "AlignedPointRow",
    "AlternativeRow",
    "AuthorityRow",
    "BandPointRow",
    "ComparedRow",
    "ExceptionRow",
    "ForecastRow",
    "LaterListRow",
    "MatchRow",
    "MoneyRow",
    "MoveRow",
    "MovesPointRow",
    "PairRow",
    "SpreadPointRow",
]


_Mean = Annotated[float, "mean travel of all patients to their hub", "mean_{unit}"]
_Max = Annotated[float, "farthest travel of a practice", "max_{unit}"]
_Lowest = Annotated[
    Mapping[str, Decimal | None],
    "with `profile.figures`: of the network with least of a figure; likewise for each figure",
    "{figure}_lowest",
]
_Highest = Annotated[
    Mapping[str, Decimal | None], "of the network with most of it", "{figure}_highest"
]
_Between = Annotated[
    Mapping[str, Decimal | None],
    "how far networks are apart in it: `between` in `profile_spread.csv`",
    "{figure}_between",
]
_CurveCost = Annotated[
    float,
    (
        "travel, and prices if there are any, in patient-km (or patient-minutes); "
        "without the price on this curve"
    ),
    "cost_patient_{unit}",
]
_CurveStatus = Annotated[str, "`optimal`, or `feasible` where time ended before the proof"]
_CurveGap = Annotated[float, "how far the cost may be above the least"]


@dataclass(frozen=True)
class ComparedRow:
    """The figures of a plan beside others: a row of `comparison.csv`."""

    plan: Annotated[str, "the plan as it was named on the command line"]
    practices: Annotated[int, "practices in networks"]
    patients: Annotated[int, "their registered patients"]
    practices_in_no_network: Annotated[
        int,
        "practices of the region that the plan has in no network",
    ]
    patients_in_no_network: Annotated[int, "their registered patients"]
    practices_not_of_the_region: Annotated[int, "practices of the plan that are not in the region"]
    networks: Annotated[int, "number of networks"]
    networks_in_band: Annotated[int, "networks in the band"]
    networks_under_band: Annotated[int, "networks under the minimum"]
    networks_over_band: Annotated[int, "networks over the maximum"]
    share_in_band: Annotated[float, "share of the networks that are in the band, from 0 to 1"]
    networks_not_contiguous: Annotated[int, "networks in several pieces"]
    enclaves: Annotated[int, "parts of a network that another one surrounds"]
    local_authorities: Annotated[
        int | None,
        "local authorities with practices; empty where none is known",
    ]
    networks_across_authorities: Annotated[
        int | None,
        "networks with practices in several local authorities",
    ]
    cost: Annotated[
        float | None,
        (
            "travel, and prices if there are any, in patient-km (or patient-minutes); empty"
            " where a network has no permitted hub"
        ),
        "cost_patient_{unit}",
    ]
    mean: Annotated[float | None, "mean travel of the patients in networks", "mean_{unit}"]
    max: Annotated[float | None, "farthest travel of a practice", "max_{unit}"]
    rules_broken: Annotated[int, "how many rules `check` finds broken"]
    share_aligned: Annotated[
        float | None,
        "share of the patients who live in the neighbourhood that their network serves, of those "
        "in any, from 0 to 1; empty without a map of neighbourhoods, like the next two",
    ]
    patients_misaligned: Annotated[int | None, "patients who live in another neighbourhood"]
    neighbourhoods_unserved: Annotated[int | None, "neighbourhoods that no network serves"]
    budget_gbp: Annotated[
        Decimal | None,
        "what all networks are paid in the year, in pounds; empty without a line that "
        "counts, as in a year without a tariff",
    ]
    budget_remark: Annotated[str, "what it is without, as `remark` in `budget_totals.csv`"]
    budget_per_head_gbp: Annotated[Decimal | None, "that for each patient"]
    least_network_per_head_gbp: Annotated[Decimal | None, "likewise of the network with the least"]
    most_network_per_head_gbp: Annotated[Decimal | None, "likewise of the network with the most"]
    more_by_networks_gbp: Annotated[
        Decimal | None,
        "how much more than the first plan it pays under lines per network: this follows the "
        "number of networks",
    ]
    more_by_members_gbp: Annotated[
        Decimal | None,
        "likewise under lines by patients or beds: this follows who is in a network",
    ]
    more_by_columns_gbp: Annotated[
        Decimal | None,
        "likewise under lines that columns settle in one of the two plans alone",
    ]
    patients_moved: Annotated[
        int | None,
        "patients who move from the first plan to this one; empty between networks and footprints, "
        "like the next",
    ]
    practices_moved: Annotated[int | None, "practices that move"]
    lowest: _Lowest = field(default_factory=dict)
    highest: _Highest = field(default_factory=dict)
    between: _Between = field(default_factory=dict)


@dataclass(frozen=True)
class MatchRow:
    """A network and the one that continues it: a row of `matches.csv`."""

    from_plan: Annotated[str, "the first plan"]
    from_network: Annotated[str | None, "a network of it; empty if none is continued"]
    to_plan: Annotated[str, "another plan"]
    to_network: Annotated[str | None, "the network that continues it there; empty if none does"]
    from_patients: Annotated[int, "patients of the first network"]
    to_patients: Annotated[int, "patients of the second one"]
    shared_patients: Annotated[int, "patients in both"]
    leaving_patients: Annotated[int, "patients in the first network alone"]
    joining_patients: Annotated[int, "patients in the second one alone"]
    from_network_name: Annotated[str, "name of the first network"]
    to_network_name: Annotated[str, "name of the second one"]


@dataclass(frozen=True)
class MoveRow:
    """A practice in two plans: a row of `moves.csv`."""

    practice_code: Annotated[str, "the practice"]
    practice_name: Annotated[str, "its name"]
    list_size: Annotated[int, "registered patients"]
    from_plan: Annotated[str, "the first plan"]
    from_network: Annotated[str, "its network there"]
    to_plan: Annotated[str, "another plan"]
    to_network: Annotated[str, "its network there"]
    moved: Annotated[bool, "`true` if the second network does not continue the first"]
    from_network_name: Annotated[str, "name of the first network"]
    to_network_name: Annotated[str, "name of the second one"]


@dataclass(frozen=True)
class MoneyRow:
    """What a plan pays: a row of `money.csv`."""

    plan: Annotated[str, "the plan"]
    level: Annotated[str, "`all` or `network`"]
    network_id: Annotated[str, "the network; empty over all"]
    patients: Annotated[int, "registered patients"]
    funding_line: Annotated[str, "name of the line, or `total`: the sum of the lines that count"]
    units: Annotated[Decimal | None, "units paid for; empty in a total"]
    amount_gbp: Annotated[Decimal, "pounds paid"]
    per_head_gbp: Annotated[Decimal | None, "pounds for each patient"]
    counted: Annotated[bool, "whether the amount is in the totals"]
    more_than_first_plan_gbp: Annotated[
        Decimal | None,
        "over all: how much more than in the first plan",
    ]
    network_name: Annotated[str, "name of the network; empty over all"]
    more_follows: Annotated[
        str,
        "over all, what that follows: `networks` (their number), `members` (who is in one) or "
        "`columns` (a line that one plan alone has)",
    ]


@dataclass(frozen=True)
class AuthorityRow:
    """A plan in a local authority: a row of `authorities.csv`."""

    plan: Annotated[str, "the plan"]
    local_authority: Annotated[str, "a local authority"]
    networks: Annotated[int, "networks with practices there"]
    local_authority_name: Annotated[str, "its name"]


@dataclass(frozen=True)
class PairRow:
    """Two practices in good plans: a row of `togetherness.csv`."""

    practice_code: Annotated[str, "a practice"]
    other_practice_code: Annotated[
        str,
        "another one: a neighbour, or in one network with it in some plan",
    ]
    in_best: Annotated[str, "`together` or `apart` in the best plan"]
    verdict: Annotated[str, "`always together`, `always apart`, `open` or `not settled`"]
    cost_together: Annotated[
        Decimal | None,
        ("least cost of a plan with the two in one network; empty: none within the tolerance"),
        "cost_together_patient_{unit}",
    ]
    cost_apart: Annotated[
        Decimal | None,
        "least cost of a plan with the two in different networks",
        "cost_apart_patient_{unit}",
    ]
    price: Annotated[
        Decimal | None,
        "what it costs to decide otherwise than the best plan",
        "price_patient_{unit}",
    ]
    settled: Annotated[bool, "`false` if time ended before these costs were known to be the least"]
    practice_name: Annotated[str, "name of the first practice"] = ""
    other_practice_name: Annotated[str, "name of the other one"] = ""


@dataclass(frozen=True)
class AlternativeRow:
    """A good plan: a row of `alternatives.csv`."""

    plan: Annotated[str, "folder of the plan"]
    cost: Annotated[
        float,
        "travel, and prices if there are any, in patient-km (or patient-minutes)",
        "cost_patient_{unit}",
    ]
    over_best: Annotated[float, "share above the cost of the best plan"]
    mean: _Mean
    max: _Max
    networks: Annotated[int, "number of networks"]
    share_in_band: Annotated[float, "share of the networks that are in the band, from 0 to 1"]
    patients_moved: Annotated[int, "patients who move from the best plan to this one"]
    practices_moved: Annotated[int, "practices that move"]
    lowest: _Lowest = field(default_factory=dict)
    highest: _Highest = field(default_factory=dict)
    between: _Between = field(default_factory=dict)


@dataclass(frozen=True)
class BandPointRow:
    """A plan on a curve against the band: a row of `curve.csv`."""

    plan: Annotated[str, "file of the plan"]
    price: Annotated[
        float | None,
        (
            "price of each patient outside the band at which the plan is the best; empty: "
            "any that is high enough"
        ),
        "price_{unit}",
    ]
    patients_short: Annotated[int, "patients short of the minimum, added up over all networks"]
    patients_above: Annotated[int, "patients above the maximum, likewise"]
    exceptions: Annotated[int, "networks outside the band"]
    cost: _CurveCost
    mean: _Mean
    max: _Max
    networks: Annotated[int, "number of networks"]
    status: _CurveStatus
    gap: _CurveGap


@dataclass(frozen=True)
class MovesPointRow:
    """A plan on a curve against what moves: a row of `curve.csv`."""

    plan: Annotated[str, "file of the plan"]
    price: Annotated[
        float | None,
        (
            "price of each patient who moves at which the plan is the best; empty: any that"
            " is high enough"
        ),
        "price_{unit}",
    ]
    patients_moved: Annotated[int, "patients who move from the networks of today"]
    practices_moved: Annotated[int, "practices that move"]
    cost: _CurveCost
    mean: _Mean
    max: _Max
    networks: Annotated[int, "number of networks"]
    status: _CurveStatus
    gap: _CurveGap


@dataclass(frozen=True)
class AlignedPointRow:
    """A plan on a curve against misaligned patients: a row of `curve.csv`."""

    plan: Annotated[str, "file of the plan"]
    price: Annotated[
        float | None,
        (
            "price of each misaligned patient at which the plan is the best; empty: any that"
            " is high enough"
        ),
        "price_{unit}",
    ]
    patients_misaligned: Annotated[
        int, "patients who live in another neighbourhood than their network serves"
    ]
    share_aligned: Annotated[
        float | None,
        (
            "share of the patients who live in any neighbourhood that live in the one their"
            " network serves; empty: none does"
        ),
    ]
    cost: _CurveCost
    mean: _Mean
    max: _Max
    networks: Annotated[int, "number of networks"]
    status: _CurveStatus
    gap: _CurveGap


@dataclass(frozen=True)
class SpreadPointRow:
    """A plan on a curve against a figure of the profile: a row of `curve.csv`."""

    plan: Annotated[str, "file of the plan"]
    figure: Annotated[str, "the figure"]
    spread: Annotated[float, "largest difference of a network's figure from the region's"]
    region: Annotated[float, "the region's figure, to as many decimal places as were tried"]
    lowest: Annotated[float, "lowest figure of a network"]
    highest: Annotated[float, "highest figure of a network"]
    cost: _CurveCost
    mean: _Mean
    max: _Max
    networks: Annotated[int, "number of networks"]
    status: _CurveStatus
    gap: _CurveGap


@dataclass(frozen=True)
class ExceptionRow:
    """A network of a plan on a curve, outside the band: a row of `exceptions.csv`."""

    plan: Annotated[str, "file of the plan"]
    network_id: Annotated[str, "a network of it that is outside the band"]
    network_name: Annotated[str, "its name"]
    hub_practice_code: Annotated[
        str, "the practice that travel is measured to, or in whose area that site lies"
    ]
    practices: Annotated[int, "number of practices"]
    patients: Annotated[int, "registered patients"]
    patients_short: Annotated[int, "patients short of the minimum"]
    patients_above: Annotated[int, "patients above the maximum"]
    patients_per_km2: Annotated[
        float | None,
        "patients per square kilometre of the Voronoi cells of its practices",
    ]
    mean: Annotated[float, "mean travel of its patients to the hub", "mean_{unit}"]
    max: Annotated[float, "farthest travel of one of its practices", "max_{unit}"]
    worth: Annotated[
        float | None,
        (
            "what the best plan without this exception costs more, patients outside at "
            "their price included; empty: there is no such plan"
        ),
        "worth_patient_{unit}",
    ]
    cost_without: Annotated[
        float | None,
        "cost of that plan, without the price",
        "cost_without_patient_{unit}",
    ]
    patients_outside_without: Annotated[int | None, "patients outside the band in that plan"]
    status: Annotated[
        str,
        (
            "`optimal`: the worth is exact; `feasible`: it is that much at least; "
            "`infeasible`: the exception is needed"
        ),
    ]
    hub_practice_name: Annotated[str, "name of the practice that travel is measured to"] = ""


@dataclass(frozen=True)
class ForecastRow:
    """A network in a year: a row of `forecast.csv`."""

    network_id: Annotated[str, "the network"]
    network_name: Annotated[str, "its name"]
    years_ahead: Annotated[int, "years from the day of the lists on; 0 is that day"]
    day: Annotated[str, "the day, ISO; empty where that of the lists is not known"]
    patients: Annotated[int, "registered patients, in the middle of the forecast"]
    in_band: Annotated[bool, "whether these are in the band"]
    patients_low: Annotated[
        int | None, "a tenth of the scenarios have fewer; empty without an earlier extract"
    ]
    patients_high: Annotated[int | None, "a tenth of the scenarios have more"]
    share_below: Annotated[
        Decimal | None, "share of the scenarios in which it is under the band, from 0 to 1"
    ]
    share_above: Annotated[Decimal | None, "share of the scenarios in which it is over the band"]


@dataclass(frozen=True)
class LaterListRow:
    """The list of a practice in the last year: a row of `later_lists.csv`."""

    practice_code: Annotated[str, "the practice"]
    growth: Annotated[Decimal, "yearly growth of its list, as a share"]
    growth_source: Annotated[
        str,
        "`given`; `past`: the median of the region's lists; `none`: nothing is known, so it stays",
    ]
    new_homes: Annotated[int, "people of new homes among its patients in the last year"]
    list_size_later: Annotated[int, "its patients in the last year, in the middle of the forecast"]


COMPARISON = Table(ComparedRow)
MATCHES = Table(MatchRow)
MOVES = Table(MoveRow)
MONEY = Table(MoneyRow)
AUTHORITIES = Table(AuthorityRow)
TOGETHERNESS = Table(PairRow)
ALTERNATIVES = Table(AlternativeRow)
CURVE_AGAINST_BAND = Table(BandPointRow)
CURVE_AGAINST_MOVES = Table(MovesPointRow)
CURVE_AGAINST_NEIGHBOURHOODS = Table(AlignedPointRow)
EXCEPTIONS = Table(ExceptionRow)
CURVE_AGAINST_FIGURE = Table(SpreadPointRow)
FORECAST = Table(ForecastRow)
LATER_LISTS = Table(LaterListRow)
