"""What every output file is, and what each of its columns or keys means.

The tables are written by these columns in this order, and the reference is made from them: a column
that is added here and to the rows of its table is in the file and in the documentation.
"""

from __future__ import annotations

from collections.abc import Mapping

from pcn_group.tables.findings import REPORT_COLUMNS

__all__ = [
    "ADJACENCY",
    "ALTERNATIVES",
    "AUTHORITIES",
    "BUDGETS",
    "BUDGET_TOTALS",
    "CASH_FLOW",
    "CERTIFICATE",
    "COMPARISON",
    "CURVE_AGAINST_BAND",
    "CURVE_AGAINST_MOVES",
    "EXCEPTIONS",
    "FOLDERS",
    "GROUPINGS",
    "MATCHES",
    "MONEY",
    "MOVES",
    "NETWORKS",
    "PRACTICE_BUDGETS",
    "ROLLUPS",
    "SUMMARY",
    "SUMMARY_OF_REGIONS",
    "TABLES",
    "TOGETHERNESS",
    "Columns",
    "in_unit",
]

Columns = Mapping[str, str]
"""Each column with its meaning; `{unit}` in a name stands for the unit of travel."""

_PRICED = "travel, and prices if there are any, in patient-km (or patient-minutes)"


def in_unit(columns: Columns, unit: str) -> list[str]:
    """Return the headings of a table where travel is in `km` or in `minutes`."""
    return [name.format(unit=unit) for name in columns]


# --- a plan -------------------------------------------------------------------------------------

GROUPINGS: Columns = {
    "practice_code": "ODS code of the practice",
    "practice_name": "its name",
    "list_size": "registered patients",
    "region_code": "region of the practice",
    "network_id": "its network; empty if it is in none, as in a plan made by hand",
    "network_name": "name of the network",
    "is_hub": "`true` if travel in the network is measured to this practice",
    "{unit}_to_hub": "how far its patients' travel starts from the hub: from the practice, or with "
    "`travel.origin: patients` from their homes in the mean; an attached practice is as far as its "
    "host",
    "easting": "metres on the British National Grid (EPSG:27700)",
    "northing": "likewise",
    "current_network": "its network today; after `footprints` and `divide` its network in PLAN",
    "current_network_name": "name of that network",
    "local_authority": "local authority of the practice",
    "attached_to": "the practice that it counts as part of (`data.atypical: attach`)",
    "weighted_list_size": "contractor-weighted list, to two decimals",
    "adjusted_list_size": "PCN adjusted population, to two decimals",
    "care_home_beds": "beds in the care homes that it looks after",
    "icb_code": "ICB (or STP) of the practice",
}
NETWORKS: Columns = {
    "network_id": "code of the network it continues, else of its hub practice",
    "network_name": "name of the network",
    "region_code": "region of the hub",
    "practices": "number of practices",
    "patients": "registered patients",
    "in_band": "`true` if that is from `band.min` to `band.max`",
    "patients_outside_band": "patients short of the minimum or above the maximum",
    "hub_practice_code": "the practice that travel is measured to",
    "mean_{unit}": "mean travel of its patients to the hub",
    "max_{unit}": "farthest travel of one of its practices",
    "exception": "why the network is outside the band; empty inside it",
}
BUDGETS: Columns = {
    "region_code": "region of the network",
    "network_id": "the network",
    "financial_year": "such as `2019/20`",
    "funding_line": "name of the line in the tariff",
    "paid_to": "`networks` or `practices`",
    "basis": "what a unit is: `registered`, `weighted`, `adjusted`, `bed` or `network`",
    "units": "how many of them the network has",
    "rate_gbp": "pounds for a unit",
    "amount_gbp": "pounds paid",
    "source": "where the rate is published",
    "rate_is_for": "`month`, or the months that the rate covers together",
    "months": "months of the year in which the line is paid",
    "recurrent": "`true` for a standing payment, `false` for a single one",
    "cash": "`true` if paid out, `false` if claimed back against cost",
    "confirmed": "whether rate and basis could be confirmed in the sources",
    "counted": "whether the amount is in the totals",
}
PRACTICE_BUDGETS: Columns = {
    "region_code": "region of the network",
    "network_id": "network of the practice",
    "practice_code": "the practice that is paid",
    **{name: BUDGETS[name] for name in ("financial_year", "funding_line", "basis")},
    "units": "how many of them the practice has",
    **{name: BUDGETS[name] for name in ("rate_gbp", "amount_gbp", "counted")},
}
BUDGET_TOTALS: Columns = {
    "level": "`network`, `region`, `icb` or `all`",
    "region_code": "region of the network, or the region itself; else empty",
    "code": "the network, region or ICB, or `all`; empty for regions without a known ICB",
    "financial_year": "such as `2019/20`",
    "funding_line": "name of the line, or `total`: the sum of the lines that count",
    "units": "units paid for; empty in a total",
    "amount_gbp": "pounds paid",
    "patients": "registered patients of the practices in networks",
    "per_head_gbp": "pounds for each of them",
    "counted": "whether the amount is in the totals",
    "difference_gbp": "the amount less the sum of its parts: 0.00",
}
CASH_FLOW: Columns = {
    "region_code": "region of the network",
    "network_id": "the network",
    "funding_line": "name of the line in the tariff",
    "paid_to": "`networks` or `practices`",
    "month": "such as `2019-04`",
    "amount_gbp": "pounds paid in this month",
    "cash": "`true` if paid out, `false` if claimed back against cost",
    "counted": "whether the amount is in the totals",
}
ADJACENCY: Columns = {
    "practice_code": "a practice",
    "neighbour_code": "one of its neighbours; each pair is listed once",
}

