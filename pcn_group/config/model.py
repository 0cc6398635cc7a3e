"""The configuration: every rule and every default of a run, in one place.

A configuration is a YAML file; an empty one means the defaults. Paths in it are relative to the
file itself. Prices are in units of travel per patient: kilometres, or minutes where the travel
matrix is in minutes. A price of 2 says: "worth two more kilometres for each patient concerned".

The text under each key is what the commented YAML of `pcn-group init` and the JSON Schema say.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    Field,
    model_validator,
)

from pcn_group.base.unfit import UnfitError
from pcn_group.config.funding import Funding
from pcn_group.config.geography import DETOUR_BY_LAND, DETOUR_BY_ROAD, Adjacency, Travel
from pcn_group.config.hubs import Hubs
from pcn_group.config.profile import Profile
from pcn_group.config.rules import Rules
from pcn_group.config.section import Flag, NetworkCount, Patients, Price
from pcn_group.config.section import Section as _Section
from pcn_group.config.successors import Successors

__all__ = [
    "Adjacency",
    "Balance",
    "Band",
    "Configuration",
    "Data",
    "Funding",
    "Hubs",
    "Limits",
    "Neighbourhoods",
    "Output",
    "PriceAbove",
    "PriceBelow",
    "Prices",
    "Profile",
    "Rules",
    "Search",
    "Travel",
    "portable_path",
]


class PriceBelow(_Section):
    """Networks under the minimum are allowed down to a floor, at a price per patient short."""

    price: Price
    """Cost of each patient short of the minimum, in km (or minutes) of travel."""

    floor: Patients
    """Fewest patients all the same."""


class PriceAbove(_Section):
    """Networks over the maximum are allowed up to a ceiling, at a price per patient above."""

    price: Price
    """Cost of each patient above the maximum, in km (or minutes) of travel."""

    ceiling: Patients
    """Most patients all the same."""


class Band(_Section):
    """Permitted patients in a network: 30,000 to 50,000.

    Source: NHS England and BMA, "Investment and evolution: a five-year framework for GP contract
    reform", January 2019.
    """

    min: Patients = 30_000
    """Fewest patients a network may have."""

    max: Patients = 50_000
    """Most patients a network may have."""

    below: Literal["forbid", "avoid"] | PriceBelow = "avoid"
    """Networks under the minimum: forbid; avoid (only once it is proven that no plan keeps the
    band, and then as little as possible); or a price: {price: 5, floor: 20000}."""

    above: Literal["forbid", "avoid"] | PriceAbove = "avoid"
    """Networks over the maximum: forbid, avoid, or a price: {price: 1, ceiling: 60000}."""

    @model_validator(mode="after")
    def _ordered(self) -> Band:
        if self.min > self.max:
            raise ValueError(f"min ({self.min}) is more than max ({self.max})")
        if isinstance(self.below, PriceBelow) and self.below.floor > self.min:
            raise ValueError(f"below.floor ({self.below.floor}) is more than min ({self.min})")
        if isinstance(self.above, PriceAbove) and self.above.ceiling < self.max:
            raise ValueError(f"above.ceiling ({self.above.ceiling}) is less than max ({self.max})")
        return self


class Data(_Section):
    """What to make of the input: odd practices, and columns of further files.

    `weighted_list_size` and `adjusted_list_size` name the columns of those lists in files that have
    a practice code and such a column.
    """

    atypical: Literal["keep", "exclude", "attach"] = "keep"
    """What to do with atypical practices (prisons, homeless people, universities): keep,
    exclude, or attach (count as part of the nearest practice that is not)."""

    shared: Literal["keep", "together"] = "keep"
    """What to do with several practices at one place: keep (a plan may split them), or together (in
    one network, as with rules.together, unless they are too many for one)."""

    atypical_below: Patients = 1000
    """A practice with fewer patients than this is atypical."""

    weighted_list_size: str | None = None
    """Heading of the column with contractor-weighted lists (patients) in a further input file;
    null: none."""

    adjusted_list_size: str | None = None
    """Heading of the column with PCN adjusted populations (patients) in a further input file;
    null: none."""

    successors: Path | Successors | None = None
    """Practices that have closed, each with the one that took over its patients: CSV with from, to,
    or {A81007: A81001} itself; null: none."""

    @property
    def given_successors(self) -> Mapping[str, str]:
        """The successors by the practice that closed; those of a file once it is read."""
        return self.successors if isinstance(self.successors, dict) else {}


class Balance(_Section):
    """A price per patient that a network is away from a target size."""

    price: Price
    """Cost of each patient away from the target, in km (or minutes) of travel."""

    target: Patients
    """Size to aim for, in patients."""


class Prices(_Section):
    """What a plan pays beside travel, per patient."""

    change: Price = 0.0
    """Price of a hub that is in another network today, in km (or minutes) per patient."""

    authority: Price = 0.0
    """Price of a hub in another local authority, in km (or minutes) per patient."""

    balance: Balance | None = None
    """Price per patient off a target size: {price: 0.1, target: 40000}; null: none."""

    neighbourhood: Price = 0.0
    """Price of a misaligned patient, who lives in another neighbourhood than most of their network,
    in km (or minutes); needs a map of neighbourhoods."""


class Limits(_Section):
    """Hard limits beside the band: on a network, on a plan, and on how much of today's moves."""

    max_practices: Annotated[int, Field(ge=1, strict=True)] | None = None
    """Most practices a network may have; null: no limit."""

    max_moved_patients: Annotated[int, Field(ge=0, strict=True)] | None = None
    """Most patients that may move from the networks of today, which are matched one to one with
    those of the plan so that the fewest move; null: no limit."""

    max_moved_practices: Annotated[int, Field(ge=0, strict=True)] | None = None
    """Most practices that may move, likewise (give one of the two limits); null: no limit."""

    networks: NetworkCount | None = None
    """How many networks a plan has, those fixed and practices that stand alone among them: a number
    such as 12, or a range such as 10..12; null: no limit."""

    authorities: Annotated[int, Field(ge=0, strict=True)] | None = None
    """Most networks with practices in two or more local authorities; null: no limit."""

    min_aligned: Annotated[float, Field(ge=0, le=1, strict=True)] | None = None
    """Least share, from 0 to 1, of the patients who live in any neighbourhood that must live in the
    one their network serves; needs a map of neighbourhoods; null: no limit."""

    @property
    def number_of_networks(self) -> tuple[int, int] | None:
        """The fewest and the most networks a plan may have."""
        if self.networks is None:
            return None
        fewest, _, most = str(self.networks).partition("..")
        return int(fewest), int(most or fewest)

    @model_validator(mode="after")
    def _one_limit_on_moves(self) -> Limits:
        if self.max_moved_patients is not None and self.max_moved_practices is not None:
            raise UnfitError(
                "max_moved_patients and max_moved_practices are both given", "Keep one of them."
            )
        return self


