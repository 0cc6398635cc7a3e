"""Reading a configuration, and setting keys of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import (
    BaseModel,
    ValidationError,
)

from pcn_group.base.errors import Fault, InputError
from pcn_group.base.yaml import (
    Document,
    KeyPath,
    NotYamlError,
    Origins,
    faults_of,
    open_yaml,
    read_yaml,
    repeated_keys,
)
from pcn_group.config.funding import refuse_faulty_tariffs
from pcn_group.config.model import _PATHS, Adjacency, Configuration, Data
from pcn_group.config.rules import conflicts_of_codes, groups_by_rule, with_rules_of_file
from pcn_group.config.section import NONE
from pcn_group.config.successors import read_successors

__all__ = ["load_configuration", "refuse_unknown_practices", "stored_configuration"]


_REMEDY = "Give a YAML file, for example one that `pcn-group init` writes."


def load_configuration(
    path: Path | None = None,
    overrides: tuple[str, ...] = (),
    search: Mapping[str, float] | None = None,
    own: Configuration | None = None,
) -> Configuration:
    """Read a YAML configuration and apply `section.key=value` overrides.

    Parameters
    ----------
    path
        The YAML file; None means `own`.
    overrides
        Each `section.key=value`, the value read as YAML. Paths in an override are relative to the
        working directory.
    search
        Keys of `search` with their values, which count above all.
    own
        The rules that a plan was made under; None means the defaults.

    Raises
    ------
    InputError
        With every fault found: unreadable file, unknown keys (naming the nearest valid one), keys
        given twice, values out of range, faulty rows of a file of rules, rules that conflict with
        each other.
    """
    document = open_yaml(path, _REMEDY) if path else Document()
    values = document.values if isinstance(document.values, dict) else {}
    if path is None and own is not None:
        values = own.model_dump(mode="json")
    origins = Origins(path.name if path else "configuration", dict(document.rows), [])
    faults = repeated_keys(document, origins.file)
    if path is not None:
        _anchor_paths(values, path.parent)
    for override in overrides:
        faults += _apply(values, override, origins)
    for key, value in (search or {}).items():
        _put(values, ("search", key), value, origins)
    try:
        configuration = Configuration.model_validate(values)
        data = _with_successors(configuration.data)
        complete = with_rules_of_file(configuration.rules)
        adjacency = _with_edges(configuration.adjacency, complete.bridges, complete.barriers)
        faults += conflicts_of_codes(complete.rules)
        faults += _added_and_removed(adjacency)
        refuse_faulty_tariffs(configuration.funding)
    except ValidationError as error:
        faults += faults_of(error, origins, _known_keys())
    except InputError as error:
        faults += error.faults
    if faults:
        raise InputError(faults)
    return configuration.model_copy(
        update={"data": data, "rules": complete.rules, "adjacency": adjacency}
    )


_BEFORE: Mapping[str, Mapping[str, Any]] = {
    "travel": {"way": "straight"},
    "adjacency": {"detour": None},
    "funding": {"year": "2019/20"},
}
"""What a plan was made under that says nothing of a key: keys that came later, by section, where
the default is not what was done before there was one."""


def stored_configuration(values: Any, source: str) -> Configuration:  # noqa: ANN401 - from a file
    """Read the rules that a plan was made under, as its summary holds them.

    Raises
    ------
    InputError
        With every fault found, as `load_configuration` has it; the remedy is to give other rules.
    """
    remedy = "Give the rules with --config, or have the plan made again."
    if not isinstance(values, dict):
        raise InputError([Fault(source, "configuration: is not a table of keys", remedy)])
    then = {
        section: {**keys, **values.get(section, {})}
        for section, keys in _BEFORE.items()
        if isinstance(values.get(section, {}), dict)
    }
    try:
        return Configuration.model_validate({**values, **then})
    except ValidationError as error:
        faults = faults_of(error, Origins(source, {}, []), _known_keys())
        raise InputError(
            replace(fault, problem=f"configuration: {fault.problem}", remedy=remedy)
            for fault in faults
        ) from error


def _with_successors(data: Data) -> Data:
    """Return the same with the successors of its file, so that the file is not needed again."""
    if not isinstance(data.successors, Path):
        return data
    return data.model_copy(update={"successors": read_successors(data.successors)})


def _with_edges(
    adjacency: Adjacency, add: tuple[tuple[str, str], ...], remove: tuple[tuple[str, str], ...]
) -> Adjacency:
    edges = {"add": (*adjacency.add, *add), "remove": (*adjacency.remove, *remove)}
    return adjacency.model_copy(update=edges)


def _added_and_removed(adjacency: Adjacency) -> list[Fault]:
    """Name the pairs that are to be neighbours, and are not to be."""
    removed = {frozenset(pair) for pair in adjacency.remove}
    return [
        Fault(
            "adjacency.remove",
            f"{' and '.join(pair)} are not to be neighbours, but adjacency.add has them as such",
            "Take one of the two away.",
        )
        for pair in adjacency.add
        if frozenset(pair) in removed
    ]


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
                remedy = "Name two practices of the input by their codes."
                faults.append(Fault(key, problem, remedy, value=", ".join(edge)))
    for key, group in groups_by_rule(configuration.rules):
        unknown = sorted({*group}.difference(known))
        if unknown:
            problem = f"names {' and '.join(unknown)}, not in the input"
            remedy = "Name practices of the input by code, networks of today by code or name."
            faults.append(Fault(key, problem, remedy, value=", ".join(group)))
    if faults:
        raise InputError(faults)


def _anchor_paths(values: dict[str, Any], folder: Path) -> None:
    for section, key in _PATHS:
        table = values.get(section)
        if isinstance(table, dict) and isinstance(table.get(key), str) and table[key] != NONE:
            table[key] = str(folder / table[key])
    funding = values.get("funding")
    if isinstance(funding, dict) and isinstance(funding.get("tariffs"), list):
        funding["tariffs"] = [
            str(folder / path) if isinstance(path, str) else path for path in funding["tariffs"]
        ]


def _apply(values: dict[str, Any], override: str, origins: Origins) -> list[Fault]:
    """Put one override into the values; give what is wrong with it."""
    key, equals, text = override.partition("=")
    names = tuple(key.strip().split("."))
    if not equals or not all(names):
        remedy = "Write it as section.key=value, for example band.max=60000."
        return [Fault("--set", "is not section.key=value", remedy, value=override)]
    try:
        document = read_yaml(text)
    except NotYamlError:
        return [Fault("--set", "has a value that is not YAML", "Quote the value.", value=override)]
    _put(values, names, document.values, origins)
    return [
        Fault("--set", f"gives {'.'.join(again.key)} twice", "Keep one of them.", value=override)
        for again in document.repeated
    ]


def _put(values: dict[str, Any], names: KeyPath, value: object, origins: Origins) -> None:
    """Set a key, and note that it was given on the command line."""
    table = values
    for name in names[:-1]:
        if not isinstance(table.get(name), dict):
            table[name] = {}
        table = table[name]
    table[names[-1]] = value
    origins.override(names)


def _known_keys(model: type[BaseModel] = Configuration, prefix: str = "") -> list[str]:
    keys = []
    for name, field in model.model_fields.items():
        keys.append(prefix + name)
        parts = getattr(field.annotation, "__args__", (field.annotation,))
        for part in parts:
            if isinstance(part, type) and issubclass(part, BaseModel):
                keys += _known_keys(part, f"{prefix}{name}.")
    return keys
