"""The configuration: defaults, files, overrides, and faults that tell what to do."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcn_group.base.errors import InputError
from pcn_group.config.keys import key_sections
from pcn_group.config.loading import load_configuration, refuse_unknown_practices
from pcn_group.config.model import Configuration, PriceAbove, PriceBelow


def rules(folder: Path, text: str | bytes) -> Path:
    path = folder / "rules.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def faults(path: Path | None = None, *overrides: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_configuration(path, overrides)
    return [str(fault) for fault in caught.value.faults]


def told(key: str) -> list[str]:
    """The faults of an override of a key that there is not."""
    return faults(None, f"{key}=1")


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


MAY_BE_NULL = [
    key.name
    for section in key_sections()
    for key in section.keys
    if key.default == "none" and not key.name.startswith("profile.")
]


@pytest.mark.parametrize("key", [*MAY_BE_NULL, "adjacency.detour"])
def test_none_as_help_prints_it_is_null(tmp_path: Path, key: str) -> None:
    section, _, name = key.partition(".")
    null = load_configuration(None, (f"{key}=null",))
    assert load_configuration(None, (f"{key}=none",)) == null
    assert load_configuration(rules(tmp_path, f"{section}: {{{name}: none}}")) == null


def test_none_in_a_list_is_null_where_null_may_be() -> None:
    of_none, of_null = (
        load_configuration(None, (f"profile.figures=[{{name: age, column: {word}}}]",))
        for word in ("none", "null")
    )
    assert of_none == of_null


def test_none_is_a_value_where_it_is_one_and_a_fault_where_it_means_nothing() -> None:
    matrix = "travel.matrix=matrix.csv"
    assert load_configuration(None, (matrix, "travel.unit=none")).travel.unit == "none"
    (fault,) = faults(None, "band.min=none")
    assert "band.min: is no whole number ('none')" in fault


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
        ("bend", "band"),
        ("bnad.min", "band.min"),
        ("banding.min", "band.min"),
        ("band.mn", "band.min"),
        ("band.maximum", "band.max"),
        ("band.above.prise", "band.above.price"),
        ("search.timelimit", "search.time_limit"),
        ("search.time", "search.time_limit"),
        ("prices.chnge", "prices.change"),
        ("adjacency.methods", "adjacency.method"),
        ("travel.max_hub", "travel.max_to_hub"),
        ("limits.practices", "limits.max_practices"),
        ("data.size", "data.weighted_list_size"),
    ],
)
def test_an_unknown_key_names_the_nearest(key: str, nearest: str) -> None:
    assert told(key)[0].startswith(f"command line: unknown key {key}. Did you mean {nearest}?")


@pytest.mark.parametrize(
    ("key", "nearest"),
    [
        ("min", "band.min"),
        ("max", "band.max"),
        ("search.max", "band.max"),
        ("below", "band.below"),
        ("time_limit", "search.time_limit"),
        ("timelimit", "search.time_limit"),
        ("limits.time_limit", "search.time_limit"),
        ("travel.nearest", "adjacency.nearest"),
        ("target", "prices.balance.target"),
        ("prices.target", "prices.balance.target"),
        ("band.balance", "prices.balance"),
        ("change_price", "prices.change"),
    ],
)
def test_a_key_in_the_wrong_section_names_the_right_one(key: str, nearest: str) -> None:
    assert told(key) == [f"command line: unknown key {key}. Did you mean {nearest}?"]


def test_where_nothing_is_near_the_valid_keys_are_listed() -> None:
    (fault,) = told("search.tempo")
    assert fault == (
        "command line: unknown key search.tempo. "
        "The keys of search are time_limit, gap, seed, workers, who_else."
    )
    sections = ", ".join(Configuration.model_fields)
    for far in ("knn", "nosuch.key"):
        assert told(far) == [f"command line: unknown key {far}. The keys here are {sections}."]


def test_an_unknown_key_of_a_file_comes_with_its_row(tmp_path: Path) -> None:
    path = rules(
        tmp_path,
        """\
# mine
banding: {min: 1}
min: 30000
band:
  max: 60000
  mn: 20000
  above:
    prise: 1
    price: 1
    ceiling: 70000