CERTIFICATE: Columns = {
    "duals": "dual of each practice, in patient-metres (or patient-seconds)",
    "tolls": "cuts: the practices with a share, their shares, what makes a whole, and the amount",
    "bound": "no plan costs less than this",
    "held": "penalty offset: what the band relaxed at a price adds to every plan, 0 without",
    "size_rule": "the limits and prices on patients that the bound is proven under",
    "band_impossible": "a second certificate, that no plan keeps the band; `null` where one does",
}
SUMMARY: Columns = {
    "status": "`optimal`, `within_gap` or `feasible`",
    "cost_patient_{unit}": f"cost of the plan: {_PRICED}",
    "bound_patient_{unit}": "no plan costs less than this",
    "gap": "(cost - bound) / cost",
    "first_of_equals": "whether it is the first by rule of all plans that cost as little; `null` "
    "unless `status` is `optimal`",
    "cost_integer": "the cost in patient-metres (or patient-seconds), exact",
    "bound_integer": "the bound, likewise",
    "certificate_verified": "whether the plain checker confirmed `certificate.json`",
    "mean_{unit}": "mean travel of all patients to their hub",
    "networks": "number of networks",
    "practices": "number of practices",
    "patients": "registered patients",
    "share_in_band": "share of the networks that are in the band, from 0 to 1",
    "exceptions": "networks outside the band, each with its reason",
    "patients_short": "patients short of the minimum, added up over all networks",
    "patients_above": "patients above the maximum, likewise",
    "patients_moved": "patients who move from the networks of today",
    "practices_moved": "practices that move",
    "patients_moved_bound": "of `repair`: no plan that keeps the rules moves fewer patients",
    "budget_year": "financial year of the budget",
    "budget_gbp": "what all networks are paid, in pounds",
    "budget_lines": "each funding line: its amount, and whether it counts",
    "budget_left_out": "funding lines that could not be worked out, and the column each needs",
    "configuration": "every rule that the plan was made under",
    "inputs": "input files: name, SHA-256, number of rows",
    "rule_files": "files that the rules name: key, name, SHA-256",
    "data_report": "how many there are of each finding about the data",
    "notes": "oddities that did not stop the run, one sentence each",
    "versions": "versions of pcn-group and of the packages that a plan could change with",
    "sha256": "each file of the plan as it was written, and this one without this key",
}

# --- all regions of a batch ---------------------------------------------------------------------

