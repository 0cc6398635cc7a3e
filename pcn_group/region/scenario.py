"""The rules of a region one by one, and the region without some of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

import pandas as pd

from pcn_group.base.wording import named
from pcn_group.config.model import Configuration, PriceAbove, PriceBelow
from pcn_group.config.section import Section
from pcn_group.geography.travel import TravelTable
from pcn_group.region.problem import Problem, build_problem
from pcn_group.region.rules import RegionRules

__all__ = ["BAND", "BAND_MAX", "BAND_MIN", "CEILING", "FLOOR", "Rule", "Terms"]

BAND_MIN, BAND_MAX = "band.min", "band.max"
FLOOR, CEILING = "band.below.floor", "band.above.ceiling"
BAND = frozenset({BAND_MIN, BAND_MAX, FLOOR, CEILING})
"""The keys of the limits on the patients of a network."""

_NOTHING = {"limits.max_practices": None, "travel.max_to_hub": None, "rules.hubs": ()}
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
        Of a limit: patients, practices, or travel in the reporting unit.
    """

    key: str
    practices: tuple[str, ...] = ()
    value: float | None = None

    def __str__(self) -> str:
        """Return the rule in a few words."""
        if self.practices:
            return f"{self.key} ({named(self.practices)})"
        if self.value is None:
            return self.key
        return f"{self.key} ({self.value:{',' if isinstance(self.value, int) else 'g'}})"


@dataclass(frozen=True)
class Terms:
    """A region and its rules.

    Attributes
    ----------
    units
        The practices that are attached to no other; all positions are in this table.
    travel
        In the same order.
    neighbours
        Sorted positions of each one's neighbours.
    configuration
        The rules.
    """

    units: pd.DataFrame
    travel: TravelTable
    neighbours: tuple[tuple[int, ...], ...]
    configuration: Configuration

    @cached_property
    def problem(self) -> Problem:
        """The region under all rules."""
        return build_problem(self.units, self.travel, self.neighbours, self.configuration)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """All that restrict plans beside contiguity, the limits on patients last."""
        limits = {
            "limits.max_practices": self.configuration.limits.max_practices,
            "travel.max_to_hub": self.configuration.travel.max_to_hub,
        }
        rules = [Rule(key, value=value) for key, value in limits.items() if value is not None]
        about = RegionRules.of(self.configuration.rules, self.problem.codes)
        rules += [Rule("rules.hubs")] if about.hubs is not None else []
        groups = {
            "rules.apart": about.apart,
            "rules.together": self._groups(),
            "rules.fixed": about.fixed,
        }
        rules += [Rule(key, self._codes(group)) for key in groups for group in groups[key]]
        return (*rules, *self._sizes())

    @property
    def firm_rules(self) -> tuple[Rule, ...]:
        """Those of the rules that never give way."""
        band = self.configuration.band
        yielding = {BAND_MIN: band.below == "avoid", BAND_MAX: band.above == "avoid"}
        return tuple(rule for rule in self.rules if not yielding.get(rule.key, False))

    def strict(self, without: Collection[Rule] = ()) -> Problem:
        """Return the region under all rules but some; the band does not give way.

        Whoever stands alone under all rules, as too large for a network, still does.
        """
        problem = self.without(without).problem
        size = problem.size
        dropped = {rule.key for rule in without}
        everybody = max(int(problem.weights.sum()), size.largest)
        return problem.with_size(
            replace(
                size,
                smallest=1 if dropped & {BAND_MIN, FLOOR} else size.smallest,
                largest=everybody if dropped & {BAND_MAX, CEILING} else size.largest,
                avoid_below=False,
                avoid_above=False,
                alone_above=size.largest,
            )
        )

    def without(self, rules: Collection[Rule]) -> Terms:
        """Return the region without some rules; the limits on patients stay."""
        kept = [rule for rule in self.rules if rule not in rules]
        terms = self
        for name in ("together", "apart", "fixed"):
            groups = tuple(rule.practices for rule in kept if rule.key == f"rules.{name}")
            terms = terms.having(f"rules.{name}", groups)
        for key, nothing in _NOTHING.items():
            if any(rule.key == key for rule in rules):
                terms = terms.having(key, nothing)
        return terms

    def having(self, key: str, value: object) -> Terms:
        """Return the region with another value of one key of the configuration."""
        return replace(self, configuration=_having(self.configuration, key.split("."), value))

    def together(self, group: Sequence[int]) -> Terms:
        """Return the region with one more group that is in one network."""
        groups = self.configuration.rules.together
        return self.having("rules.together", (*groups, self._codes(group)))

    def apart(self, pair: Sequence[int]) -> Terms:
        """Return the region with two more practices that are not in one network."""
        groups = self.configuration.rules.apart
        return self.having("rules.apart", (*groups, self._codes(pair)))

    def joined(self, pair: tuple[int, int]) -> Terms:
        """Return the region with two more practices that are neighbours."""
        neighbours = list(self.neighbours)
        for i, j in (pair, pair[::-1]):
            neighbours[i] = tuple(sorted({*neighbours[i], j}))
        return replace(self, neighbours=tuple(neighbours))

    def _groups(self) -> tuple[tuple[int, ...], ...]:
        """Return the groups that are together, each as it was written."""
        places = {code: i for i, code in enumerate(self.problem.codes)}
        groups = {
            tuple(sorted(places[code] for code in group if code in places))
            for group in self.configuration.rules.together
        }
        return tuple(sorted(group for group in groups if len(group) > 1))

    def _codes(self, members: Sequence[int]) -> tuple[str, ...]:
        return tuple(self.problem.codes[i] for i in members)

    def _sizes(self) -> tuple[Rule, Rule]:
        """Return the limits on the patients of a network."""
        band, size = self.configuration.band, self.problem.size
        above = CEILING if isinstance(band.above, PriceAbove) else BAND_MAX
        below = FLOOR if isinstance(band.below, PriceBelow) else BAND_MIN
        return Rule(above, value=size.largest), Rule(below, value=size.smallest)


def _having(section: S, path: Sequence[str], value: object) -> S:
    name, *rest = path
    if rest:
        value = _having(getattr(section, name), rest, value)
    return section.model_copy(update={name: value})
