"""What tags say to a car."""

from __future__ import annotations

import pytest

from pcn_group.geography.roads.rules import SPEEDS, is_blocked, road_of


def speeds(**tags: str) -> tuple[float, float] | None:
    """Onward and back in km/h of a primary road, or of another; None if it is closed."""
    road = road_of({"highway": "primary"} | {key.replace("__", ":"): v for key, v in tags.items()})
    return None if road is None else (round(road.onward, 1), round(road.back, 1))


@pytest.mark.parametrize("kind", SPEEDS)
def test_without_a_limit_the_class_of_the_road_says_how_fast(kind: str) -> None:
    assert speeds(highway=kind, oneway="no") == (SPEEDS[kind], SPEEDS[kind])


@pytest.mark.parametrize("kind", ["track", "footway", "construction", "pedestrian", ""])
def test_other_classes_are_no_roads(kind: str) -> None:
    assert speeds(highway=kind) is None


@pytest.mark.parametrize(
    ("limit", "driven"),
    [
        ("30 mph", 38.6),
        ("30mph", 38.6),
        ("50", 40.0),
        ("50 km/h", 40.0),
        ("60 mph;40 mph", 51.5),
        ("none", 112.0),
        ("walk", 4.0),
        ("GB:nsl_single", 77.3),
        ("national", 77.3),
        ("signals", 65.0),
        ("10 knots", 65.0),
        ("0", 65.0),
        ("", 65.0),
    ],
)
def test_four_fifths_of_a_limit_are_driven(limit: str, driven: float) -> None:
    assert speeds(maxspeed=limit) == (driven, driven)


def test_a_limit_may_be_for_one_direction() -> None:
    assert speeds(maxspeed="50", maxspeed__forward="100") == (80, 40)
    assert speeds(maxspeed__backward="100") == (65, 80)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"oneway": "yes"}, (65, 0)),
        ({"oneway": "1"}, (65, 0)),
        ({"oneway": "-1"}, (0, 65)),
        ({"oneway": "no"}, (65, 65)),
        ({"oneway": "reversible"}, None),
        ({"junction": "roundabout"}, (65, 0)),
        ({"junction": "circular"}, (65, 0)),
        ({"junction": "roundabout", "oneway": "no"}, (65, 65)),
        ({"junction": "roundabout", "oneway": "-1"}, (0, 65)),
        ({"highway": "motorway"}, (90, 0)),
        ({"highway": "motorway", "oneway": "no"}, (90, 90)),
    ],
)
def test_one_way_streets_roundabouts_and_motorways_lead_one_way(
    tags: dict[str, str], expected: tuple[float, float] | None
) -> None:
    assert speeds(**tags) == expected


@pytest.mark.parametrize(
    ("tags", "is_open"),
    [
        ({"access": "private"}, False),
        ({"access": "no"}, False),
        ({"motor_vehicle": "no"}, False),
        ({"motorcar": "private"}, False),
        ({"access": "no", "motor_vehicle": "yes"}, True),
        ({"access": "yes", "vehicle": "no"}, False),
        ({"motor_vehicle": "no", "motorcar": "permissive"}, True),
        ({"access": "destination"}, True),
        ({"access": "customers"}, True),
        ({"area": "yes"}, False),
        ({"service": "emergency_access"}, False),
    ],
)
def test_of_tags_about_access_the_one_closest_to_cars_counts(
    tags: dict[str, str], *, is_open: bool
) -> None:
    assert (speeds(**tags) is not None) is is_open


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [
        ("20", 1200),
        ("00:07", 420),
        ("1:30", 5400),
        ("01:30:30", 5430),
        ("PT25M", 1500),
        ("PT1H5M", 3900),
        ("soon", None),
        ("", None),
    ],
)
def test_a_ferry_for_cars_takes_as_long_as_it_says(duration: str, seconds: float | None) -> None:
    road = road_of({"route": "ferry", "motor_vehicle": "yes", "duration": duration})
    assert road is not None
    assert (road.seconds, road.onward, road.is_entry) == (seconds, 5, False)


@pytest.mark.parametrize("tags", [{}, {"motor_vehicle": "no"}, {"foot": "yes", "access": "yes"}])
def test_a_ferry_that_does_not_say_it_carries_cars_carries_none(tags: dict[str, str]) -> None:
    assert road_of({"route": "ferry", **tags}) is None


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"barrier": "bollard"}, True),
        ({"barrier": "bollard", "bollard": "rising"}, False),
        ({"barrier": "gate"}, False),
        ({"barrier": "lift_gate,lights", "railway": "level_crossing"}, False),
        ({"barrier": "bollard; swing_gate"}, False),
        ({"barrier": "gate", "access": "private"}, True),
        ({"barrier": "bollard", "motor_vehicle": "yes"}, False),
        ({"access": "no"}, True),
        ({}, False),
    ],
)
def test_what_a_car_cannot_pass(tags: dict[str, str], *, expected: bool) -> None:
    assert is_blocked(tags) is expected