ROLLUPS: Columns = {
    "level": "`all`, `nhs_region` or `icb`",
    "code": "code of the NHS region or ICB",
    "name": "its name",
    "regions": "regions with practices there",
    "regions_without_plan": "those of them that have no plan",
    "practices": "number of practices",
    "patients": "registered patients",
    "networks": "networks whose hub is there",
    "share_in_band": "share of these in the band, from 0 to 1",
    "exceptions": "networks outside the band",
    "mean_{unit}": "mean travel of the patients there",
    "budget_gbp": "what these networks are paid, in pounds",
    "current_networks": "networks of today that have most of their patients there",
    "current_share_in_band": "share of these in the band",
}
SUMMARY_OF_REGIONS: Columns = {
    "region_code": "the region",
    "region_name": "its name",
    "status": "as in `summary.json`; without a plan `infeasible`, `no_plan_in_time` or `failed`",
    "reason": "why there is no plan, or why networks are outside the band",
    "practices": "number of practices",
    "patients": "registered patients",
    "cost_patient_{unit}": f"cost of the plan: {_PRICED}",
    "bound_patient_{unit}": "no plan costs less than this",
    "gap": "(cost - bound) / cost",
    "networks": "number of networks",
    "share_in_band": "share of the networks that are in the band, from 0 to 1",
    "exceptions": "networks outside the band",
    "mean_{unit}": "mean travel of all patients to their hub",
    "budget_gbp": "what all networks are paid, in pounds",
    "current_networks": "networks of today that have most of their patients in the region",
    "current_share_in_band": "share of these in the band",
    "seconds": "measured: seconds of the run, compiling apart",
    "peak_memory_mb": "measured: memory of the whole process at its peak",
}

# --- a comparison -------------------------------------------------------------------------------

COMPARISON: Columns = {
    "plan": "the plan as it was named on the command line",
    "practices": "practices in networks",
    "patients": "their registered patients",
    "practices_in_no_network": "practices of the region that the plan has in no network",
    "patients_in_no_network": "their registered patients",
    "practices_not_of_the_region": "practices of the plan that are not in the region",
    "networks": "number of networks",
    "networks_in_band": "networks in the band",
    "networks_under_band": "networks under the minimum",
    "networks_over_band": "networks over the maximum",
    "share_in_band": "share of the networks that are in the band, from 0 to 1",
    "networks_not_contiguous": "networks in several pieces",
    "enclaves": "parts of a network that another one surrounds",
    "local_authorities": "local authorities with practices; empty where none is known",
    "networks_across_authorities": "networks with practices in several local authorities",
    "cost_patient_{unit}": f"{_PRICED}; empty where a network has no permitted hub",
    "mean_{unit}": "mean travel of the patients in networks",
    "max_{unit}": "farthest travel of a practice",
    "rules_broken": "how many rules `check` finds broken",
    "budget_gbp": "what all networks are paid in the year, in pounds",
    "budget_per_head_gbp": "that for each patient",
    "least_network_per_head_gbp": "the same in the network where it is least",
    "most_network_per_head_gbp": "the same in the network where it is most",
    "patients_moved": "patients who move from the first plan to this one",
    "practices_moved": "practices that move",
}
MATCHES: Columns = {
    "from_plan": "the first plan",
    "from_network": "a network of it; empty if none is continued",
    "to_plan": "another plan",
    "to_network": "the network that continues it there; empty if none does",
    "from_patients": "patients of the first network",
    "to_patients": "patients of the second one",
    "shared_patients": "patients in both",
    "leaving_patients": "patients in the first network alone",
    "joining_patients": "patients in the second one alone",
}
MOVES: Columns = {
    "practice_code": "the practice",
    "practice_name": "its name",
    "list_size": "registered patients",
    "from_plan": "the first plan",
    "from_network": "its network there",
    "to_plan": "another plan",
    "to_network": "its network there",
    "moved": "`true` if the second network does not continue the first",
}
MONEY: Columns = {
    "plan": "the plan",
    "level": "`all` or `network`",
    "network_id": "the network; empty over all",
    "patients": "registered patients",
    "funding_line": "name of the line, or `total`: the sum of the lines that count",
    "units": "units paid for; empty in a total",
    "amount_gbp": "pounds paid",
    "per_head_gbp": "pounds for each patient",
    "counted": "whether the amount is in the totals",
    "more_than_first_plan_gbp": "over all: how much more than in the first plan",
}
AUTHORITIES: Columns = {
    "plan": "the plan",
    "local_authority": "a local authority",
    "networks": "networks with practices there",
}

