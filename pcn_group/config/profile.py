"""The figures that networks are judged by beside their patients, and the bands on these."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from pcn_group.base.unfit import UnfitError
from pcn_group.config.section import Price, Section

__all__ = ["FigureAbove", "FigureBand", "FigureBelow", "Profile", "ProfileFigure"]

_NAME = r"^[a-z][a-z0-9_]{0,39}$"


def _name(value: object) -> object:
    """Refuse what cannot be part of a heading as it is."""
    if isinstance(value, str) and re.fullmatch(_NAME, value):
        return value
    raise ValueError("is small letters, digits and underscores, a letter first, such as over_75")


FigureName = Annotated[
    str,
    BeforeValidator(_name),
    WithJsonSchema({"type": "string", "pattern": _NAME, "examples": ["over_75"]}),
]
Amount = Annotated[float, Field(ge=-1e9, le=1e9, allow_inf_nan=False, strict=True)]


class ProfileFigure(Section):
    """A figure of practices, or of the areas where their patients live."""

    name: FigureName
    """What files and bands call the figure: small letters, digits and underscores."""

    column: str | None = None
    """Heading of its column in a table of practices or of areas; or aged_under_5, aged_65_plus,
    aged_75_plus, aged_85_plus of lists by age, or qof_dm and the like of registers; null: the
    name."""

    label: str | None = None
    """What pages call the figure; null: its name in words."""

    adds: Literal["sum", "mean", "share"] = "mean"
    """How a network's figure comes from those of its practices: sum; mean (by patients); or share
    (a count of patients, divided by all patients; of areas, a number from 0 to 1)."""

    better: Literal["low", "high"] | None = None
    """Which way is better off; null: neither."""

    @property
    def heading(self) -> str:
        """The heading of its column."""
        return self.column or self.name

    @property
    def title(self) -> str:
        """What pages call it."""
        words = self.name.replace("_", " ")
        return self.label or words[:1].upper() + words[1:]


class FigureBelow(Section):
    """Networks under the minimum are allowed down to a floor, at a price."""

    price: Price
    """Cost of each unit short of the minimum, in km (or minutes) of travel: where the figure is a
    mean or a share, of each unit and patient."""

    floor: Amount
    """Least all the same."""


class FigureAbove(Section):
    """Networks over the maximum are allowed up to a ceiling, at a price."""

    price: Price
    """Cost of each unit above the maximum, in km (or minutes) of travel: where the figure is a mean
    or a share, of each unit and patient."""

    ceiling: Amount
    """Most all the same."""


class FigureBand(Section):
    """A further band: how much of a figure of the profile a network may have."""

    figure: FigureName
    """The figure, by its name in the profile."""

    min: Amount | None = None
    """Least that a network may have; null: no limit."""

    max: Amount | None = None
    """Most that a network may have; null: no limit."""

    below: Literal["forbid", "avoid"] | FigureBelow = "forbid"
    """Networks under the minimum: forbid; avoid (only once it is proven that no plan keeps all
    bands, and then as little as possible); or a price: {price: 5, floor: 20000}."""

    above: Literal["forbid", "avoid"] | FigureAbove = "forbid"
    """Networks over the maximum: forbid, avoid, or a price: {price: 1, ceiling: 60000}."""

    @model_validator(mode="after")
    def _ordered(self) -> FigureBand:
        if self.min is None and self.max is None:
            raise UnfitError("has no limit", "Give a min, a max, or both.")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"min ({self.min:g}) is more than max ({self.max:g})")
        if isinstance(self.below, FigureBelow) and (
            self.min is None or self.below.floor > self.min
        ):
            raise ValueError(f"below.floor ({self.below.floor:g}) needs a min that is no less")
        if isinstance(self.above, FigureAbove) and (
            self.max is None or self.above.ceiling < self.max
        ):
            raise ValueError(f"above.ceiling ({self.above.ceiling:g}) needs a max that is no more")
        return self


class Profile(Section):
    """Figures that networks are judged by beside their patients, such as need or age."""

    figures: tuple[ProfileFigure, ...] = ()
    """The figures, by the columns that have them: [{name: over_75, adds: sum}]."""

    bands: tuple[FigureBand, ...] = ()
    """Further bands, on these figures: [{figure: over_75, min: 4000}]."""

    @model_validator(mode="after")
    def _bands_are_about_figures(self) -> Profile:
        names = [figure.name for figure in self.figures]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise UnfitError(f"figures has {', '.join(twice)} twice", "Give each its own name.")
        banded = [band.figure for band in self.bands]
        twice = sorted({name for name in banded if banded.count(name) > 1})
        if twice:
            raise UnfitError(f"bands has {', '.join(twice)} twice", "Give a figure one band.")
        unknown = sorted({band.figure for band in self.bands} - {*names})
        if unknown:
            has = ", ".join(names) if names else "none"
            raise ValueError(f"bands are about {', '.join(unknown)}, and figures has {has}")
        return self
