"""The presets: what they say, how they read, and the schema that editors check them by."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator
from pydantic import BaseModel, ValidationError

from pcn_group.config.loading import load_configuration
from pcn_group.config.model import Configuration, PriceAbove, PriceBelow, Search
from pcn_group.config.presets import PRESETS, SCHEMA_NAME, Preset
from pcn_group.config.section import Section, meanings
from pcn_group.config.template import preset_rules, preset_yaml, schema_json
from pcn_group.pipeline import solve
from pcn_group.plan.solved import SolvedPlan
from pcn_group.practices import read_practices
from tests.paths import ROOT

CONFIGS = ROOT / "configs"
SAMPLE = ROOT / "data" / "sample" / "practices.csv"
SCHEMA = json.loads(schema_json())


def models(model: type[Section] = Configuration) -> Iterator[type[Section]]:
    """A model and all those below it."""
    yield model
    for field in model.model_fields.values():
        for part in getattr(field.annotation, "__args__", (field.annotation,)):
            if isinstance(part, type) and issubclass(part, Section):
                yield from models(part)


def key_lines(text: str) -> list[str]:
    """The lines of a YAML text with a key in them, without those where a comment goes on."""
    return [line for line in text.splitlines() if re.match(r" *\w+:", line)]


# --- the files of configs/ ---------------------------------------------------------------------


@pytest.mark.parametrize("name", PRESETS)
def test_a_file_in_configs_is_what_init_writes(name: str) -> None:
    written = (CONFIGS / f"{name}.yaml").read_bytes()
    again = f"pcn-group init --preset {name} --out configs/{name}.yaml --overwrite"
    assert written == preset_yaml(PRESETS[name]).encode(), f"write it again: {again}"


def test_the_schema_in_configs_is_what_init_writes() -> None:
    written = (CONFIGS / SCHEMA_NAME).read_bytes()
    assert written == schema_json().encode(), "write it again: pcn-group init, as for the presets"


def test_configs_holds_the_presets_and_their_schema_only() -> None:
    names = {f"{name}.yaml" for name in PRESETS} | {SCHEMA_NAME}
    assert {path.name for path in CONFIGS.iterdir()} == names


# --- what they say -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_read_back_as_what_it_is(name: str) -> None:
    assert load_configuration(CONFIGS / f"{name}.yaml") == preset_rules(PRESETS[name])


def test_the_presets_are_these_rules() -> None:
    rules = {name: preset_rules(preset) for name, preset in PRESETS.items()}
    assert rules["pcn-2019"] == Configuration()
    soft, rural = rules["pcn-soft-top"].band, rules["rural-exception"].band
    assert (soft.min, soft.max, soft.below) == (30_000, 50_000, "forbid")
    assert soft.above == PriceAbove(price=1, ceiling=60_000)
    assert (rural.below, rural.above) == (PriceBelow(price=5, floor=20_000), "avoid")
    neighbourhood = rules["neighbourhood-50k"]
    assert (neighbourhood.band.min, neighbourhood.band.max) == (40_000, 60_000)
    assert neighbourhood.prices.balance is not None
    assert neighbourhood.prices.balance.target == 50_000


def test_the_neighbourhood_preset_says_what_is_assumed() -> None:
    text = " ".join(PRESETS["neighbourhood-50k"].purpose.split())
    assert "ASSUMPTIONS of this preset, to be agreed locally" in text
    assert "the target of 50,000" in text
    assert "the band of 40,000 to 60,000: none has been published" in text
    rows = [line for line in key_lines(preset_yaml(PRESETS["neighbourhood-50k"])) if "000" in line]
    for key in ("min", "max", "target"):
        assert any(f" {key}: " in row and "an assumption" in row for row in rows), key


def test_the_price_of_the_neighbourhood_preset_matters_and_does_not_dominate() -> None:
    near_enough = Search(gap=0.02)  # in seconds; the best plans differ by more
    priced = preset_rules(PRESETS["neighbourhood-50k"]).model_copy(update={"search": near_enough})
    free = Configuration(band=priced.band, search=near_enough)
    practices = read_practices([SAMPLE])

    def outcome(rules: Configuration) -> tuple[SolvedPlan, int]:
        result = solve(practices, rules, lambda _: None)
        return result, sum(abs(network.patients - 50_000) for network in result.networks)

    (with_price, nearer), (without, farther) = outcome(priced), outcome(free)
    assert not with_price.exceptions
    assert nearer < 0.7 * farther
    assert with_price.mean_travel < 1.1 * without.mean_travel


# --- how they read -----------------------------------------------------------------------------


def test_every_key_has_a_description_of_one_sentence() -> None:
    for model in models():
        assert list(meanings(model)) == list(model.model_fields)
        for name, meaning in meanings(model).items():
            assert re.fullmatch(r"[A-Z].*[^.]\.", meaning), name
            assert ". " not in meaning, name


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_every_line_is_short_and_every_key_is_commented(preset: Preset) -> None:
    text = preset_yaml(preset)
    assert text.startswith(f"# yaml-language-server: $schema={SCHEMA_NAME}\n")
    assert text.isascii()  # any editor shows it right
    for line in text.splitlines():
        assert len(line) <= 100
        assert line == line.rstrip()
    for line in key_lines(text):
        assert re.search(r"  # \S", line), line


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_the_comments_of_a_section_are_aligned(preset: Preset) -> None:
    for block in preset_yaml(preset).split("\n\n")[1:]:
        assert len({line.index("# ") for line in block.splitlines()}) == 1, block


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_every_key_there_is_stands_in_the_file(preset: Preset) -> None:
    stated = yaml.safe_load(preset_yaml(preset))
    assert list(stated) == list(Configuration.model_fields)
    for section, field in Configuration.model_fields.items():
        assert isinstance(field.annotation, type)
        assert issubclass(field.annotation, BaseModel)
        assert list(stated[section]) == list(field.annotation.model_fields)


def test_a_value_that_is_not_the_default_names_the_default() -> None:
    text = preset_yaml(PRESETS["pcn-soft-top"])
    assert re.search(r"^  below: forbid .*\(default: avoid\)$", text, re.MULTILINE)
    assert re.search(r"^  above:  .*\(default: avoid\)$", text, re.MULTILINE)
    assert text.count("(default: ") == 2
    assert "(default: " not in preset_yaml(PRESETS["pcn-2019"])


def test_an_example_in_a_comment_is_never_broken() -> None:
    for line in preset_yaml(PRESETS["pcn-2019"]).splitlines():
        comment = line.partition("# ")[2]
        assert comment.count("{") == comment.count("}")
        assert comment.count("[") == comment.count("]")


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_the_notes_are_about_keys_of_the_file(preset: Preset) -> None:
    keys = set()
    for key in preset.values:
        parts = key.split(".")
        keys |= {".".join(parts[:end]) for end in range(1, len(parts) + 1)}
    assert set(preset.notes) <= keys


# --- the schema --------------------------------------------------------------------------------


def agreed(values: Any) -> bool:  # noqa: ANN401 - anything that YAML can say
    """Whether the values are valid, for the schema and for the program alike."""
    by_schema = Draft7Validator(SCHEMA).is_valid(values)
    try:
        Configuration.model_validate(values)
        by_program = True
    except ValidationError:
        by_program = False
    assert by_schema == by_program
    return by_schema


def test_the_schema_is_one() -> None:
    Draft7Validator.check_schema(SCHEMA)
    assert "$ref" not in schema_json()


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_a_preset_is_valid(preset: Preset) -> None:
    assert agreed(yaml.safe_load(preset_yaml(preset)))


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "band: {}",
        "band: {max: 60000}",
        "band: {below: forbid, above: {price: 0.5, ceiling: 60000}}",
        "travel: {matrix: minutes.csv, unit: minutes, max_to_hub: 30}",
        "travel: {max_to_hub: null}",
        "adjacency: {add: [[A, B], [C, D]], remove: []}",
        "prices: {balance: {price: 1, target: 45000}}",
        "search: {gap: 0.01}",
        "rules: {together: [[A, B]], apart: [[A, C, D]], fixed: [[E], [F, G]], exclude: [H]}",
        "rules: {hubs: [A], prefer: [{practices: [A, B], price: 2}], free: [C], file: null}",
    ],
)
def test_what_is_right_is_valid(text: str) -> None:
    assert agreed(yaml.safe_load(text))


@pytest.mark.parametrize(
    "text",
    [
        "bnad: {min: 1}",
        "band: {mn: 1}",
        "band: 30000",
        "band:",
        "band: {min: thirty}",
        "band: {min: 0}",
        "band: {min: 0.5}",
        "band: {below: never}",
        "band: {below: {price: 1}}",
        "band: {below: {price: 1, ceiling: 60000}}",
        "band: {above: {price: -1, ceiling: 60000}}",
        "band: {above: {price: 1, ceiling: 60000, floor: 1}}",
        "travel: {max_to_hub: 0}",
        "travel: {matrix: [a.csv]}",
        "adjacency: {method: touching}",
        "adjacency: {add: [A, B]}",
        "adjacency: {add: [[A, B, C]]}",
        "adjacency: {add: [[A, A]]}",
        "prices: {change: 1001}",
        "prices: {balance: {price: 1}}",
        "rules: {together: [A, B]}",
        "rules: {together: [[A]]}",
        "rules: {apart: [[A, A]]}",
        "rules: {fixed: [[]]}",
        "rules: {hubs: [A, A]}",
        "rules: {prefer: [{practices: [A, B]}]}",
        "rules: {prefer: [{practices: [A], price: 2}]}",
        "rules: {prefer: [{practices: [A, B], price: 2, prise: 2}]}",
        "search: {gap: 1}",
        "search: {workers: 0}",
        "- band",
    ],
)
def test_what_is_wrong_is_not_valid(text: str) -> None:
    assert not agreed(yaml.safe_load(text))


def test_what_an_editor_shows_of_a_key() -> None:
    band = SCHEMA["properties"]["band"]["properties"]
    assert band["max"]["title"] == "band.max"
    assert band["max"]["description"] == "Most patients a network may have."
    assert band["max"]["default"] == 50_000
    price = band["above"]["anyOf"][1]["properties"]["price"]
    assert price["title"] == "band.above.price"
    assert "in km (or minutes)" in price["description"]


def test_every_part_of_the_schema_refuses_other_keys() -> None:
    tables = [part for part in parts(SCHEMA) if "properties" in part]
    assert len(tables) == len(list(models()))
    assert all(part["additionalProperties"] is False for part in tables)
    titles = itertools.chain.from_iterable(part["properties"].values() for part in tables)
    assert all(part["title"] and part["description"] for part in titles)


def parts(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", [])]
    for part in [*inner, *([schema["items"]] if "items" in schema else [])]:
        yield from parts(part)
