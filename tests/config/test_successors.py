"""Who has taken over from practices that have closed, and the rules about those."""

from __future__ import annotations

from pathlib import Path

import pytest

from pcn_group.base.errors import InputError
from pcn_group.config.closed import with_successors
from pcn_group.config.loading import load_configuration
from pcn_group.config.model import Configuration
from pcn_group.config.successors import networks_taken_over, successor_of


def read(tmp_path: Path, text: str) -> dict[str, str]:
    path = tmp_path / "successors.csv"
    path.write_text(text, "utf-8")
    configuration = load_configuration(overrides=(f"data.successors={path}",))
    return dict(configuration.data.given_successors)


@pytest.mark.parametrize(
    "text",
    [
        "from,to\na,B\nC,d\n",
        "From code;To code\n'A;B\nC ;D\n",
        "predecessor_code,name,successor_code\nA,Old,B\nC,Older,D\n",
    ],
)
def test_a_table_says_who_took_over(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == {"A": "B", "C": "D"}


def test_the_configuration_may_say_it_itself() -> None:
    configuration = load_configuration(overrides=("data.successors={a: b}",))
    assert configuration.data.given_successors == {"A": "B"}


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("A,", "row 2, column to: is empty. Give the code of a practice."),
        (",B", "row 2, column from: is empty. Give the code of a practice."),
        ("A,B\na,C", "row 3, column from: is there twice (row 2)"),
        ("A,A", "row 2, column from: goes round in a circle: A to A"),
        ("D,B\nB,C\nC,B", "row 3, column from: goes round in a circle: B to C to B"),
    ],
)
def test_what_cannot_be_is_told_with_its_row(tmp_path: Path, rows: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, f"from,to\n{rows}\n")
    assert told in str(caught.value)
    assert str(caught.value).count("successors.csv") == 1


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("{A: B, a: C}", "names A twice"),
        ("{A: B, B: A}", "goes round in a circle: A to B to A"),
        ("{A: ''}", "has an empty code"),
    ],
)
def test_so_it_is_in_the_configuration(value: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        load_configuration(overrides=(f"data.successors={value}",))


def test_takeovers_follow_on_each_other() -> None:
    successors = {"A": "B", "B": "C", "D": "X"}
    assert successor_of("A", successors, {"C"}) == "C"
    assert successor_of("A", successors, {"B", "C"}) == "B"
    assert successor_of("A", successors, {"A", "B", "C"}) == "A"
    assert successor_of("D", successors, {"C"}) == "X"


def test_the_network_is_that_of_most_patients() -> None:
    networks, known = {"A": "N", "B": "S", "C": "N", "E": "S"}, {"B", "D", "E"}
    sizes = {"A": 2_000, "B": 3_000, "C": 1_500, "E": 9_000}

    def taken(successors: dict[str, str], **other: int) -> dict[str, str]:
        return networks_taken_over(networks, sizes | other, successors, known)

    assert taken({}) == {}
    assert taken({"A": "B"}) == {"B": "S"}
    assert taken({"A": "B", "C": "B"}) == {"B": "N"}
    assert taken({"A": "B"}, A=3_000) == {"B": "S"}  # of equals its own
    assert taken({"A": "D", "C": "D"}) == {"D": "N"}
    assert taken({"A": "X", "E": "B"}) == {}  # one that is not there; one that is still open


def rules(**given: object) -> Configuration:
    """Rules under which A has gone into B, and C into D; A and C are not there any more."""
    values = {"data": {"successors": {"A": "B", "C": "D", "E": "B"}}, **given}
    return with_successors(Configuration.model_validate(values), {"B", "D", "E", "F"})


def test_rules_are_about_those_who_took_over() -> None:
    changed = rules(
        rules={
            "together": [["A", "F"], ["A", "B"]],
            "apart": [["C", "F"], ["C", "D"]],
            "fixed": [["C", "D"]],
            "hubs": ["A", "B", "E"],
            "free": ["C"],
            "prefer": [{"practices": ["A", "F"], "price": 1}],
            "names": {"A": "Old name", "B": "Riverside", "C": "Hills"},
        },
        adjacency={"add": [["A", "F"], ["C", "D"]]},
    )
    assert changed.rules.together == (("B", "F"),)
    assert changed.rules.apart == (("D", "F"),)
    assert changed.rules.fixed == (("D",),)
    assert changed.rules.hubs == ("B", "E")
    assert changed.rules.free == ("D",)
    assert [each.practices for each in changed.rules.prefer] == [("B", "F")]
    assert changed.rules.given_names == {"B": "Riverside", "D": "Hills"}
    assert changed.adjacency.add == (("B", "F"),)


def test_who_was_left_out_has_gone_by_itself() -> None:
    assert rules(rules={"exclude": ["A", "F"]}).rules.exclude == ("F",)


def test_rules_that_conflict_by_it_are_told() -> None:
    with pytest.raises(InputError, match="B and F are not to be in one network"):
        rules(rules={"together": [["A", "F"]], "apart": [["B", "F"]]})