class Neighbourhoods(_Section):
    """The neighbourhoods that networks are to fit: areas of residents that a board has drawn."""

    map: Path | None = None
    """Map of the neighbourhoods: polygons as GeoJSON, GeoPackage or shapefile, or a table from
    LSOAs, MSOAs or wards to neighbourhoods; null: the one among the inputs, if any."""

    code: str | None = None
    """Heading or property that has the code of the neighbourhood; null: found by itself."""

    name: str | None = None
    """Heading or property that has its name; null: found by itself."""

    networks: Literal["any", "one"] = "any"
    """How many networks may serve a neighbourhood: any, or one (no two serve the same, and each
    neighbourhood that is home to most patients of some practice has one)."""


class Search(_Section):
    """When to stop, and with what.

    A plan proven best depends on none of these; one that stopped at the gap or the time limit may.
    """

    time_limit: Annotated[float, Field(gt=0, allow_inf_nan=False, strict=True)] = 600.0
    """Seconds of search; the best plan by then is written with its gap."""

    gap: Annotated[float, Field(ge=0, lt=1, strict=True)] = 0.0
    """Stop once a plan is proven this near to the best: 0 is best, 0.01 within 1 %."""

    seed: Annotated[int, Field(ge=0, lt=2**31, strict=True)] = 1
    """Random seed; a plan that is proven best does not depend on it."""

    workers: Annotated[int, Field(ge=1, le=256, strict=True)] = 2
    """Threads; batch has its own number."""

    who_else: Annotated[float, Field(ge=0, allow_inf_nan=False, strict=True)] = 30.0
    """Of what is left of these seconds, how many to spend at most on who else has to move if a
    practice joins the network that serves where its patients live; 0: none."""


