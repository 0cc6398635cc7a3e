"""Opening a YAML file that is a table of keys, with faults that name file and row."""

from __future__ import annotations

from pathlib import Path

from pcn_group.base import limits
from pcn_group.base.errors import Fault, InputError
from pcn_group.base.yaml_text import Document, NotYamlError, read_yaml

__all__ = ["open_yaml", "repeated_keys"]


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
