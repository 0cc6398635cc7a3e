"""Every output file: what it is, and what each of its columns or keys means.

The reference is made from this, and the tables are written and read by the records that are named
here: a column that is added to one of them is in the file and in the documentation.
"""

from __future__ import annotations

from collections.abc import Mapping

from pcn_group.output.data.fit_rows import (
    NEIGHBOURHOODS,
    NETWORKS_FIT,
    PRACTICES_FIT,
    RESIDENTS,
)
from pcn_group.output.data.profile_rows import PRACTICE_FIGURES, PROFILE, SPREAD
from pcn_group.output.data.rows import (
    ADJACENCY,
    BUDGET_TOTALS,
    BUDGETS,
    CASH_FLOW,
    GROUPINGS,
    NETWORKS,
    PRACTICE_BUDGETS,
    ROLLUPS,
    SUMMARY_OF_REGIONS,
    TRAVEL,
)
from pcn_group.output.data.rows_of_several import (
    ALTERNATIVES,
    AUTHORITIES,
    COMPARISON,
    CURVE_AGAINST_BAND,
    CURVE_AGAINST_FIGURE,
    CURVE_AGAINST_MOVES,
    CURVE_AGAINST_NEIGHBOURHOODS,
    EXCEPTIONS,
    FORECAST,
    LATER_LISTS,
    MATCHES,
    MONEY,
    MOVES,
    TOGETHERNESS,
)
from pcn_group.output.data.table import Columns
from pcn_group.tables.findings import REPORT_COLUMNS

__all__ = ["CERTIFICATE", "FOLDERS", "SUMMARY", "TABLES"]

_PRICED = "travel, and prices if there are any, in patient-km (or patient-minutes)"

CERTIFICATE: Columns = {
    "duals": "dual of each practice, in patient-metres (or patient-seconds, or steps of plain "
    "numbers); beside it, where there are limits on a plan (`limits.networks`, "
    "`limits.authorities`), their duals as `limits`",
    "tolls": "cuts: the practices with a share, their shares, what makes a whole, and the amount",
    "tree": "where networks are large, in place of both: the parts of a search tree one after the "
    "other, each with duals of all practices in order of their codes, and where it is divided the "
    "practice and its hubs in the first half; `whole` in the first where sets hold practices whole",
    "bound": "no plan costs less than this",
    "held": "penalty offset: what the band relaxed at a price adds to every plan, 0 without",
    "size_rule": "the limits and prices on patients that the bound is proven under; beside it, "
    "where there are any, those of `profile.bands` as `further_bands`: by how much a network may "
    "be beyond each, and the price, both in units of the last decimal",
    "band_impossible": "a second certificate, that no plan keeps the band; `null` where one does",
}
SUMMARY: Columns = {
    "status": "`optimal`, `within_gap` or `feasible`",
    "cost_patient_{unit}": f"cost of the plan: {_PRICED}",
    "bound_patient_{unit}": "no plan costs less than this",
    "gap": "(cost - bound) / cost",
    "first_of_equals": "whether it is the first by rule of all plans that cost as little; `null` "
    "unless `status` is `optimal`",
    "cost_integer": "the cost in patient-metres (or patient-seconds, or steps of plain numbers), "
    "exact",
    "bound_integer": "the bound, likewise",
    "certificate_verified": "whether the plain checker confirmed `certificate.json`",
    "mean_{unit}": "mean travel of all patients to their hub",
    "networks": "number of networks",
    "practices": "number of practices",
    "patients": "registered patients",
    "share_in_band": "share of the networks that are in the band, from 0 to 1",
    "exceptions": "networks outside the band, each with its reason",
    "exceptions_per_km2": "patients per square kilometre of the Voronoi cells of each of these; "
    "`null` where there is no land",
    "patients_short": "patients short of the minimum, added up over all networks",
    "patients_above": "patients above the maximum, likewise",
    "beyond_further_bands": "what is beyond further bands that give way or have a price, by key of "
    "the limit, added up over all networks: in units of the figure, of a mean or a share those "
    "times patients",
    "patients_moved": "patients who move from the networks of today; null without such networks, "
    "and of their footprints",
    "practices_moved": "practices that move",
    "networks_continued": "networks that continue one of today, and have its code",
    "patients_moved_bound": "of `repair`: no plan that keeps the rules moves fewer patients",
    "practices_moved_bound": "of `align --then practices`: no plan that fits as well moves fewer "
    "practices",
    "misaligned_bound": "of `align`: no plan that keeps the rules has fewer patients who live in "
    "another neighbourhood than their network serves",
    "fit": "with a map of neighbourhoods: patients aligned, misaligned and in none, their share, "
    "neighbourhoods that no network serves, and whether patients count where they live or where "
    "their practice stands (`by`)",
    "fit_today": "likewise, of the networks of today; `null` without any",
    "who_else_moves": "with a map of neighbourhoods: for each practice that could join a network "
    "that serves where its patients live, who else has to move then, as in `practices_fit.csv`, "
    "with costs in integers",
    "budget_year": "financial year of the budget; null where lists without a date have none",
    "budget_gbp": "what all networks are paid, in pounds; null without a year",
    "budget_remark": "what `budget_gbp` is without, and whose rates it goes by if not its year's; "
    "empty for all lines by the year's own",
    "budget_lines": "each funding line: its amount, and whether it counts",
    "budget_left_out": "funding lines that could not be worked out, and the column each needs; "
    "`tariff` where the rate is not known",
    "configuration": "every rule that the plan was made under",
    "list_date": "day of the lists, where the input says so",
    "inputs": "input files: name, SHA-256, number of rows",
    "rule_files": "files that the rules name: key, name, SHA-256",
    "data_report": "how many there are of each finding about the data",
    "notes": "oddities that did not stop the run, one sentence each",
    "versions": "versions of pcn-group and of the packages that a plan could change with",
    "sha256": "each file of the plan as it was written, and this one without this key",
}


