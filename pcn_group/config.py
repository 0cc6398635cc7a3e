"""The configuration: every rule and every default of a run, in one place.

A configuration is a YAML file; an empty one means the defaults. Paths in it are relative to the
file itself. Prices are in units of travel per patient: kilometres, or minutes where the travel
matrix is in minutes. A price of 2 says: "worth two more kilometres for each patient concerned".
"""

from __future__ import annotations

import difflib
from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

from pcn_group.errors import Fault, InputError

__all__ = [
    "Adjacency",
    "Balance",
    "Band",
    "Configuration",
    "Data",
    "Limits",
    "PriceAbove",
    "PriceBelow",
    "Prices",
    "Search",
    "Travel",
    "load_configuration",
    "refuse_unknown_practices",
]

Patients = Annotated[int, Field(gt=0, le=100_000_000, strict=True)]
Price = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False, strict=True)]


def _of_two(edge: tuple[str, str]) -> tuple[str, str]:
    if edge[0] == edge[1]:
        raise ValueError("names one practice twice")
    return edge


Edge = Annotated[tuple[str, str], AfterValidator(_of_two)]

_NOT_YAML = (yaml.YAMLError, ValueError, RecursionError)
"""What PyYAML raises: impossible dates, endless digits and endless brackets included."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PriceBelow(_Section):
    """Networks under the minimum are allowed down to a floor, at a price per patient short."""

    price: Price
    floor: Patients


class PriceAbove(_Section):
    """Networks over the maximum are allowed up to a ceiling, at a price per patient above."""

    price: Price
    ceiling: Patients


class Band(_Section):
    """Permitted patients in a network: 30,000 to 50,000.

    Source: NHS England and BMA, "Investment and evolution: a five-year framework for GP contract
    reform", January 2019.
    """

    min: Patients = 30_000
    max: Patients = 50_000
    below: Literal["forbid", "avoid"] | PriceBelow = "avoid"
    above: Literal["forbid", "avoid"] | PriceAbove = "avoid"

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
    atypical_below: Patients = 1000
    weighted_list_size: str | None = None
    adjusted_list_size: str | None = None


class Travel(_Section):
    """How far it is to a hub: straight, from practices or patients, or the user's own matrix."""

    origin: Literal["practice", "patients"] = "practice"
    matrix: Path | None = None
    unit: Literal["metres", "minutes"] = "metres"
    max_to_hub: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None

    @model_validator(mode="after")
    def _minutes_need_a_matrix(self) -> Travel:
        if self.unit == "minutes" and self.matrix is None:
            raise ValueError("unit is minutes, but there is no matrix to take minutes from")
        return self

    @model_validator(mode="after")
    def _a_matrix_is_between_practices(self) -> Travel:
        if self.origin == "patients" and self.matrix is not None:
            raise ValueError("origin is patients, but a matrix is about practices")
        return self


class Adjacency(_Section):
    """Which practices are neighbours."""

    method: Literal["voronoi", "gabriel", "knn", "catchments", "edges"] = "voronoi"
    outline: Path | None = None
    nearest: Annotated[int, Field(ge=1)] = 6
    shared: Annotated[float, Field(gt=0, le=1)] = 0.25
    main: Annotated[float, Field(gt=0, le=1)] = 0.5
    edges: Path | None = None
    add: tuple[Edge, ...] = ()
    remove: tuple[Edge, ...] = ()

    @model_validator(mode="after")
    def _options_fit_the_method(self) -> Adjacency:
        if (self.method == "edges") != (self.edges is not None):
            raise ValueError("method edges and an edges file go together: give both or neither")
        if self.outline is not None and self.method != "voronoi":
            raise ValueError("an outline clips Voronoi cells: it needs method voronoi")
        return self


class Balance(_Section):
    """A price per patient that a network is away from a target size."""

    price: Price
    target: Patients


class Prices(_Section):
    """What a plan pays beside travel, per patient."""

    change: Price = 0.0
    authority: Price = 0.0
    balance: Balance | None = None


class Limits(_Section):
    """Hard limits on a network beside the band."""

    max_practices: Annotated[int, Field(ge=1)] | None = None


class Search(_Section):
    """When to stop, and with what.

    A plan proven best depends on none of these; one that stopped at the gap or the time limit may.
    """

    time_limit: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 600.0
    gap: Annotated[float, Field(ge=0, lt=1)] = 0.0
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 1
    workers: Annotated[int, Field(ge=1, le=256)] = 2


class Configuration(_Section):
    """All the rules of a run."""

    data: Data = Data()
    band: Band = Band()
    travel: Travel = Travel()
    adjacency: Adjacency = Adjacency()
    prices: Prices = Prices()
    limits: Limits = Limits()
    search: Search = Search()

    def files(self) -> dict[str, Path]:
        """Give the files the rules name, by key."""
        named = {
            f"{section}.{key}": getattr(getattr(self, section), key) for section, key in _PATHS
        }
        return {key: path for key, path in named.items() if path is not None}

    def anchored(self, folder: Path) -> Configuration:
        """Give the same rules with relative paths taken from a folder."""
        changed: dict[str, Any] = {}
        for key, path in self.files().items():
            section, _, name = key.partition(".")
            rules = changed.get(section, getattr(self, section))
            changed[section] = rules.model_copy(update={name: folder / path})
        return self.model_copy(update=changed)