class Output(_Section):
    """How files are written."""

    excel_safe: Flag = False
    """Whether text in CSV files that begins with = + - or @ has an apostrophe before it, so that a
    spreadsheet does not take it for a formula."""

    travel: Flag = False
    """Whether travel.csv is written with a plan: all pairs of practices, as a matrix has them."""

    suppress_below: Annotated[int, Field(ge=0, strict=True)] = 0
    """In residents.csv: counts of patients under this are left empty, since small areas tell on
    people; 0: none."""


class Configuration(_Section):
    """All the rules of a run."""

    data: Data = Data()
    """What to make of the input."""

    band: Band = Band()
    """How many patients a network may have."""

    travel: Travel = Travel()
    """How far it is from a practice to the hub of its network."""

    hubs: Hubs = Hubs()
    """Hubs that are no practices, and further places of practices."""

    adjacency: Adjacency = Adjacency()
    """Which practices are neighbours: networks are contiguous."""

    prices: Prices = Prices()
    """What a plan pays beside travel, in km (or minutes) for each patient concerned."""

    limits: Limits = Limits()
    """Hard limits beside the band: on a network, on a plan, and on how much of today's moves."""

    rules: Rules = Rules()
    """What a plan must do with certain practices, named by their codes, or had better do."""

    neighbourhoods: Neighbourhoods = Neighbourhoods()
    """The neighbourhoods that networks are to fit."""

    profile: Profile = Profile()
    """Figures that networks are judged by beside their patients, and further bands on these."""

    funding: Funding = Funding()
    """What networks are paid: the budget that is written with a plan."""

    search: Search = Search()
    """When to stop, and with what."""

    output: Output = Output()
    """How files are written."""

    @property
    def needs_places(self) -> bool:
        """Whether practices must say where they are: travel or neighbours follow from it."""
        return self.travel.matrix is None or self.adjacency.edges is None

    @property
    def detour(self) -> tuple[float, float] | None:
        """How many times the straight line a way is too long from, and how many km longer."""
        times, longer = self.adjacency.detour, self.adjacency.detour_km
        if times is None:
            return None
        usual = DETOUR_BY_ROAD if self.travel.way == "roads" else DETOUR_BY_LAND
        return usual[0] if times == "auto" else times, usual[1] if longer == "auto" else longer

    def files(self) -> dict[str, Path]:
        """Return the files the rules name, by key."""
        named = {
            f"{section}.{key}": getattr(getattr(self, section), key) for section, key in _PATHS
        }
        tariffs = {f"funding.tariffs.{k}": path for k, path in enumerate(self.funding.tariffs)}
        return {key: path for key, path in named.items() if isinstance(path, Path)} | tariffs

    def anchored(self, folder: Path) -> Configuration:
        """Return the same rules with relative paths taken from a folder."""
        return self.with_files({key: folder / path for key, path in self.files().items()})

    def portable(self, folder: Path) -> Configuration:
        """Return the same rules with paths that say nothing of whose machine it is.

        Those inside a folder are relative to it; of any other only the name is left.
        """
        return self.with_files(
            {key: portable_path(path, folder) for key, path in self.files().items()}
        )

    def with_files(self, files: Mapping[str, Path]) -> Configuration:
        """Return the same rules with other paths, for all the keys of `files`."""
        tariffs = tuple(files[f"funding.tariffs.{k}"] for k in range(len(self.funding.tariffs)))
        changed: dict[str, Any] = {"funding": self.funding.model_copy(update={"tariffs": tariffs})}
        for section, name in _PATHS:
            if f"{section}.{name}" in files:
                rules = changed.get(section, getattr(self, section))
                changed[section] = rules.model_copy(update={name: files[f"{section}.{name}"]})
        return self.model_copy(update=changed)


_PATHS = (
    ("data", "successors"),
    ("travel", "matrix"),
    ("travel", "roads"),
    ("hubs", "sites"),
    ("hubs", "branches"),
    ("adjacency", "outline"),
    ("adjacency", "edges"),
    ("adjacency", "land"),
    ("adjacency", "crossings"),
    ("adjacency", "barriers"),
    ("neighbourhoods", "map"),
    ("rules", "names"),
    ("rules", "file"),
)


def portable_path(path: Path, folder: Path) -> Path:
    """Return a path relative to a folder if it is inside it, else only its name."""
    try:
        return Path(os.path.normpath(folder / path)).relative_to(os.path.normpath(folder))
    except ValueError:
        return Path(path.name)
