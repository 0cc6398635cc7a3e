"""A certificate as JSON and back."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcn_group.base.errors import InputError
from pcn_group.verify.certificate import Certificate, CutDual, from_json, to_json
from tests.shares import some_cuts

CODES = ("00L", "A", "B")
CERTIFICATE = Certificate(np.array([5, -2, 9]), (CutDual((2, 0, 1), (2, 1, 1), 3, 4),), 8)


def test_practices_are_named_by_their_codes() -> None:
    assert to_json(CERTIFICATE, CODES) == {
        "duals": {"00L": 5, "A": -2, "B": 9},
        "tolls": [{"practices": ["B", "00L", "A"], "shares": [2, 1, 1], "whole": 3, "amount": 4}],
        "bound": 8,
    }


def test_a_toll_is_paid_at_most_once_for_every_whole_of_all_its_shares() -> None:
    assert CutDual((0, 1, 2), (1, 1, 1), 2, 7).most == 1
    assert CutDual((0, 1, 2, 3, 4), (1, 1, 1, 1, 1), 2, 7).most == 2
    assert CutDual((0, 1, 2, 3), (2, 1, 1, 1), 3, 7).most == 1
    assert CutDual((0,), (1,), 2, 7).most == 0


@given(data=st.data())
def test_any_certificate_survives_json(data: st.DataObject) -> None:
    integer = st.integers(-(2**62) + 1, 2**62 - 1)
    duals = data.draw(st.lists(integer, min_size=3, max_size=3))
    cut_duals = tuple(CutDual(*cut, amount=data.draw(integer)) for cut in data.draw(some_cuts(3)))
    claim = Certificate(np.array(duals, dtype=np.int64), cut_duals, data.draw(integer))
    text = json.dumps(to_json(claim, CODES))
    back = from_json(json.loads(text), CODES, "certificate.json")
    assert back.duals.tolist() == duals
    assert replace(back, duals=claim.duals) == claim


def cut_dual(**change: object) -> dict[str, Any]:
    """A toll as it stands in the file, with a change; None takes an entry away."""
    whole = {"practices": ["00L", "A", "B"], "shares": [1, 1, 1], "whole": 2, "amount": 4}
    return {name: value for name, value in (whole | change).items() if value is not None}


@pytest.mark.parametrize(
    "change",
    [
        {"duals": {"00L": 5, "A": -2}},
        {"duals": {"00L": 5, "A": -2, "X": 9}},
        {"duals": {"00L": 5, "A": -2, "B": 9.0}},
        {"duals": {"00L": 5, "A": -2, "B": 2**70}},
        {"duals": [5, -2, 9]},
        {"tolls": [cut_dual(practices=["00L", "A", "X"])]},
        {"tolls": [cut_dual(practices=["00L", "A", 1])]},
        {"tolls": [cut_dual(practices=[["00L"], "A", "B"])]},
        {"tolls": [cut_dual(practices=7)]},
        {"tolls": [cut_dual(practices=None)]},
        {"tolls": [cut_dual(shares=[1, 1, 1.0])]},
        {"tolls": [cut_dual(shares=[1, 1, True])]},
        {"tolls": [cut_dual(shares=[1, 1, 2**70])]},
        {"tolls": [cut_dual(shares="111")]},
        {"tolls": [cut_dual(shares=None)]},
        {"tolls": [cut_dual(whole="2")]},
        {"tolls": [cut_dual(whole=None)]},
        {"tolls": [cut_dual(amount=4.0)]},
        {"tolls": [cut_dual(amount=None)]},
        {"tolls": [["00L", "A", "B", 4]]},
        {"tolls": ["00L"]},
        {"tolls": cut_dual()},
        {"tolls": None},
        {"tolls": 7},
        {"bound": True},
        {"bound": None},
    ],
)
def test_anything_else_is_a_fault(change: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="is not a certificate of these practices"):
        from_json(to_json(CERTIFICATE, CODES) | change, CODES, "certificate.json")


@pytest.mark.parametrize("values", [None, [], "", {}])
def test_so_is_a_file_of_something_else(values: object) -> None:
    with pytest.raises(InputError, match="is not a certificate of these practices"):
        from_json(values, CODES, "certificate.json")