""",
    )
    assert faults(path) == [
        "rules.yaml, row 8: unknown key band.above.prise. Did you mean band.above.price?",
        "rules.yaml, row 6: unknown key band.mn. Did you mean band.min?",
        "rules.yaml, row 2: unknown key banding. Did you mean band?",
        "rules.yaml, row 3: unknown key min. Did you mean band.min?",
    ]


def test_a_key_as_for_an_override_is_not_one_in_a_file(tmp_path: Path) -> None:
    path = rules(tmp_path, "band.min: 20000\n")
    assert faults(path) == [
        "rules.yaml, row 1: unknown key band.min. Write min below band, indented."
    ]


@pytest.mark.parametrize("name", ["1", "on", "2026-01-01", "null", "1.5"])
def test_a_key_that_is_not_text_is_an_unknown_key_as_written(tmp_path: Path, name: str) -> None:
    (top,) = faults(rules(tmp_path, f"{name}: 5\n"))
    assert top.startswith(f"rules.yaml, row 1: unknown key {name}. The keys here are ")
    (inside,) = faults(rules(tmp_path, f"band:\n  {name}: 5\n"))
    assert inside.startswith(f"rules.yaml, row 2: unknown key band.{name}. The keys of ")
    assert inside.endswith("The keys of band are min, max, below, above.")


def test_a_key_given_twice_is_a_fault(tmp_path: Path) -> None:
    path = rules(
        tmp_path, "band:\n  min: 20000\n  max: 60000\n  min: 25000\nsearch: {}\nband: {}\n"
    )
    assert sorted(faults(path)) == [
        f"rules.yaml, row {again}: key {key} is given twice, the first time in row {first}. "
        f"Keep one of them."
        for key, first, again in (("band.min", 2, 4), ("band", 1, 6))
    ]
    override = "band.above={price: 1, price: 2, ceiling: 60000}"
    (fault,) = faults(None, override)
    assert fault == f"--set: gives price twice ('{override}'). Keep one of them."


def test_a_fault_names_where_the_value_came_from(tmp_path: Path) -> None:
    path = rules(tmp_path, "band:\n  min: 40000\n  below: {price: 1}\n")
    assert faults(path, "search.gap=7", "band.above.price=1") == [
        "rules.yaml, row 3: band.below.floor is missing. Add it.",
        "command line: band.above.ceiling is missing. Add it.",
        "command line: search.gap: is not under 1 ('7'). Give less than 1.",
    ]
    (both,) = faults(path, "band.below=avoid", "band.max=30000")
    assert both.startswith("command line and rules.yaml, row 1: band: min (40000) is more than ")


def test_an_override_mends_what_is_wrong_in_the_file(tmp_path: Path) -> None:
    path = rules(tmp_path, "band: {min: thirty}\n")
    assert load_configuration(path, ("band.min=20000",)).band.min == 20_000
    assert faults(path, "band.min=twenty")[0].startswith("command line: band.min: ")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("band: [1, 2", "rules.yaml, row 1: is not YAML: expected ',' or ']'"),
        ("band:\n\tmin: 1", "rules.yaml, row 2: is not YAML: found character '\\t'"),
        ("band: &a [*b]", "rules.yaml, row 1: is not YAML: found undefined alias 'b'"),
        (
            'a: 1\nb: "C:\\Users\\ann"',
            "row 2: is not YAML: in double quotes a backslash is part of",
        ),
        ('a: 1\nb: "C:\\new.csv"', "row 2: is not YAML: in double quotes a backslash is"),
        ("when: !!timestamp 2026-13-01", "rules.yaml: is not YAML: month must be in 1..12"),
        ("- band", "rules.yaml: is not a table of keys. "),
        ("30000", "rules.yaml: is not a table of keys. "),
        (b"band: \xff", "rules.yaml: is not UTF-8 text. "),
        ("band: 5", "rules.yaml, row 1: band: is not a table of keys ('5'). "),
        ("band:\n  # min: 1", "row 1: band: is not a table of keys. Write its keys below it"),
        ("band: {min: thirty}", "rules.yaml, row 1: band.min: "),
        ("band: {min: 0}", "('0')"),
        ("band: {min: 9, max: 8}", "rules.yaml, row 1: band: min (9) is more than max (8). "),
        ("band: {min: null}", "band.min: is no whole number ('null')"),
        ("band: {min: 030000}", "('030000'). Write a whole number in plain digits, such as 30000."),
        ("limits: {max_practices: 1_0}", "('1_0'). Write a whole number in plain digits"),
        (
            "search: {time_limit: 8:20:00}",
            "('8:20:00'). Write a number in plain digits, such as 2.5.",
        ),
        ("search: {gap: '0.1'}", "search.gap: is no number ('0.1')"),
        ("funding: {unconfirmed: yes}", "('yes'). Write true or false."),
        ("band: {below: never}", "band.below"),
        ("band: {below: {price: 1, floor: 40000}}", "below.floor (40000) is more than min"),
        ("band: {above: {price: 1, ceiling: 40000}}", "above.ceiling (40000) is less than max"),
        ("travel: {unit: minutes}", "there is no matrix to take minutes from"),
        ("travel: {max_to_hub: .inf}", "travel.max_to_hub"),
        (
            "adjacency:\n  add:\n  - [A, B]\n  - [A, A]",
            "row 4: adjacency.add.1: names one practice twice",
        ),
        ("adjacency: {method: edges}", "method edges and an edges file go together"),
        ("adjacency: {method: knn, outline: a.geojson}", "Give method voronoi, or no outline."),
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
        f"adjacency.{fault}. Name two practices of the input by their codes."
        for fault in (
            "add: names X, not in the input ('A, X')",
            "add: names Y and Z, not in the input ('Y, Z')",
            "remove: names W, not in the input ('W, B')",
        )
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


# --- codes in any spelling ---


def test_rules_take_codes_in_any_spelling(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(
        "rules:\n"
        '  together: [[a81001, " A81002"]]\n'
        '  fixed: [["\'A81003"]]\n'
        '  exclude: ["\\u200bA81004"]\n'
        "  prefer: [{practices: [a81001, a81005], price: 1}]\n"
        "adjacency: {add: [[a81001, A81005]], remove: [[A81001, a81006]]}\n",
        encoding="utf-8",
    )
    configuration = load_configuration(path)
    assert configuration.rules.together == (("A81001", "A81002"),)
    assert configuration.rules.fixed == (("A81003",),)
    assert configuration.rules.exclude == ("A81004",)
    assert configuration.rules.prefer[0].practices == ("A81001", "A81005")
    assert configuration.adjacency.add == (("A81001", "A81005"),)
    assert configuration.adjacency.remove == (("A81001", "A81006"),)


@pytest.mark.parametrize(
    ("setting", "problem"),
    [
        ("rules.hubs=[A81001, a81001]", "names A81001 twice, spelt A81001 and a81001"),
        ("rules.hubs=[A81001, A81001]", "names A81001 twice"),
        ("adjacency.add=[[A81001, a81001]]", "names one practice twice"),
    ],
)
def test_one_practice_in_two_spellings_is_one(setting: str, problem: str) -> None:
    with pytest.raises(InputError) as caught:
        load_configuration(None, (setting,))
    assert problem in str(caught.value)


def test_a_plan_may_have_a_number_of_networks_or_a_range() -> None:
    for text, meant in (("12", (12, 12)), ("10..12", (10, 12)), ("null", None)):
        limits = load_configuration(None, (f"limits.networks={text}",)).limits
        assert limits.number_of_networks == meant


@pytest.mark.parametrize("value", ["0", "-1", "12..10", "10-12", "1.5", "true", "0..3", "many"])
def test_a_number_of_networks_that_is_none_is_refused(value: str) -> None:
    (fault,) = faults(None, f"limits.networks={value}")
    assert "limits.networks" in fault


@pytest.mark.parametrize(
    "path",
    [
        r"C:\Users\ann lee\new\land.geojson",
        r"\\server\share\north.geojson",
        r"C:\temp\round#2.geojson",
        r"C:\Users\José\land.geojson",
    ],
)
def test_a_path_of_windows_is_read_as_it_is(tmp_path: Path, path: str) -> None:
    assert str(load_configuration(None, (f"adjacency.land={path}",)).adjacency.land) == path
    for written in (path, f"'{path}'", '"' + path.replace("\\", "\\\\") + '"'):
        found = load_configuration(rules(tmp_path, f"adjacency:\n  land: {written}\n")).adjacency
        assert str(found.land) in {str(tmp_path / path), path}
