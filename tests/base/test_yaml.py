"""Reading YAML: rows, keys given twice, and texts that lead round in circles."""

from __future__ import annotations

import re

import pytest

from pcn_group.base.yaml import Document, NotYamlError, Repeated, read_yaml


def test_nothing_is_nothing() -> None:
    assert read_yaml("") == read_yaml("# only this\n") == Document()


def test_every_key_and_every_item_has_its_row() -> None:
    document = read_yaml("a:\n  b: 1\n\n  c: [x,\n    y]\nd: {e: 2}\n")
    assert document.values == {"a": {"b": 1, "c": ["x", "y"]}, "d": {"e": 2}}
    assert document.rows == {
        ("a",): 1,
        ("a", "b"): 2,
        ("a", "c"): 4,
        ("a", "c", "0"): 4,
        ("a", "c", "1"): 5,
        ("d",): 6,
        ("d", "e"): 6,
    }


def test_keys_are_text_as_written() -> None:
    values = {"1": "a", "on": "b", "0x10": "c", "~": "d"}
    assert read_yaml("{1: a, on: b, 0x10: c, ~: d}").values == values


def test_a_key_given_twice_is_told_and_one_alike_elsewhere_is_not() -> None:
    document = read_yaml("a:\n  x: 1\nb:\n  x: 1\n  'x': 2\n")
    assert document.repeated == (Repeated(("b", "x"), 4, 5),)


def test_a_merge_is_not_a_key() -> None:
    document = read_yaml("a: &a {x: 1}\nb:\n  <<: *a\n  y: 2\n")
    assert document.values == {"a": {"x": 1}, "b": {"x": 1, "y": 2}}
    assert document.repeated == ()


def test_aliases_stand_for_what_they_name() -> None:
    assert read_yaml("a: &a [1, 2]\nb: [*a, *a]\n").values == {"a": [1, 2], "b": [[1, 2], [1, 2]]}


DOUBLING = "\n".join(
    ["a0: &a0 {x: 1}", *(f"a{n}: &a{n} {{l: *a{n - 1}, r: *a{n - 1}}}" for n in range(1, 90))]
)
MERGING = re.sub(r"l: (\S+), r: (\S+)}", r"<<: [\1, \2]}", DOUBLING)


@pytest.mark.parametrize(
    ("text", "row", "problem"),
    [
        ("a: 1\nb: [", 2, "expected the node content"),
        ("a: 1\n b: 2", 2, "mapping values are not allowed here"),
        ("a: 1\n---\nb: 2", 2, "but found another document"),
        ("? {a: 1}\n: 2", 1, "found unhashable key"),
        ("a: !!python/object:os.system x", 1, "could not determine a constructor"),
        ("[" * 9999, None, "brackets and indents are nested too deeply"),
        ("- " * 9999, None, "brackets and indents are nested too deeply"),
        ("a: &a\n  b: *a\n", 1, "an alias stands for something that it is part of"),
        (DOUBLING, 15, "more than 50,000 keys and values, each alias counted as all that it"),
        (MERGING, 15, "more than 50,000 keys and values, each alias counted as all that it"),
        ("a: !!timestamp 2026-02-30", None, "day"),
        ("a: \x00", None, "special characters are not allowed"),
        ('a: !!int ""', None, "not what its tag (!!) says"),
        ('a: !!float ""', None, "not what its tag (!!) says"),
        ("a: !!bool maybe", None, "not what its tag (!!) says"),
        ("a: !!timestamp soon", None, "not what its tag (!!) says"),
    ],
)
def test_what_is_not_yaml_is_told_in_a_line(text: str, row: int | None, problem: str) -> None:
    with pytest.raises(NotYamlError) as caught:
        read_yaml(text)
    assert (caught.value.row, "\n" in caught.value.problem) == (row, False)
    assert problem in caught.value.problem


@pytest.mark.parametrize(
    "text",
    [
        *("8:20:00", "190:20:30.15", "012", "1_000", "0x1F", "0b1", "0o7", "10E5", "007", "00L"),
        *("yes", "No", "on", "OFF", "y", "=", "2024-04-01", "2024-04-01 10:00:00"),
    ],
)
def test_what_looks_like_something_else_stays_text(text: str) -> None:
    assert read_yaml(f"[{text}, {{k: {text}}}]").values == [text, {"k": text}]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("true", True), ("False", False), ("~", None), ("", None), ("null", None)),
        *(("0", 0), ("-3", -3), ("1.5", 1.5), (".5", 0.5), ("1.5e3", 1500.0), ("1e-05", 1e-05)),
    ],
)
def test_numbers_truths_and_nothing(text: str, value: object) -> None:
    assert read_yaml(f"k: {text}").values == {"k": value}
