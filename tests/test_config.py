"""The configuration: defaults, files, overrides, and faults that tell what to do."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcn_group.config import (
    Configuration,
    PriceAbove,
    PriceBelow,
    load_configuration,
    refuse_unknown_practices,
)
from pcn_group.errors import InputError


def rules(folder: Path, text: str | bytes) -> Path:
    path = folder / "rules.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def faults(path: Path | None = None, *overrides: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_configuration(path, overrides)
    return [str(fault) for fault in caught.value.faults]


def test_the_defaults_are_the_national_band() -> None:
    band = load_configuration().band
    assert (band.min, band.max) == (30_000, 50_000)
    assert band.below == band.above == "avoid"


def test_an_empty_file_means_the_defaults(tmp_path: Path) -> None:
    assert load_configuration(rules(tmp_path, "")) == Configuration()
    assert load_configuration(rules(tmp_path, "# nothing yet\n")) == Configuration()


def test_a_file_may_say_everything(tmp_path: Path) -> None:
    path = rules(
        tmp_path,
        """\
band:
  min: 25000
  below: {price: 2, floor: 20000}
  above: {price: 0.5, ceiling: 70000}
adjacency:
  add: [[A, B]]
limits: {max_practices: 9}
""",
    )
    configuration = load_configuration(path)
    assert configuration.band.below == PriceBelow(price=2, floor=20_000)
    assert configuration.band.above == PriceAbove(price=0.5, ceiling=70_000)
    assert configuration.adjacency.add == (("A", "B"),)
    assert configuration.limits.max_practices == 9


def test_a_byte_order_mark_does_not_matter(tmp_path: Path) -> None:
    path = rules(tmp_path, b"\xef\xbb\xbfband: {max: 60000}")
    assert load_configuration(path).band.max == 60_000


def test_an_override_wins_over_the_file(tmp_path: Path) -> None:
    path = rules(tmp_path, "band: {min: 20000, max: 40000}\n")
    band = load_configuration(path, ("band.max=60000", "band.below=forbid")).band
    assert (band.min, band.max, band.below) == (20_000, 60_000, "forbid")


def test_an_override_reaches_into_a_price() -> None:
    overrides = ("band.below.price=3", "band.below.floor=10000")
    assert load_configuration(None, overrides).band.below == PriceBelow(price=3, floor=10_000)


def test_paths_in_a_file_are_beside_it_and_those_of_an_override_where_one_is(
    tmp_path: Path,
) -> None:
    path = rules(tmp_path, "travel: {matrix: minutes.csv, unit: minutes}\n")
    assert load_configuration(path).travel.matrix == tmp_path / "minutes.csv"
    here = load_configuration(path, ("travel.matrix=mine.csv",))
    assert here.travel.matrix == Path("mine.csv")


@pytest.mark.parametrize(
    ("key", "nearest"),
    [
        ("band.maximum", "band.max"),
        ("bend", "band"),
        ("search.timelimit", "search.time_limit"),
        ("prices.chnge", "prices.change"),
        ("adjacency.methods", "adjacency.method"),
    ],
)
def test_an_unknown_key_names_the_nearest(key: str, nearest: str) -> None:
    assert faults(None, f"{key}=1") == [
        f"configuration: unknown key {key}. Did you mean {nearest}?"
    ]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("band: [1, 2", "rules.yaml: is not YAML: "),
        ("- band", "rules.yaml: is not a table of sections. "),
        ("30000", "rules.yaml: is not a table of sections. "),
        (b"band: \xff", "rules.yaml: is not UTF-8 text. "),
        ("band: 5", "rules.yaml: band: "),
        ("band: {min: thirty}", "rules.yaml: band.min: "),
        ("band: {min: 0}", "('0')"),
        ("band: {min: 9, max: 8}", "rules.yaml: band: min (9) is more than max (8). "),
        ("band: {below: never}", "band.below"),
        ("band: {below: {price: 1, floor: 40000}}", "below.floor (40000) is more than min"),
        ("band: {above: {price: 1, ceiling: 40000}}", "above.ceiling (40000) is less than max"),
        ("travel: {unit: minutes}", "there is no matrix to take minutes from"),
        ("travel: {max_to_hub: .inf}", "travel.max_to_hub"),
        ("adjacency: {add: [[A, A]]}", "adjacency.add.0: names one practice twice"),
        ("adjacency: {method: edges}", "method edges and an edges file go together"),
        ("adjacency: {method: knn, outline: a.geojson}", "it needs method voronoi"),
        ("search: {gap: 1}", "search.gap"),
        ("search: {time_limit: .nan}", "search.time_limit"),
    ],
)
def test_a_faulty_file_is_named_with_what_is_wrong(
    tmp_path: Path, text: str | bytes, part: str
) -> None:
    assert any(part in fault for fault in faults(rules(tmp_path, text)))


def test_every_practice_that_is_nowhere_in_the_input_is_named() -> None:
    adjacency = {"add": [["A", "X"], ["Y", "Z"], ["A", "B"]], "remove": [["W", "B"]]}
    configuration = Configuration.model_validate({"adjacency": adjacency})
    with pytest.raises(InputError) as caught:
        refuse_unknown_practices(configuration, {"A", "B"})
    assert [str(fault) for fault in caught.value.faults] == [
        "adjacency.add: names X, not in the input ('A, X'). Name two practices of the input.",
        "adjacency.add: names Y and Z, not in the input ('Y, Z'). Name two practices of the input.",
        "adjacency.remove: names W, not in the input ('W, B'). Name two practices of the input.",
    ]


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    assert "cannot be read: No such file" in faults(tmp_path / "nowhere.yaml")[0]


def test_every_fault_is_told_at_once() -> None:
    found = faults(None, "band.min=none", "search.gap=7", "prices.chang=1")
    assert len(found) == 3


@pytest.mark.parametrize("override", ["band.max", "=5", "band..max=5", ".=1"])
def test_an_override_that_is_not_key_and_value_is_a_fault(override: str) -> None:
    assert "is not section.key=value" in faults(None, override)[0]


def test_an_override_whose_value_is_not_yaml_is_a_fault() -> None:
    assert "has a value that is not YAML" in faults(None, "band.max=[1")[0]


@given(st.text(max_size=40))
def test_any_override_gives_a_configuration_or_a_fault(text: str) -> None:
    with suppress(InputError):
        load_configuration(None, (text,))


@given(st.binary(max_size=60))
def test_any_file_gives_a_configuration_or_a_fault(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = rules(tmp_path_factory.getbasetemp(), content)
    with suppress(InputError):
        load_configuration(path)
