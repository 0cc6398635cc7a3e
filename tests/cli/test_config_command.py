"""`pcn-group config`: every key explained, and what is meant where there is none."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from pcn_group.base.errors import InputError
from pcn_group.cli import group
from pcn_group.config.keys import key_sections

KEYS = [key for section in key_sections() for key in section.keys]


def shown(*arguments: str) -> Result:
    return CliRunner().invoke(group, ["config", *arguments], standalone_mode=False)


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.name)
def test_a_key_is_told_with_its_meaning_values_and_default(key: object) -> None:
    result = shown(str(key.name))  # type: ignore[attr-defined]
    assert result.exception is None
    assert f"--set {key.name}=VALUE" in result.output  # type: ignore[attr-defined]
    told = " ".join(result.output.split())
    assert " ".join(key.meaning.split()) in told  # type: ignore[attr-defined]


def test_one_key() -> None:
    text = shown("limits.max_practices").output
    assert "  values   a whole number from 1\n  default  none\n  not for  footprints\n" in text
    assert text.endswith("  limits:\n    max_practices: VALUE\n")


def test_a_key_with_keys_below_it_lists_them() -> None:
    text = shown("band.below").output
    assert "band.below.price" in text
    assert "band.below.floor" in text


def test_without_a_key_all_are_listed() -> None:
    text = shown().output
    assert all(key.name in text for key in KEYS)


def test_a_section_is_listed() -> None:
    text = shown("limits").output
    assert "limits.networks" in text
    assert "band.max " not in text


def test_a_key_that_there_is_not_is_told_with_the_one_meant() -> None:
    error = shown("band.maximum").exception
    assert isinstance(error, InputError)
    assert "Did you mean band.max?" in str(error.faults[0])


def test_as_json() -> None:
    values = json.loads(shown("band", "--json").output)
    assert values["band.max"]["default"] == "`50000`"
    assert set(json.loads(shown("--json").output)) == {key.name for key in KEYS}
