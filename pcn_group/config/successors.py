"""The successors of practices that have closed, in the configuration itself or in a file.

The file lasts from round to round: it has a row for each practice that has closed, with the
practice that has taken over its patients.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from pcn_group.base.codes import one_form
from pcn_group.base.errors import Fault, InputError

__all__ = ["Successors", "networks_taken_over", "read_successors", "successor_of"]


def _in_one_form(successors: Mapping[str, str]) -> dict[str, str]:
    """Return the codes in one form; no practice has two successors, or comes after itself."""
    codes: dict[str, str] = {}
    for closed, successor in successors.items():
        if not one_form(closed) or not one_form(successor):
            raise ValueError("has an empty code")
        if one_form(closed) in codes:
            raise ValueError(f"names {one_form(closed)} twice")
        codes[one_form(closed)] = one_form(successor)
    for circle in _circles(codes):
        raise ValueError(f"goes round in a circle: {' to '.join(circle)}")
    return codes


Successors = Annotated[dict[str, str], AfterValidator(_in_one_form)]
"""The practice that took over, by the one that closed."""


def read_successors(path: Path) -> dict[str, str]:
    """Read the successors of practices.

    Raises
    ------
    InputError
        With every fault of the file, by row.
    """
    from pcn_group.tables.columns import read_columns  # noqa: PLC0415 - slow, seldom needed

    rows = read_columns(path, ("from", "to"), may_be_empty=True)
    cells = [
        (int(str(line)), one_form(closed), one_form(successor))
        for line, closed, successor in rows.itertuples(name=None)
    ]
    faults = [*_faults_of_rows(cells, path.name)]
    successors = {closed: successor for _, closed, successor in cells}
    if not faults:
        faults += _faults_of_circles(successors, {cell[1]: cell[0] for cell in cells}, path.name)
    if faults:
        raise InputError(faults)
    return successors


def successor_of(code: str, successors: Mapping[str, str], known: Collection[str]) -> str:
    """Return the practice that has taken over from one, from step to step up to one that is known.

    A practice that is known itself is still open: it has taken over from itself. Where no known one
    comes after it, the last of its line is returned.
    """
    while code not in known and code in successors:
        code = successors[code]
    return code


def networks_taken_over(
    networks: Mapping[str, str],
    patients: Mapping[str, int],
    successors: Mapping[str, str],
    known: Collection[str],
) -> dict[str, str]:
    """Return the network of each practice that has taken over from others: that of most patients.

    Of equals it is its own, then that of the first code. A practice in no network has no say.

    Parameters
    ----------
    networks, patients
        Of each practice as things were before.
    known
        The practices there are now.
    """
    sizes: dict[str, dict[str, tuple[int, bool]]] = {}
    closed = set[str]()
    for code in sorted(networks):
        heir, network = successor_of(code, successors, known), networks[code]
        if network and heir in known:
            if heir != code:
                closed.add(heir)
            before, is_own = sizes.setdefault(heir, {}).get(network, (0, False))
            sizes[heir][network] = before + patients.get(code, 0), is_own or heir == code
    return {heir: max(sizes[heir], key=sizes[heir].__getitem__) for heir in sorted(closed)}


def _faults_of_rows(cells: list[tuple[int, str, str]], source: str) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for line, closed, successor in cells:
        for column, code in (("from", closed), ("to", successor)):
            if not code:
                yield Fault(source, "is empty", "Give the code of a practice.", line, column)
        before = first.setdefault(closed, line)
        if closed and before != line:
            remedy = "Keep the row of the practice that has most of its patients."
            yield Fault(source, f"is there twice (row {before})", remedy, line, "from", closed)


def _faults_of_circles(
    successors: Mapping[str, str], lines: Mapping[str, int], source: str
) -> Iterator[Fault]:
    for circle in _circles(successors):
        problem = f"goes round in a circle: {' to '.join(circle)}"
        remedy = "Take out the row of the practice that is open."
        yield Fault(source, problem, remedy, lines[circle[0]], "from", circle[0])


def _circles(successors: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Return each circle once, from its first code in the alphabet back to that."""
    done = set[str]()
    for start in sorted(successors):
        line, code = [start], successors[start]
        while code in successors and code not in line and code not in done:
            line.append(code)
            code = successors[code]
        if code in line:
            circle = line[line.index(code) :]
            at = circle.index(min(circle))
            yield (*circle[at:], *circle[:at], circle[at])
        done.update(line)
