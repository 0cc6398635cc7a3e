"""What is wrong with values of a configuration, in words for whoever wrote them."""

import re

import pytest
from pydantic import ValidationError

from pcn_group.base.yaml import Origins, faults_of
from pcn_group.config.keys import key_sections
from pcn_group.config.model import Configuration

KEYS = [key.name for section in key_sections() for key in section.keys]
VALUES = ("soon", -1, 2.5, True, None, float("inf"), [], ["soon"], [[1]], [{"a": 1}], {"a": [1]})


def said_of(values: dict[str, object]) -> list[str]:
    """Return what is wrong with values, each as a fault has it."""
    with pytest.raises(ValidationError) as raised:
        Configuration.model_validate(values)
    return [str(each) for each in faults_of(raised.value, Origins("a.yaml", {}, []), KEYS)]


def said(section: str, key: str, value: object) -> list[str]:
    return said_of({section: {key: value}})


@pytest.mark.parametrize(
    ("key", "value", "fault"),
    [
        (
            "rules.together",
            "A81001",
            "a.yaml: rules.together: is no list ('A81001'). Write a list, in square brackets.",
        ),
        (
            "rules.names",
            3,
            (
                "a.yaml: rules.names: is not one of its values ('3'). "
                "Write the path of a file or a table of keys."
            ),
        ),
        (
            "rules.names",
            {"A81001": ["x", None]},
            (
                "a.yaml: rules.names.A81001: is no text ('[x, null]'). "
                "Write text, in quotation marks if it looks like a number."
            ),
        ),
        (
            "adjacency.detour",
            "far",
            (
                "a.yaml: adjacency.detour: is not one of its values ('far'). "
                "Write auto or a number in plain digits, such as 2.5."
            ),
        ),
        ("adjacency.detour", 0, "a.yaml: adjacency.detour: is under 1 ('0'). Give 1 or more."),
        (
            "band.below",
            "never",
            (
                "a.yaml: band.below: is not one of its values ('never'). "
                "Write forbid, avoid or a table of keys."
            ),
        ),
        (
            "band.below",
            {"price": "dear", "floor": 9},
            (
                "a.yaml: band.below.price: is no number ('dear'). "
                "Write a number in plain digits, such as 2.5."
            ),
        ),
        (
            "adjacency.add",
            [["A", "B", "C"]],
            "a.yaml: adjacency.add.0: has 3 items ('[A, B, C]'). Give 2 at most.",
        ),
        (
            "output.travel",
            "yes",
            "a.yaml: output.travel: is neither true nor false ('yes'). Write true or false.",
        ),
        (
            "travel.way",
            "fly",
            (
                "a.yaml: travel.way: is not one of its values ('fly'). "
                "Write land, straight or roads."
            ),
        ),
    ],
)
def test_a_value_that_does_not_fit_is_told_with_what_does(
    key: str, value: object, fault: str
) -> None:
    assert said(*key.split("."), value) == [fault]


@pytest.mark.parametrize("key", [key for key in KEYS if key.count(".") == 1])
def test_no_value_is_answered_in_the_words_of_a_library(key: str) -> None:
    section, _, key = key.partition(".")
    for value in VALUES:
        try:
            faults = said(section, key, value)
        except pytest.fail.Exception:  # the value is a good one
            continue
        assert faults
        for fault in faults:
            assert not re.search(r"[Ii]nput|tuple|<class|function-|constrained|union\[", fault)


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        (
            {"travel": {"way": "roads"}},
            "travel: way roads and a file of roads go together. Give both or neither.",
        ),
        (
            {"limits": {"max_moved_patients": 1, "max_moved_practices": 1}},
            "limits: max_moved_patients and max_moved_practices are both given. Keep one of them.",
        ),
        (
            {"band": {"min": 50000, "max": 40000}},
            "band: min (50000) is more than max (40000). Correct the value.",
        ),
    ],
)
def test_what_does_not_go_together_is_told_with_what_to_do(
    values: dict[str, object], fault: str
) -> None:
    assert said_of(values) == [f"a.yaml: {fault}"]