_PATHS = (("travel", "matrix"), ("adjacency", "outline"), ("adjacency", "edges"))


def load_configuration(path: Path | None = None, overrides: tuple[str, ...] = ()) -> Configuration:
    """Read a YAML configuration and apply `section.key=value` overrides.

    Parameters
    ----------
    path
        The YAML file; None means the defaults.
    overrides
        Each `section.key=value`, the value read as YAML. Paths in an override are relative to the
        working directory.

    Raises
    ------
    InputError
        With every fault found: unreadable file, unknown keys (naming the nearest valid one),
        values out of range.
    """
    source = path.name if path else "configuration"
    values = _read_yaml(path) if path else {}
    if path is not None:
        _anchor_paths(values, path.parent)
    faults = [fault for text in overrides if (fault := _apply(values, text)) is not None]
    if faults:
        raise InputError(faults)
    try:
        return Configuration.model_validate(values)
    except ValidationError as error:
        raise InputError(_faults(source, error)) from error


def refuse_unknown_practices(configuration: Configuration, known: Collection[str]) -> None:
    """Stop where a rule names a practice that is nowhere in the input.

    Parameters
    ----------
    known
        The practice codes of the input, not only of the region at hand: rules for many regions are
        in one configuration.

    Raises
    ------
    InputError
        With a fault for each rule.
    """
    faults = []
    for key, edges in (
        ("adjacency.add", configuration.adjacency.add),
        ("adjacency.remove", configuration.adjacency.remove),
    ):
        for edge in edges:
            unknown = sorted({code for code in edge if code not in known})
            if unknown:
                problem = f"names {' and '.join(unknown)}, not in the input"
                remedy = "Name two practices of the input."
                faults.append(Fault(key, problem, remedy, value=", ".join(edge)))
    if faults:
        raise InputError(faults)


def _read_yaml(path: Path) -> dict[str, Any]:
    remedy = "Give a YAML file; pcn-group's configs folder has examples."
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError([Fault(str(path), f"cannot be read: {error.strerror}", remedy)]) from error
    except UnicodeDecodeError as error:
        raise InputError([Fault(path.name, "is not UTF-8 text", remedy)]) from error
    except _NOT_YAML as error:
        problem = " ".join(str(error).split())
        raise InputError([Fault(path.name, f"is not YAML: {problem}", remedy)]) from error
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise InputError([Fault(path.name, "is not a table of sections", remedy)])
    return values


def _anchor_paths(values: dict[str, Any], folder: Path) -> None:
    for section, key in _PATHS:
        table = values.get(section)
        if isinstance(table, dict) and isinstance(table.get(key), str):
            table[key] = str(folder / table[key])


def _apply(values: dict[str, Any], override: str) -> Fault | None:
    key, equals, text = override.partition("=")
    names = key.strip().split(".")
    if not equals or not all(names):
        remedy = "Write it as section.key=value, for example band.max=60000."
        return Fault("--set", "is not section.key=value", remedy, value=override)
    try:
        value = yaml.safe_load(text)
    except _NOT_YAML:
        return Fault("--set", "has a value that is not YAML", "Quote the value.", value=override)
    table = values
    for name in names[:-1]:
        if not isinstance(table.get(name), dict):
            table[name] = {}
        table = table[name]
    table[names[-1]] = value
    return None


def _faults(source: str, error: ValidationError) -> list[Fault]:
    faults = []
    for detail in error.errors():
        if _misses_the_point(detail):
            continue
        key = ".".join(part for part in map(str, detail["loc"]) if part not in _KINDS_OF_SIDE)
        if detail["type"] == "extra_forbidden":
            near = difflib.get_close_matches(key, _known_keys(), n=1, cutoff=0.0)[0]
            faults.append(Fault(source, f"unknown key {key}", f"Did you mean {near}?"))
            continue
        problem = detail["msg"].removeprefix("Value error, ")
        value = detail.get("input")
        shown = None if isinstance(value, dict) else str(value)
        where = f"{key}: {problem}" if key else problem
        faults.append(Fault(source, where, "Correct the value.", value=shown))
    return faults


_KINDS_OF_SIDE = ("literal['forbid','avoid']", "PriceBelow", "PriceAbove")


def _misses_the_point(detail: ErrorDetails) -> bool:
    """Whether an error is about the kind of side that was not meant: a word, or a price."""
    kind = next((part for part in detail["loc"] if part in _KINDS_OF_SIDE), None)
    if kind is None:
        return False
    meant_a_word = not isinstance(detail["input"], dict) and detail["type"] != "missing"
    at_the_side = detail["loc"][-1] == kind
    return at_the_side and meant_a_word != (kind == _KINDS_OF_SIDE[0])


def _known_keys(model: type[BaseModel] = Configuration, prefix: str = "") -> list[str]:
    keys = []
    for name, field in model.model_fields.items():
        keys.append(prefix + name)
        parts = getattr(field.annotation, "__args__", (field.annotation,))
        for part in parts:
            if isinstance(part, type) and issubclass(part, BaseModel):
                keys += _known_keys(part, f"{prefix}{name}.")
    return keys
