"""How the plan of a folder fits neighbourhoods, as its files say.

Where patients live is in the input of a plan, and its folder has no more of that than these tables.
"""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pcn_group.base.paths import what_is_at
from pcn_group.output.data.fit_rows import NEIGHBOURHOODS, NETWORKS_FIT, PRACTICES_FIT
from pcn_group.output.data.table import Table, read_back
from pcn_group.output.report.fit_facts import FitFacts, worth_talking
from pcn_group.plan.case import Case

__all__ = ["stored_fit"]

_AGAIN = "Solve the region again."

Row = TypeVar("Row")


def stored_fit(case: Case) -> FitFacts | None:
    """Return how a plan fits; None where its folder says nothing of that, or has other lists.

    Raises
    ------
    InputError
        If a table of it is damaged.
    """
    plan = case.stored
    if plan is None or plan.is_of_other_lists(case.region.practices.sources):
        return None
    folder, figures = plan.groupings.parent, plan.summary.get("fit")
    if not isinstance(figures, dict) or not what_is_at(folder / "networks_fit.csv"):
        return None
    neighbourhoods = _read(NEIGHBOURHOODS, folder / "neighbourhoods.csv")
    return FitFacts(
        figures=figures,
        neighbourhoods={
            row.neighbourhood: row.neighbourhood_name for row in neighbourhoods if row.neighbourhood
        },
        networks=_read(NETWORKS_FIT, folder / "networks_fit.csv"),
        matrix={(row.network_id, row.neighbourhood): row for row in neighbourhoods},
        to_talk=worth_talking(_read(PRACTICES_FIT, folder / "practices_fit.csv")),
    )


def _read(table: Table[Row], path: Path) -> tuple[Row, ...]:
    return table.read(path, read_back(path, _AGAIN), _AGAIN)