# --- alternatives -------------------------------------------------------------------------------

TOGETHERNESS: Columns = {
    "practice_code": "a practice",
    "other_practice_code": "another one: a neighbour, or in one network with it in some plan",
    "in_best": "`together` or `apart` in the best plan",
    "verdict": "`always together`, `always apart`, `open` or `not settled`",
    "cost_together_patient_{unit}": "least cost of a plan with the two in one network; empty: "
    "none within the tolerance",
    "cost_apart_patient_{unit}": "least cost of a plan with the two in different networks",
    "price_patient_{unit}": "what it costs to decide otherwise than the best plan",
    "settled": "`false` if time ended before these costs were known to be the least",
}
ALTERNATIVES: Columns = {
    "plan": "folder of the plan",
    "cost_patient_{unit}": _PRICED,
    "over_best": "share above the cost of the best plan",
    "mean_{unit}": "mean travel of all patients to their hub",
    "max_{unit}": "farthest travel of a practice",
    "networks": "number of networks",
    "share_in_band": "share of the networks that are in the band, from 0 to 1",
    "patients_moved": "patients who move from the best plan to this one",
    "practices_moved": "practices that move",
}

# --- a curve ------------------------------------------------------------------------------------

_CURVE_END: Columns = {
    "cost_patient_{unit}": f"{_PRICED}; without the price on this curve",
    "mean_{unit}": "mean travel of all patients to their hub",
    "max_{unit}": "farthest travel of a practice",
    "networks": "number of networks",
    "status": "`optimal`, or `feasible` where time ended before the proof",
    "gap": "how far the cost may be above the least",
}
CURVE_AGAINST_BAND: Columns = {
    "plan": "file of the plan",
    "price_{unit}": "price of each patient outside the band at which the plan is the best; empty: "
    "any that is high enough",
    "patients_short": "patients short of the minimum, added up over all networks",
    "patients_above": "patients above the maximum, likewise",
    "exceptions": "networks outside the band",
    **_CURVE_END,
}
CURVE_AGAINST_MOVES: Columns = {
    "plan": "file of the plan",
    "price_{unit}": "price of each patient who moves at which the plan is the best; empty: any "
    "that is high enough",
    "patients_moved": "patients who move from the networks of today",
    "practices_moved": "practices that move",
    **_CURVE_END,
}
EXCEPTIONS: Columns = {
    "plan": "file of the plan",
    "network_id": "a network of it that is outside the band",
    "network_name": "its name",
    "hub_practice_code": "the practice that travel is measured to",
    "practices": "number of practices",
    "patients": "registered patients",
    "patients_short": "patients short of the minimum",
    "patients_above": "patients above the maximum",
    "patients_per_km2": "patients per square kilometre of the Voronoi cells of its practices",
    "mean_{unit}": "mean travel of its patients to the hub",
    "max_{unit}": "farthest travel of one of its practices",
    "worth_patient_{unit}": "what the best plan without this exception costs more, patients "
    "outside at their price included; empty: there is no such plan",
    "cost_without_patient_{unit}": "cost of that plan, without the price",
    "patients_outside_without": "patients outside the band in that plan",
    "status": "`optimal`: the worth is exact; `feasible`: it is that much at least; `infeasible`: "
    "the exception is needed",
}

