"""The figures of all networks of a batch, and how far they are apart in each level of regions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from pcn_group.batch.rollups import AGAIN, LEVELS, Outcomes
from pcn_group.output.data.profile_rows import PROFILE, SPREAD, ProfileRow, SpreadRow
from pcn_group.output.data.profile_tables import spread_row
from pcn_group.plan.profile import profile_of
from pcn_group.practices.profile.figures import Figures
from pcn_group.practices.table import Practices
from pcn_group.practices.units import attach_atypical, unit_numbers, units
from pcn_group.region.figures import Figure, figures_of

__all__ = ["joined_profiles"]


def joined_profiles(outcomes: Outcomes) -> dict[str, str]:
    """Return the text of the tables of figures by name; of none where the rules name no figures."""
    if not outcomes.configuration.profile.figures or not outcomes.networks:
        return {}
    return {
        "profile.csv": PROFILE.csv(_network_rows(outcomes)),
        "profile_spread.csv": SPREAD.csv(_spread_rows(_Joined(outcomes))),
    }


def _network_rows(outcomes: Outcomes) -> list[ProfileRow]:
    """Return the rows of all plans, region by region, and once those of all of the input."""
    path = Path("profile.csv")
    rows = [row for text in outcomes.texts(path.name) for row in PROFILE.read(path, text, AGAIN)]
    of_input = {row.figure: row for row in rows if row.level == "input"}
    return [*(row for row in rows if row.level != "input"), *of_input.values()]


@dataclass(frozen=True)
class _Joined:
    """The practices of all regions, and the networks of those that have a plan."""

    outcomes: Outcomes

    @cached_property
    def practices(self) -> Practices:
        regions = [*self.outcomes.regions.values()]
        rules = self.outcomes.configuration.data
        tables = [attach_atypical(region.table, rules) for region in regions]
        rows = pd.concat([region.figures.rows for region in regions], ignore_index=True)
        told = regions[0].figures
        return replace(
            regions[0],
            table=pd.concat(tables, ignore_index=True),
            figures=Figures(rows, told.everyone, told.registered),
        )

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        return figures_of(self.outcomes.configuration.profile, self.practices)

    @cached_property
    def networks(self) -> dict[str, tuple[str, list[int]]]:
        """The identifier of each network and the positions of its units, by the code of its hub."""
        table = self.practices.table
        unit_of = dict(zip(table["practice_code"], unit_numbers(table).tolist(), strict=True))
        members: dict[tuple[str, str], set[int]] = {}
        for row in self.outcomes.groupings:
            network = (row.region_code, row.network_id)
            members.setdefault(network, set()).add(unit_of[row.practice_code])
        return {
            row.hub_practice_code: (
                row.network_id,
                sorted(members[row.region_code, row.network_id]),
            )
            for row in self.outcomes.networks
        }


def _spread_rows(joined: _Joined) -> Iterator[SpreadRow]:
    """Return a row for each level, region of it, and figure; a network counts where its hub is."""
    own = units(joined.practices.table)
    for level, code_column, name_column in LEVELS:
        places = own[code_column].tolist() if code_column else [level] * len(own)
        place_of = dict(zip(own["practice_code"], places, strict=True))
        names = dict(zip(places, own[name_column] if name_column else places, strict=True))
        for place in sorted({*places} - {""}):
            inside = [i for i, each in enumerate(places) if each == place]
            networks = [
                network for hub, network in joined.networks.items() if place_of[hub] == place
            ]
            profile = profile_of(joined.figures, [members for _, members in networks], inside)
            for each in profile:
                yield replace(
                    spread_row(each, [label for label, _ in networks]),
                    level=level,
                    code=place,
                    name=names[place] if name_column else "",
                )
