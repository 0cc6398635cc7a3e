"""The pictures of a batch: those of each region in its folder, and the page of all regions."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed

from pcn_group.base.errors import PcnGroupError, UnwrittenError
from pcn_group.base.files import write_all
from pcn_group.base.versions import versions
from pcn_group.batch.rollups import Outcomes, rollup_rows, summary_rows
from pcn_group.config.model import Configuration
from pcn_group.geography.areas import network_areas
from pcn_group.geography.roads.storage import attribution
from pcn_group.output.data.folder import INDEX_FILE
from pcn_group.output.maps.backdrop import backdrop_of
from pcn_group.output.report.files import pictures, write_pictures
from pcn_group.output.report.index_page import Country, index_html
from pcn_group.plan.case import case_in
from pcn_group.practices import Practices
from pcn_group.practices.table import has_places
from pcn_group.region.region import prepare_region

__all__ = ["draw_batch"]


def draw_batch(outcomes: Outcomes, root: Path, processes: int) -> Iterator[str]:
    """Draw every region that has a plan, from its folder, and then all of them on one page.

    Parameters
    ----------
    outcomes
        Of the batch.
    root
        Its folder, complete.
    processes
        How many draw.

    Yields
    ------
    str
        The code of each region drawn.

    Raises
    ------
    UnwrittenError
        If a file cannot be written.
    PcnGroupError
        If one that the rules name cannot be read any more.
    """
    planned = [code for code in outcomes.regions if outcomes.done[code].files]
    crew = Parallel(n_jobs=processes, return_as="generator")
    try:
        yield from crew(
            delayed(_draw_region)(code, outcomes.regions[code], outcomes.configuration, root)
            for code in planned
        )
        page = index_html(_country(outcomes))
        write_all({root / INDEX_FILE: page})
    except (PcnGroupError, BrokenProcessPool) as error:  # not the input's: the plans are written
        kind = UnwrittenError if isinstance(error, UnwrittenError) else PcnGroupError
        told = str(error) if isinstance(error, PcnGroupError) else "A process that draws died."
        raise kind(f"{told} The plans are kept: draw them with --resume.") from error


def _draw_region(code: str, practices: Practices, rules: Configuration, root: Path) -> str:
    folder = root / code
    case = case_in(folder, prepare_region(practices, rules))
    write_pictures(folder, pictures(case, f"../{INDEX_FILE}"), root)
    return code


def _country(outcomes: Outcomes) -> Country:
    table, configuration = outcomes.table, outcomes.configuration
    region = table["region_code"].to_numpy(dtype=object)
    members = [np.flatnonzero(region == code).tolist() for code in outcomes.regions]
    is_drawn = has_places(table)
    return Country(
        regions=tuple(summary_rows(outcomes)),
        rollups=tuple(rollup_rows(outcomes)),
        land=network_areas(table, members, configuration.adjacency, members) if is_drawn else None,
        backdrop=backdrop_of(table, configuration.adjacency) if is_drawn else None,
        band=(configuration.band.min, configuration.band.max),
        unit=outcomes.unit,
        version=versions()["pcn-group"],
        budget_of=outcomes.budget.told if outcomes.budget.years else "",
        attribution=attribution(configuration),
    )