TABLES: Mapping[str, tuple[Columns, ...]] = {
    "groupings.csv": (GROUPINGS,),
    "networks.csv": (NETWORKS,),
    "budgets.csv": (BUDGETS,),
    "practice_budgets.csv": (PRACTICE_BUDGETS,),
    "budget_totals.csv": (BUDGET_TOTALS,),
    "cash_flow.csv": (CASH_FLOW,),
    "adjacency.csv": (ADJACENCY,),
    "data_report.csv": (REPORT_COLUMNS,),
    "certificate.json": (CERTIFICATE,),
    "summary.json": (SUMMARY,),
    "rollups.csv": (ROLLUPS,),
    "summary.csv": (SUMMARY_OF_REGIONS,),
    "comparison.csv": (COMPARISON,),
    "matches.csv": (MATCHES,),
    "moves.csv": (MOVES,),
    "authorities.csv": (AUTHORITIES,),
    "money.csv": (MONEY,),
    "togetherness.csv": (TOGETHERNESS,),
    "alternatives.csv": (ALTERNATIVES,),
    "curve.csv": (CURVE_AGAINST_BAND, CURVE_AGAINST_MOVES),
    "exceptions.csv": (EXCEPTIONS,),
}
"""The columns of each table, and the keys of what is JSON, by the name of the file."""

_BUDGET = {
    "budgets.csv": "a row for each network, year and funding line",
    "practice_budgets.csv": "a row for each practice, year and line that is paid to practices",
    "budget_totals.csv": "every line and the total for each network, region and ICB and over all",
    "cash_flow.csv": "a row for each network, line and month",
}

FOLDERS: Mapping[str, Mapping[str, str]] = {
    "plan": {
        "groupings.csv": "a row for each practice, by network, the hub first",
        "networks.csv": "a row for each network",
        **_BUDGET,
        "adjacency.csv": "the pairs of practices that counted as neighbours",
        "certificate.json": "the integers that prove the bound again; `null` without a certificate",
        "data_report.csv": "what is odd about the practices, and what became of every row of the "
        "input",
        "summary.json": "the result, the whole configuration, and what it rests on; written last",
    },
    "pictures": {
        "map.png": "the map, A4 across, for slides",
        "map.svg": "the same for papers: networks by number and colour, practices by list size, "
        "the patients of each network against the band",
        "networks.geojson": "the areas of the networks and the places of the practices, in "
        "degrees; `kind` says which is which",
        "networks.gpkg": "a GeoPackage for QGIS and other mapping programs, in metres "
        "(EPSG:27700): layers `networks`, `practices` and `neighbours`",
        "report.html": "the page: the map to move about in, the proof, and every table of the plan",
    },
    "batch": {
        "groupings.csv": "those of all regions, one after the other",
        "networks.csv": "likewise; a network is known by region and identifier",
        **_BUDGET,
        "data_report.csv": "the findings of all regions, and what became of every row of the input",
        "rollups.csv": "a row for all regions, each NHS region and each ICB",
        "summary.csv": "a row for each region; written last",
        "plotly.min.js": "with `--report`: what the pages of the regions share",
        "index.html": "with `--report`: all regions on maps, in a chart and in a table",
    },
    "comparison": {
        "authorities.csv": "a row for each plan and local authority",
        "matches.csv": "a row for each network of the first plan and the one that continues it in "
        "another plan, and for each that continues none",
        "moves.csv": "a row for each practice and pair of plans",
        "money.csv": "each plan over all, and each of its networks: every funding line and the "
        "total",
        "comparison.csv": "a row for each plan, a column for each figure",
        "comparison.html": "drawn by `report`: the first plan beside each other one",
    },
    "alternatives": {
        "togetherness.csv": "a row for each pair of practices that are neighbours, or in one "
        "network in some plan",
        "alternatives.csv": "a row for each plan",
        "summary.json": "the same, the tolerance, how many plans are known and whether they are "
        "all, who is always together, the configuration, inputs and versions",
        "alternatives.html": "drawn by `report`: what all good plans have in common, and what is "
        "open",
    },
    "curve": {
        "plan-1.csv": "the practices of the first plan, as a `groupings.csv`; a file for each plan",
        "exceptions.csv": "against the band: a row for each plan and network outside the band",
        "curve.csv": "a row for each plan on the curve",
        "curve.html": "drawn by `report`: the curve, each plan with its price and proof",
    },
    "budget": {
        **_BUDGET,
        "budget.json": "what the budget comes to and what it rests on: the plan, files with their "
        "SHA-256, lines, growth, what counts, versions",
        "budget.xlsx": "with `--workbook`: the same tables with formulas",
    },
}
"""The files of each kind of folder, in the order they are written, with what each is."""
