"""Regions read once in a process: very many commands of the tests are about the same few."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from pcn_group.practices import Practices, read_practices

_READ: dict[bytes, bytes] = {}


def read_once(
    paths: Sequence[Path],
    region: object = None,
    otherwise: Sequence[Path] = (),
    **more: Any,  # noqa: ANN401 - whatever it takes
) -> Practices:
    """Do what `read_practices` does, or give a copy of what it gave for the same bytes before."""
    asked = {"region": region, "otherwise": otherwise, **more}
    files = [*paths, *otherwise]
    if not all(path.is_file() for path in files):
        return read_practices(paths, **asked)
    contents = [sha256(path.read_bytes()).digest() for path in files]
    # Names are told, but folders only where names are alike, or where a map is opened again.
    names = [path.name for path in files]
    by_name, by_path = (
        sha256(pickle.dumps((contents, len(paths), told, {**asked, "otherwise": ()}))).digest()
        for told in (names, files)
    )
    key = by_name if by_name in _READ else by_path
    if key not in _READ:
        practices = read_practices(paths, **asked)
        if practices.residents is None and len({*names}) == len(names):
            key = by_name
        _READ[key] = pickle.dumps(practices)
    read: Practices = pickle.loads(_READ[key])  # noqa: S301 - made above
    return read
