"""A region under its rules: prepared in one place, and then under fewer of them, or others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pcn_group.base.codes import one_form
from pcn_group.base.progress import Where
from pcn_group.base.wording import named
from pcn_group.config.closed import with_successors
from pcn_group.config.loading import refuse_unknown_practices
from pcn_group.config.model import Configuration, PriceAbove, PriceBelow
from pcn_group.config.networks import Known, practices_for_networks
from pcn_group.config.section import Section
from pcn_group.geography.adjacency import Neighbours, build_adjacency
from pcn_group.geography.other_places import refuse_unusable_places, with_other_places
from pcn_group.geography.scheme import scheme_places
from pcn_group.geography.travel import TravelTable, build_travel
from pcn_group.geography.ways import Ways, build_ways
from pcn_group.practices.hub_sites import HubPlace
from pcn_group.practices.table import Practices, has_places
from pcn_group.practices.units import attach_atypical, unit_catchments, units
from pcn_group.region.building import RegionRules, build_problem
from pcn_group.region.conflicts import refuse_conflicts
from pcn_group.region.figures import Figure, figures_of, notes_on, with_own_figures
from pcn_group.region.hub_places import hub_places, sites_in
from pcn_group.region.land_findings import with_land_findings
from pcn_group.region.living import Living, with_neighbourhoods
from pcn_group.region.neighbourhoods import Neighbourhoods
from pcn_group.region.one_place import with_places_together
from pcn_group.region.problem import Problem
from pcn_group.region.road_findings import with_road_notes
from pcn_group.region.today import Today, patients_today, practices_today

__all__ = [
    "BAND",
    "BAND_MAX",
    "BAND_MIN",
    "CEILING",
    "FLOOR",
    "FURTHER",
    "NETWORKS",
    "PLAN",
    "Region",
    "Rule",
    "firm_rules",
    "prepare_region",
    "rules_in_force",
    "strict_problem",
    "with_apart",
    "with_figure_limit",
    "with_neighbours",
    "with_together",
    "with_value",
    "without_rules",
]


@dataclass(frozen=True)
class Region:
    """A region under its rules.

    Attributes
    ----------
    practices
        All of them; `attached_to` in their table says which counts as part of which.
    units
        The practices that are attached to no other, with the patients of those that are attached to
        them. Every position in `travel`, `problem`, a plan or a solution is one in this table.
    configuration
        The rules.
    travel
        From each unit to each other one.
    problem
        The region in integers, neighbours among them.
    ways
        Between units, over land or along roads; None where nothing asks for them.
    neighbours
        Those of the problem, with what was dropped, joined and added.
    neighbourhoods, living
        How many patients of each unit live in each neighbourhood, and in which areas; None without
        a map of neighbourhoods.
    figures
        Those of the profile, by unit, in the order of the configuration.
    hub_places
        The sites of the problem, with their names and places.
    """

    practices: Practices
    units: pd.DataFrame
    configuration: Configuration
    travel: TravelTable
    problem: Problem
    ways: Ways | None = None
    neighbours: Neighbours = field(default_factory=lambda: Neighbours(()))
    neighbourhoods: Neighbourhoods | None = None
    living: Living | None = None
    figures: tuple[Figure, ...] = ()
    hub_places: tuple[HubPlace, ...] = ()

    @property
    def table(self) -> pd.DataFrame:
        """The table of all practices, with `attached_to`."""
        return self.practices.table

    @property
    def has_places(self) -> bool:
        """Whether practices say where they are; if not, all travel and neighbours are given."""
        return has_places(self.units)

    @cached_property
    def drawn(self) -> Region:
        """The same for maps alone: practices without places have those of a scheme."""
        if self.has_places:
            return self
        # Every practice is a unit: attaching one to another needs places.
        places = pd.DataFrame(scheme_places(self.travel.values), columns=["easting", "northing"])
        practices = replace(self.practices, table=self.table.assign(**places))
        return replace(self, practices=practices, units=self.units.assign(**places))

    @property
    def hub_metres(self) -> NDArray[np.float64]:
        """Where practices and sites are, in the order of travel to hubs: (n + m, 2), in metres."""
        practices = self.units[["easting", "northing"]].to_numpy(dtype=np.float64)
        sites = [(site.easting, site.northing) for site in self.hub_places]
        return np.concatenate((practices, np.array(sites).reshape(-1, 2)))

    def site_at(self, hub: int) -> HubPlace | None:
        """Return the site that a hub is, by its column in travel to hubs; None for a practice."""
        number = hub - len(self.problem.codes)
        return self.hub_places[number] if number >= 0 else None

    def today(self, *, in_practices: bool = False) -> Today:
        """Return the networks of today, and what counts as moved: patients, or practices."""
        rules = RegionRules.of(self.configuration.rules, self.problem.codes)
        return (practices_today if in_practices else patients_today)(self.units, rules)

    @cached_property
    def practices_named(self) -> dict[str, str]:
        """The name of each practice by its code."""
        return dict(zip(self.problem.codes, self.units["practice_name"], strict=True))

    @cached_property
    def networks_named(self) -> dict[str, tuple[str, str]]:
        """Code and name of each network of today by its code in one form."""
        names: dict[str, tuple[str, str]] = {}
        columns = (self.units[column] for column in ("current_network", "current_network_name"))
        for code, name in zip(*columns, strict=True):
            if code and not names.get(one_form(code), ("", ""))[1]:
                names[one_form(code)] = code, name
        return {form: (code, name or code) for form, (code, name) in names.items()}

    def under(self, configuration: Configuration) -> Region:
        """Return the region under other rules that leave travel and neighbours as they are."""
        problem = build_problem(
            self.units,
            self.travel,
            self.problem.neighbours,
            configuration,
            self.neighbourhoods,
            self.figures,
            self.problem.sites,
        )
        return replace(self, configuration=configuration, problem=problem)


def prepare_region(
    practices: Practices,
    configuration: Configuration,
    on_progress: Callable[[Where], None] = lambda _: None,
) -> Region:
    """Prepare a region under its rules.

    Parameters
    ----------
    on_progress
        Told when travel and neighbours are about to be worked out.

    Raises
    ------
    InputError
        For a fault in a matrix, an outline or a list of neighbours, for rules that name a practice
        nowhere in the input, and for rules that conflict with each other or with the region.
    """
    configuration = with_successors(configuration, practices.known)
    configuration = practices_for_networks(configuration, _known(practices))
    refuse_unknown_practices(configuration, practices.known | practices.closed)
    practices = replace(practices, table=attach_atypical(practices.table, configuration.data))
    on_progress(Where("geography"))
    own = units(practices.table)
    practices, neighbourhoods, living = with_neighbourhoods(practices, configuration.neighbourhoods)
    configuration, notes = with_places_together(configuration, own)
    practices = replace(practices, notes=tuple(dict.fromkeys((*practices.notes, *notes))))
    catchments = unit_catchments(practices.catchments, practices.table)
    refuse_unusable_places(configuration)
    places = hub_places(configuration.hubs, own, practices.known)
    practices = replace(practices, notes=(*practices.notes, *places.notes))
    ways = build_ways(own, configuration)
    travel = build_travel(own, configuration, catchments, ways)
    travel = with_other_places(travel, places.others, own, configuration, catchments, ways)
    neighbours = build_adjacency(own, configuration, catchments, ways)
    practices = with_land_findings(
        practices, own, ways, neighbours, configuration.adjacency.barriers
    )
    on_roads = None if ways is None else ways.on_roads
    practices = with_road_notes(practices, configuration, on_roads, travel.left_out)
    practices = with_own_figures(practices, configuration.profile)
    figures = figures_of(configuration.profile, practices)
    practices = replace(practices, notes=(*practices.notes, *notes_on(figures, own)))
    sites = sites_in(travel, places.sites)
    problem = build_problem(
        own, travel, neighbours.of, configuration, neighbourhoods, figures, sites
    )
    refuse_conflicts(problem, configuration.rules, practices)
    return Region(
        practices,
        own,
        configuration,
        travel,
        problem,
        ways,
        neighbours,
        neighbourhoods,
        living,
        figures,
        places.sites,
    )


def _known(practices: Practices) -> Known:
    """Return the practices and networks that rules may name."""
    beside = practices.beside["current_network"]
    pairs = [
        *zip(practices.table["practice_code"], practices.table["current_network"], strict=True),
        *zip(beside.index, beside, strict=True),
    ]
    return Known.of(frozenset(practices.table["practice_code"]), practices.networks, pairs)


BAND_MIN, BAND_MAX = "band.min", "band.max"
FLOOR, CEILING = "band.below.floor", "band.above.ceiling"
BAND = frozenset({BAND_MIN, BAND_MAX, FLOOR, CEILING})
"""The keys of the limits on the patients of a network."""

FURTHER = "profile.bands"
"""What the keys of limits on figures begin with: that of a band, its figure and its side follow."""

NETWORKS = "limits.networks"
PLAN = frozenset({NETWORKS, "limits.authorities", "limits.min_aligned", "neighbourhoods.networks"})
"""The keys of the limits on a whole plan: some of its networks by themselves keep or break none."""

_NOTHING = {
    "limits.max_practices": None,
    "travel.max_to_hub": None,
    "rules.hubs": (),
    "hubs.only_sites": False,
    **dict.fromkeys(PLAN),
    "neighbourhoods.networks": "any",
}
"""The values that are no limit."""

S = TypeVar("S", bound=Section)


@dataclass(frozen=True)
class Rule:
    """One rule that a plan must keep.

    Attributes
    ----------
    key
        Of the configuration, such as `rules.together`.
    practices
        The codes of those it is about; none where it is about all.
    value
        Of a limit: patients, practices, networks (or a range of them, as it is written), a share of
        the patients, or travel in the reporting unit.
    """

    key: str
    practices: tuple[str, ...] = ()
    value: float | str | None = None

    def __str__(self) -> str:
        """Return the rule in a few words."""
        if self.practices:
            return f"{self.key} ({named(self.practices)})"
        if self.value is None:
            return self.key
        if isinstance(self.value, str):
            return f"{self.key} ({self.value})"
        return f"{self.key} ({self.value:{',' if isinstance(self.value, int) else '.10g'}})"


def rules_in_force(region: Region) -> tuple[Rule, ...]:
    """Return all rules that restrict plans beside contiguity, the limits on patients last."""
    configuration, problem = region.configuration, region.problem
    limits = {
        "limits.max_practices": configuration.limits.max_practices,
        "travel.max_to_hub": configuration.travel.max_to_hub,
        NETWORKS: configuration.limits.networks,
        "limits.authorities": configuration.limits.authorities,
        "limits.min_aligned": configuration.limits.min_aligned,
    }
    rules = [Rule(key, value=value) for key, value in limits.items() if value is not None]
    about = RegionRules.of(configuration.rules, problem.codes)
    rules += [Rule("rules.hubs")] if about.hubs is not None else []
    rules += [Rule("hubs.only_sites")] if configuration.hubs.only_sites else []
    if configuration.neighbourhoods.networks == "one":
        rules.append(Rule("neighbourhoods.networks", value="one"))
    groups = {
        "rules.apart": about.apart,
        "rules.together": _groups(region),
        "rules.fixed": about.fixed,
    }
    rules += [Rule(key, _codes(region, group)) for key in groups for group in groups[key]]
    rules += [
        Rule(limit.key, value=_plain(limit.at))
        for limit in problem.figure_limits
        if limit.allowed == 0
    ]
    return (*rules, *_sizes(region))


def firm_rules(region: Region) -> tuple[Rule, ...]:
    """Return the rules that never give way."""
    band = region.configuration.band
    yielding = {BAND_MIN: band.below == "avoid", BAND_MAX: band.above == "avoid"}
    yielding |= {limit.key: limit.avoid for limit in region.problem.figure_limits}
    return tuple(rule for rule in rules_in_force(region) if not yielding.get(rule.key, False))


def strict_problem(region: Region, without: Collection[Rule] = ()) -> Problem:
    """Return the problem under all rules but some, and with bands that do not give way.

    A practice that stands alone under all rules, as too large for a network, still does.
    """
    problem = without_rules(region, without).problem
    size = problem.size
    dropped = {rule.key for rule in without}
    everybody = max(int(problem.weights.sum()), size.largest)
    limits = (limit for limit in problem.figure_limits if limit.key not in dropped)
    strict = replace(
        size,
        smallest=1 if dropped & {BAND_MIN, FLOOR} else size.smallest,
        largest=everybody if dropped & {BAND_MAX, CEILING} else size.largest,
        alone_above=size.largest,
    )
    return replace(problem, size=strict, figure_limits=tuple(limits)).firm()


def without_rules(region: Region, rules: Collection[Rule]) -> Region:
    """Return the region without some rules; the limits on patients and on figures stay."""
    if not rules:
        return region
    kept = [rule for rule in rules_in_force(region) if rule not in rules]
    configuration = region.configuration
    for name in ("together", "apart", "fixed"):
        groups = tuple(rule.practices for rule in kept if rule.key == f"rules.{name}")
        configuration = _having(configuration, ("rules", name), groups)
    for key, nothing in _NOTHING.items():
        if any(rule.key == key for rule in rules):
            configuration = _having(configuration, key.split("."), nothing)
    return region.under(configuration)


def with_value(region: Region, key: str, value: object) -> Region:
    """Return the region with another value of one key of the configuration."""
    return region.under(_having(region.configuration, key.split("."), value))


def with_figure_limit(region: Region, key: str, value: float) -> Region:
    """Return the region with another value of a limit on a figure, by the key of its rule."""
    name, *path = key.removeprefix(f"{FURTHER}.").split(".")
    bands = region.configuration.profile.bands
    changed = (_having(each, path, value) if each.figure == name else each for each in bands)
    return with_value(region, FURTHER, tuple(changed))


def with_together(region: Region, group: Sequence[int]) -> Region:
    """Return the region with one more group that must be in one network."""
    groups = region.configuration.rules.together
    return with_value(region, "rules.together", (*groups, _codes(region, group)))


def with_apart(region: Region, pair: Sequence[int]) -> Region:
    """Return the region with two more practices that must not be in one network."""
    groups = region.configuration.rules.apart
    return with_value(region, "rules.apart", (*groups, _codes(region, pair)))


def with_neighbours(region: Region, pair: tuple[int, int]) -> Region:
    """Return the region with two more practices that are neighbours."""
    neighbours = list(region.problem.neighbours)
    for i, j in (pair, pair[::-1]):
        neighbours[i] = tuple(sorted({*neighbours[i], j}))
    return replace(region, problem=replace(region.problem, neighbours=tuple(neighbours)))


def _plain(value: Fraction) -> float:
    """Return a whole value as such."""
    return int(value) if value.denominator == 1 else float(value)


def _groups(region: Region) -> tuple[tuple[int, ...], ...]:
    """Return the groups that are together, each as it was written."""
    places = {code: i for i, code in enumerate(region.problem.codes)}
    groups = {
        tuple(sorted(places[code] for code in group if code in places))
        for group in region.configuration.rules.together
    }
    return tuple(sorted(group for group in groups if len(group) > 1))


def _codes(region: Region, members: Sequence[int]) -> tuple[str, ...]:
    return tuple(region.problem.codes[i] for i in members)


def _sizes(region: Region) -> tuple[Rule, Rule]:
    """Return the limits on the patients of a network."""
    band, size = region.configuration.band, region.problem.size
    above = CEILING if isinstance(band.above, PriceAbove) else BAND_MAX
    below = FLOOR if isinstance(band.below, PriceBelow) else BAND_MIN
    return Rule(above, value=size.largest), Rule(below, value=size.smallest)


def _having(section: S, path: Sequence[str], value: object) -> S:
    name, *rest = path
    if rest:
        value = _having(getattr(section, name), rest, value)
    return section.model_copy(update={name: value})
