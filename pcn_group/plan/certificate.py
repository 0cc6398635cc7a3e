"""The certificate of a bound: integers from which anybody can re-verify it.

Give every practice a due `u[i]` (its dual value) and some triples of practices a toll. A network
that holds at least two practices of a triple pays that triple's toll. Define for a network

    reduced(S) = cost(S) - sum of u[i] over i in S + tolls paid by S

In any plan every practice is in exactly one network, at most one network holds two of a triple,
and there are at most K networks. So if no network has a reduced cost under -delta, every plan costs
at least

    bound = sum of u  -  sum of tolls  -  K * delta

The tolls are the subset-row cuts of Jepsen, Petersen, Spoorendonk and Pisinger, "Subset-row
inequalities applied to the vehicle-routing problem with time windows", Operations Research 56
(2008), for rows of three.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pcn_group.errors import Fault, InputError

__all__ = ["Certificate", "Toll", "from_json", "to_json"]


@dataclass(frozen=True)
class Toll:
    """What a network pays that holds at least two practices of a triple."""

    triple: tuple[int, int, int]
    amount: int


@dataclass(frozen=True)
class Certificate:
    """A bound and what proves it.

    Attributes
    ----------
    duals
        int64 (n,): one due per practice (zero for oversize ones, which stand alone).
    tolls
        Non-negative tolls on triples of practices.
    delta
        Non-negative: no allowed network has a reduced cost under `-delta`.
    max_networks
        K: the most networks a plan can have, oversize practices aside.
    bound
        `sum(duals) - sum(tolls) - max_networks * delta`.
    """

    duals: NDArray[np.int64]
    tolls: tuple[Toll, ...]
    delta: int
    max_networks: int
    bound: int


def to_json(certificate: Certificate, codes: Sequence[str]) -> dict[str, Any]:
    """Give a certificate as plain values for a JSON file, practices by their codes.

    Parameters
    ----------
    certificate
        What to write.
    codes
        The codes of the practices, in the order of the certificate.
    """
    return {
        "duals": dict(zip(codes, certificate.duals.tolist(), strict=True)),
        "tolls": [[*(codes[i] for i in toll.triple), toll.amount] for toll in certificate.tolls],
        "delta": certificate.delta,
        "max_networks": certificate.max_networks,
        "bound": certificate.bound,
    }


def from_json(values: Any, codes: Sequence[str], source: str) -> Certificate:  # noqa: ANN401 - from a file
    """Read a certificate back.

    Parameters
    ----------
    values
        What the JSON file holds: nothing about it is taken for granted.
    codes
        The practices of the region, in the order wanted.
    source
        The name of the file, for faults.

    Raises
    ------
    InputError
        If it is not a certificate of these practices.
    """
    places = {code: i for i, code in enumerate(codes)}
    try:
        return Certificate(
            duals=_duals(values["duals"], codes),
            tolls=tuple(
                Toll((places[a], places[b], places[c]), _integer(amount))
                for a, b, c, amount in values["tolls"]
            ),
            delta=_integer(values["delta"]),
            max_networks=_integer(values["max_networks"]),
            bound=_integer(values["bound"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        problem = f"is not a certificate of these practices: {error}"
        raise InputError([Fault(source, problem, "Solve the region again.")]) from error


def _duals(values: Mapping[str, object], codes: Sequence[str]) -> NDArray[np.int64]:
    if len(values) != len(codes):
        raise ValueError(f"it has {len(values)} duals for {len(codes)} practices")
    return np.array([_integer(values[code]) for code in codes], dtype=np.int64)


def _integer(value: object) -> int:
    if type(value) is not int or abs(value) >= 2**62:
        raise ValueError(f"{value!r} is not an integer of 62 bits")
    return value