TABLES: Mapping[str, tuple[Columns, ...]] = {
    "groupings.csv": (GROUPINGS.columns,),
    "networks.csv": (NETWORKS.columns,),
    "budgets.csv": (BUDGETS.columns,),
    "practice_budgets.csv": (PRACTICE_BUDGETS.columns,),
    "budget_totals.csv": (BUDGET_TOTALS.columns,),
    "cash_flow.csv": (CASH_FLOW.columns,),
    "adjacency.csv": (ADJACENCY.columns,),
    "travel.csv": (TRAVEL.columns,),
    "networks_fit.csv": (NETWORKS_FIT.columns,),
    "practices_fit.csv": (PRACTICES_FIT.columns,),
    "neighbourhoods.csv": (NEIGHBOURHOODS.columns,),
    "residents.csv": (RESIDENTS.columns,),
    "profile.csv": (PROFILE.columns,),
    "profile_spread.csv": (SPREAD.columns,),
    "practice_figures.csv": (PRACTICE_FIGURES.columns,),
    "data_report.csv": (REPORT_COLUMNS,),
    "certificate.json": (CERTIFICATE,),
    "summary.json": (SUMMARY,),
    "rollups.csv": (ROLLUPS.columns,),
    "summary.csv": (SUMMARY_OF_REGIONS.columns,),
    "comparison.csv": (COMPARISON.columns,),
    "matches.csv": (MATCHES.columns,),
    "moves.csv": (MOVES.columns,),
    "authorities.csv": (AUTHORITIES.columns,),
    "money.csv": (MONEY.columns,),
    "togetherness.csv": (TOGETHERNESS.columns,),
    "alternatives.csv": (ALTERNATIVES.columns,),
    "curve.csv": (
        CURVE_AGAINST_BAND.columns,
        CURVE_AGAINST_MOVES.columns,
        CURVE_AGAINST_NEIGHBOURHOODS.columns,
        CURVE_AGAINST_FIGURE.columns,
    ),
    "exceptions.csv": (EXCEPTIONS.columns,),
    "later_lists.csv": (LATER_LISTS.columns,),
    "forecast.csv": (FORECAST.columns,),
}
"""The columns of each table, and the keys of what is JSON, by the name of the file."""

_BUDGET = {
    "budgets.csv": "a row for each network, year and funding line",
    "practice_budgets.csv": "a row for each practice, year and line that is paid to practices, if "
    "there are any such lines",
    "budget_totals.csv": "every line and the total for each network, region and ICB and over all",
    "cash_flow.csv": "a row for each network, line and month",
}

FOLDERS: Mapping[str, Mapping[str, str]] = {
    "plan": {
        "travel.csv": "with `output.travel: true`: travel of all pairs, in the form of "
        "`travel.matrix`",
        "networks_fit.csv": "with a map of neighbourhoods: how well each network fits",
        "practices_fit.csv": "likewise each practice, and who straddles or lives elsewhere",
        "neighbourhoods.csv": "likewise each network in each neighbourhood: who lives there, and "
        "whose practice stands there",
        "residents.csv": "with a map and patients by LSOA: each network in each LSOA, to assign "
        "LSOAs by the largest share, by a threshold or in proportion",
        "profile.csv": "with `profile.figures`: each figure of each network, of the region and of "
        "all of the input",
        "profile_spread.csv": "likewise how far networks are apart in each figure",
        "practice_figures.csv": "likewise what each practice adds to each figure, so that the plan "
        "can be judged by itself",
        "practice_budgets.csv": _BUDGET["practice_budgets.csv"],
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
        "degrees; `kind` says which is which; not where the input has no places",
        "networks.gpkg": "a GeoPackage for QGIS and other mapping programs, in metres "
        "(EPSG:27700): layers `networks`, `practices` and `neighbours`, and around them `land` and "
        "`towns`; likewise",
        "report.html": "the page: the map to move about in, the proof, and every table of the plan",
    },
    "batch": {
        "groupings.csv": "those of all regions, one after the other",
        "networks.csv": "likewise; a network is known by region and identifier",
        **_BUDGET,
        "profile.csv": "with `profile.figures`: likewise, and once all of the input",
        "profile_spread.csv": "likewise how far networks are apart in each figure, for all "
        "regions, each NHS region and each ICB",
        "data_report.csv": "the findings of all regions, and what became of every row of the input",
        "rollups.csv": "a row for all regions, each NHS region and each ICB",
        "summary.csv": "a row for each region; written last",
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
        "plan-1.json": "the rules it is the best plan under, with its price or its limit as one of "
        "them, and the files it was made from; likewise for each plan",
        "practice_figures.csv": "with `profile.figures`: what each practice adds to each figure",
        "exceptions.csv": "against the band: a row for each plan and network outside the band",
        "curve.csv": "a row for each plan on the curve",
        "curve.html": "drawn by `report`: the curve, each plan with its price and proof",
    },
    "forecast": {
        "later_lists.csv": "a row for each practice: its list in the last year",
        "forecast.csv": "a row for each network and year",
    },
    "budget": {
        **_BUDGET,
        "budget.json": "what the budget comes to and what it rests on: the plan, files with their "
        "SHA-256, lines, growth, what counts, versions",
        "budget.xlsx": "with `--workbook`: the same tables with formulas",
    },
}
"""The files of each kind of folder, in the order they are written, with what each is."""
