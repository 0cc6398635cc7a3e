"""A curve drawn between two axes."""

from __future__ import annotations

from pcn_group.output.report.curve_chart import CurveChart, curve_chart


def drawn(*values: tuple[float, float]) -> CurveChart:
    words = [f"{amount:g}" for amount, _ in values]
    return curve_chart(values, words, words, [True] * len(values))


def test_points_are_where_the_ticks_say() -> None:
    chart = drawn((0, 3.0), (1000, 2.0), (2000, 1.0))
    across, up = ({words: at for at, words in ticks} for ticks in (chart.across, chart.up))
    assert [point.x for point in chart.points] == [across["0"], across["1,000"], across["2,000"]]
    assert [point.y for point in chart.points] == [up["3.0"], up["2.0"], up["1.0"]]


def test_a_label_goes_below_where_the_point_before_is_near() -> None:
    chart = drawn((0, 3.0), (10, 2.99), (20, 2.98), (2000, 1.0))
    assert [point.is_below for point in chart.points] == [False, True, False, False]


def test_one_plan_alone_is_a_curve_too() -> None:
    (point,) = drawn((0, 1.5)).points
    assert point.label == "0"


def test_all_of_it_is_on_the_drawing() -> None:
    chart = drawn((0, 0.001), (3e6, 0.0012), (1e7, 0.0019))
    assert all(chart.left <= point.x <= chart.right for point in chart.points)
    assert all(chart.top <= point.y <= chart.floor for point in chart.points)
    assert 4 <= len(chart.up) <= 8
    assert len({words for _, words in chart.up}) == len(chart.up)
