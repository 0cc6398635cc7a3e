"""YAML for a model: a fault names the row of its key, and a key given twice is not lost.

It also names where the value came from, and which key was meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from pcn_group.base import limits
from pcn_group.base.errors import Fault, InputError
from pcn_group.base.unfit import Unfit, unfit_values
from pcn_group.base.wording import nearest_key

__all__ = [
    "COMMAND_LINE",
    "Document",
    "KeyPath",
    "NotYamlError",
    "Origins",
    "Repeated",
    "faults_of",
    "open_yaml",
    "read_yaml",
    "repeated_keys",
]

KeyPath = tuple[str, ...]
"""The way to a value: names of keys, and positions in lists as text."""

_TEXT = "tag:yaml.org,2002:str"
_MERGE = "tag:yaml.org,2002:merge"


_SPOILED = re.compile("[A-Za-z]:[\0-\x1f\x85\xa0\u2028\u2029]")
"""How a path on a drive begins once its first backslash was read as part of a sign."""

_BACKSLASH = "in double quotes a backslash is part of a sign; put a path in single quotes"


class _Loader(yaml.SafeLoader):
    """Takes nothing for a number, a truth or a date that a reader would not.

    YAML 1.1 makes 30,000 seconds of `8:20:00`, 10 of `012`, true of `yes` and a day of
    `2024-04-01`. Here all of these stay text, and so do codes that look like them. `10E5` is text
    as well: without a point only `1e-05` or `1e+05`, as programs write them, is a number.
    """

    yaml_implicit_resolvers = {}  # noqa: RUF012 - none of those of its base, which has it so

    def construct_scalar(self, node: yaml.ScalarNode | yaml.MappingNode) -> Any:  # noqa: ANN401 - as its base has it
        """Return a value, unless it is a path whose backslashes are gone."""
        if isinstance(node, yaml.ScalarNode) and node.style == '"' and _SPOILED.match(node.value):
            raise NotYamlError(_BACKSLASH, node.start_mark.line + 1)
        return super().construct_scalar(node)


for _tag, _pattern, _starts in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", [*"tTfF"]),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", [*"-+0123456789"]),
    (
        "float",
        r"[-+]?(?:(?:0|[1-9][0-9]*)\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?",
        [*"-+.0123456789"],
    ),
    ("float", r"[-+]?[1-9][0-9]*[eE][-+][0-9]+", [*"-+0123456789"]),
    ("float", r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)", [*"-+."]),
    ("merge", r"<<", ["<"]),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), _starts
    )


class NotYamlError(ValueError):
    """The text is not YAML: what is wrong, and in which row where that is known."""

    def __init__(self, problem: str, row: int | None = None) -> None:
        self.problem = problem
        self.row = row
        super().__init__(problem)


@dataclass(frozen=True)
class Repeated:
    """A key that is given twice in one table: the last would silently win."""

    key: KeyPath
    first: int
    second: int


@dataclass(frozen=True)
class Document:
    """What a YAML text says.

    Attributes
    ----------
    values
        The values, as plain Python objects. Every key of a table is text, as it was written.
    rows
        Where each key and each item of a list is, counted as a text editor counts.
    repeated
        Keys given more than once.
    """

    values: object = None
    rows: Mapping[KeyPath, int] = field(default_factory=dict)
    repeated: tuple[Repeated, ...] = ()


def read_yaml(text: str) -> Document:
    """Read a text as YAML.

    Raises
    ------
    NotYamlError
        Also for impossible dates, endless digits, endless brackets, and aliases that stand for more
        values than are read.
    """
    try:
        loader = _Loader(text)
        try:
            root = loader.get_single_node()
            if root is None:
                return Document()
            _refuse_many_nodes(root)
            rows, repeated = _survey(root)
            return Document(_constructed(loader, root), rows, repeated)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = " ".join((error.problem or error.context or str(error)).split())
        problem = _BACKSLASH if "escape" in problem else problem
        raise NotYamlError(problem, mark.line + 1 if mark else None) from error
    except NotYamlError:
        raise
    except RecursionError as error:
        raise NotYamlError("brackets and indents are nested too deeply") from error
    except (yaml.YAMLError, ValueError) as error:
        raise NotYamlError(" ".join(str(error).split())) from error


def _constructed(loader: _Loader, root: yaml.Node) -> object:
    """Return the values of a document; what a tag calls a number, say, may be none."""
    try:
        return loader.construct_document(root)
    except (ArithmeticError, AttributeError, LookupError, TypeError) as error:
        raise NotYamlError("a value is not what its tag (!!) says it is") from error


def _refuse_many_nodes(root: yaml.Node) -> None:
    """Refuse aliases that come to too much where each is counted as all that it stands for."""
    sizes: dict[int, int] = {}  # of nodes that are counted, and 0 of those that are being counted
    waiting: list[tuple[yaml.Node, bool]] = [(root, False)]
    while waiting:
        node, is_counted = waiting.pop()
        parts = _parts(node)
        if is_counted:
            sizes[id(node)] = 1 + sum(sizes[id(part)] for part in parts)
            if sizes[id(node)] > limits.NODES:
                problem = f"it has more than {limits.NODES:,} keys and values, "
                problem += "each alias counted as all that it stands for"
                raise NotYamlError(problem, node.start_mark.line + 1)
        elif id(node) not in sizes:
            sizes[id(node)] = 0
            waiting.append((node, True))
            waiting.extend((part, False) for part in parts)
        elif sizes[id(node)] == 0:
            problem = "an alias stands for something that it is part of"
            raise NotYamlError(problem, node.start_mark.line + 1)


def _parts(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return node.value if isinstance(node, yaml.SequenceNode) else []


def _survey(root: yaml.Node) -> tuple[dict[KeyPath, int], tuple[Repeated, ...]]:
    """Find the rows of all keys, and make every key text: `on` and `1` are names like others."""
    rows: dict[KeyPath, int] = {}
    repeated = []
    seen = set()  # an alias may lead to a node again, even to one that it is part of
    waiting: list[tuple[KeyPath, yaml.Node]] = [((), root)]
    while waiting:
        place, node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        for name, row, value in _children(node):
            key = (*place, name)
            if key in rows:
                repeated.append(Repeated(key, rows[key], row))
            rows.setdefault(key, row)
            waiting.append((key, value))
    return rows, tuple(repeated)


def _children(node: yaml.Node) -> Iterator[tuple[str, int, yaml.Node]]:
    if isinstance(node, yaml.SequenceNode):
        for position, item in enumerate(node.value):
            yield str(position), item.start_mark.line + 1, item
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.tag != _MERGE:
                key.tag = _TEXT
                yield key.value, key.start_mark.line + 1, value


def open_yaml(path: Path, remedy: str) -> Document:
    """Read a YAML file.

    Parameters
    ----------
    path
        The file.
    remedy
        What to do if it is nothing of the kind.

    Raises
    ------
    InputError
        If it cannot be read, or is no table of keys; an empty file is a table of none.
    """
    try:
        document = read_yaml(limits.read_whole(path, limits.YAML).decode("utf-8-sig"))
    except OSError as error:
        raise InputError([Fault(str(path), f"cannot be read: {error.strerror}", remedy)]) from error
    except UnicodeDecodeError as error:
        raise InputError([Fault(path.name, "is not UTF-8 text", "Save it as UTF-8.")]) from error
    except NotYamlError as error:
        problem = f"is not YAML: {error.problem}"
        raise InputError([Fault(path.name, problem, remedy, row=error.row)]) from error
    if document.values is not None and not isinstance(document.values, dict):
        raise InputError([Fault(path.name, "is not a table of keys", remedy)])
    return document


def repeated_keys(document: Document, name: str) -> list[Fault]:
    """Return a fault for each key that a file gives twice."""
    return [
        Fault(
            name,
            f"key {'.'.join(again.key)} is given twice, the first time in row {again.first}",
            "Keep one of them.",
            row=again.second,
        )
        for again in document.repeated
    ]


COMMAND_LINE = "command line"
"""The source of a value given by `--set`."""


@dataclass
class Origins:
    """Where the values of a configuration came from.

    Attributes
    ----------
    file
        The name of the configuration file, whether there is one or not.
    rows
        Where each key is in it, but for keys that were overridden.
    overridden
        The keys given on the command line.
    """

    file: str
    rows: dict[KeyPath, int]
    overridden: list[KeyPath]

    def override(self, key: KeyPath) -> None:
        """Note that a key now has its value from the command line."""
        self.overridden.append(key)
        self.rows = {k: row for k, row in self.rows.items() if k[: len(key)] != key}

    def of(self, key: KeyPath) -> tuple[str, int | None]:
        """Return the source to name for a fault of a key, and its row; around what is missing."""
        for end in range(len(key), -1, -1):
            place = key[:end]
            given = any(k[:end] == place or k == place[: len(k)] for k in self.overridden)
            if any(k[:end] == place for k in self.rows):
                source = f"{COMMAND_LINE} and {self.file}" if given else self.file
                return source, self.rows.get(place)
            if given:
                return COMMAND_LINE, None
        return self.file, None


def faults_of(error: ValidationError, origins: Origins, known: Sequence[str]) -> list[Fault]:
    """Turn what pydantic found into faults, unknown keys first: they explain what is missing.

    Parameters
    ----------
    known
        Every valid key, such as `band.max`.
    """
    unfit = unfit_values(error.errors())
    unfit.sort(key=lambda each: each.kind != "extra_forbidden")
    return [_fault(each, origins, known) for each in unfit]


def _fault(unfit: Unfit, origins: Origins, known: Sequence[str]) -> Fault:
    place = unfit.place
    source, row = origins.of(place)
    key = ".".join(place)
    if unfit.kind == "extra_forbidden":
        if source == COMMAND_LINE:  # say it as it was typed
            typed = (".".join(k) for k in origins.overridden if k[: len(place)] == place)
            key = next(typed, key)
        return Fault(source, f"unknown key {key}", _remedy(key, place, known), row=row)
    if unfit.kind == "missing":
        return Fault(source, f"{key} is missing", "Add it.", row=row)
    where = f"{key}: {unfit.problem}" if key else unfit.problem
    return Fault(source, where, unfit.remedy, row=row, value=unfit.value)


def _remedy(key: str, place: KeyPath, known: Sequence[str]) -> str:
    if key in known:  # a name with a dot in it, as for --set
        section, _, name = key.rpartition(".")
        return f"Write {name} below {section}, indented."
    near, sure = nearest_key(key, known)
    if sure:
        return f"Did you mean {near}?"
    section = ".".join(part for part in place[:-1] if not part.isdigit())
    prefix = f"{section}." if section else ""
    names = [k.removeprefix(prefix) for k in known if k.startswith(prefix)]
    listed = ", ".join(name for name in names if "." not in name)
    question = f"Did you mean {near}? " if near else ""
    return f"{question}The keys {f'of {section}' if section else 'here'} are {listed}."
