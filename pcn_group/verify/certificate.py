"""The certificate of a bound: integers from which anyone can verify it again.

Every practice has a dual `u[i]`, and every cut a dual and some practices with a share in it. A
network pays the dual of a cut once for every whole that the shares of its members add up to. With a
half each of three practices it is paid by a network that holds two of them, or all three. Define
for a network

    reduced(S) = cost(S) - sum of u[i] over i in S + cut duals paid by S

In any plan every practice is in exactly one network, and so all its networks together pay a cut
dual at most as many times as there are wholes in all its shares: once, with three halves. So if no
network has a negative reduced cost, every plan costs at least

    bound = sum of u  -  sum of cut duals, each times its wholes

The files call cut duals tolls.

The cuts are Chvatal-Gomory cuts of rank one; with three halves they are the subset-row cuts of
Jepsen, Petersen, Spoorendonk and Pisinger, "Subset-row inequalities applied to the vehicle-routing
problem with time windows", Operations Research 56 (2008).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pcn_group.base.errors import Fault, InputError

__all__ = ["Certificate", "CutDual", "from_json", "to_json"]


@dataclass(frozen=True)
class CutDual:
    """What a network pays for every whole that the shares of its members add up to.

    Attributes
    ----------
    practices, shares
        The practices with a share, and how many parts of a whole it is.
    whole
        How many parts make a whole; more than any share.
    """

    practices: tuple[int, ...]
    shares: tuple[int, ...]
    whole: int
    amount: int

    @property
    def most(self) -> int:
        """How many times the networks of a plan pay it at most, in all."""
        return sum(self.shares) // self.whole


@dataclass(frozen=True)
class Certificate:
    """A bound and what proves it.

    Attributes
    ----------
    duals
        int64 (n,): one dual per practice; those of a network that is in every plan, fixed or an
        oversize practice alone, are together at most what it costs.
    cut_duals
        Of non-negative amounts.
    bound
        `sum(duals) - sum(amount * most of the cut duals)`.
    """

    duals: NDArray[np.int64]
    cut_duals: tuple[CutDual, ...]
    bound: int


def to_json(certificate: Certificate, codes: Sequence[str]) -> dict[str, Any]:
    """Return a certificate as plain values for a JSON file, practices by their codes.

    Parameters
    ----------
    certificate
        What to write.
    codes
        The codes of the practices, in the order of the certificate.
    """
    return {
        "duals": dict(zip(codes, certificate.duals.tolist(), strict=True)),
        "tolls": [
            {
                "practices": [codes[i] for i in cut_dual.practices],
                "shares": list(cut_dual.shares),
                "whole": cut_dual.whole,
                "amount": cut_dual.amount,
            }
            for cut_dual in certificate.cut_duals
        ],
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
            cut_duals=tuple(
                CutDual(
                    practices=tuple(places[code] for code in cut_dual["practices"]),
                    shares=tuple(_integer(share) for share in cut_dual["shares"]),
                    whole=_integer(cut_dual["whole"]),
                    amount=_integer(cut_dual["amount"]),
                )
                for cut_dual in values["tolls"]
            ),
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
