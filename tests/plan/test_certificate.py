"""A certificate as JSON and back."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from pcn_group.errors import InputError
from pcn_group.plan.certificate import Certificate, Toll, from_json, to_json

CODES = ("00L", "A", "B")
CERTIFICATE = Certificate(np.array([5, -2, 9]), (Toll((0, 1, 2), 4),), 1, 2, 6)


def test_practices_are_named_by_their_codes() -> None:
    assert to_json(CERTIFICATE, CODES) == {
        "duals": {"00L": 5, "A": -2, "B": 9},
        "tolls": [["00L", "A", "B", 4]],
        "delta": 1,
        "max_networks": 2,
        "bound": 6,
    }


def test_a_certificate_survives_json() -> None:
    text = json.dumps(to_json(CERTIFICATE, CODES))
    back = from_json(json.loads(text), CODES, "certificate.json")
    assert back.duals.tolist() == CERTIFICATE.duals.tolist()
    assert (back.tolls, back.delta, back.max_networks, back.bound) == (
        CERTIFICATE.tolls,
        CERTIFICATE.delta,
        CERTIFICATE.max_networks,
        CERTIFICATE.bound,
    )


@pytest.mark.parametrize(
    "change",
    [
        {"duals": {"00L": 5, "A": -2}},
        {"duals": {"00L": 5, "A": -2, "X": 9}},
        {"duals": {"00L": 5, "A": -2, "B": 9.0}},
        {"duals": {"00L": 5, "A": -2, "B": 2**70}},
        {"duals": [5, -2, 9]},
        {"tolls": [["00L", "A", "X", 4]]},
        {"tolls": [["00L", "A", 4]]},
        {"tolls": 7},
        {"delta": True},
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
