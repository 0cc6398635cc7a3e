"""Threads that search side by side, and end when they are no longer wanted."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from dataclasses import replace
from functools import partial

import pytest

from pcn_group.config.model import Configuration, Search
from pcn_group.solver.bound.pricing import Pricer
from pcn_group.solver.instance import build_instance
from pcn_group.solver.search.search import search
from pcn_group.solver.search.state import Effort
from pcn_group.solver.search.threads import StopSignal, Threads
from tests.solver.regions import problem_of, road, sample, silent


def a_pricer() -> Pricer:
    instance = build_instance(road(20_000, 20_000))
    return Pricer(instance, workers=1, deadline=time.monotonic() + 3600)


def test_results_come_whoever_is_done_first() -> None:
    second_is_done = threading.Event()

    def first() -> str:
        second_is_done.wait()
        return "first"

    def second() -> str:
        second_is_done.set()
        return "second"

    with closing(Threads(2)) as threads:
        found = [threads.begin(first), threads.begin(second)]
        assert [each() for each in found] == ["first", "second"]


def test_one_alone_searches_what_is_asked_for() -> None:
    searched = list[str]()
    with closing(Threads(1)) as threads:
        first, second = (
            threads.begin(partial(searched.append, name)) for name in ("first", "second")
        )
        assert not searched
        second()
        assert searched == ["second"]
        first()
    assert searched == ["second", "first"]


def test_whoever_waits_searches_what_nobody_has_begun() -> None:
    by = dict[str, str]()
    is_begun, rest_is_done = threading.Event(), threading.Event()

    def first() -> None:
        is_begun.set()
        rest_is_done.wait()

    def rest(name: str) -> None:
        by[name] = threading.current_thread().name
        if len(by) == 2:
            rest_is_done.set()

    with closing(Threads(2)) as threads:
        begun = [
            threads.begin(search) for search in (first, partial(rest, "b"), partial(rest, "c"))
        ]
        is_begun.wait()
        for each in begun:
            each()
    assert by == dict.fromkeys(("b", "c"), threading.current_thread().name)


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("error", [ValueError, TimeoutError])
def test_a_fault_in_a_search_comes_out_where_its_result_is_asked_for(
    error: type[Exception], workers: int
) -> None:
    def wrong(number: int) -> None:
        raise error(f"wrong {number}")

    with closing(Threads(workers)) as threads:
        for number, found in enumerate([threads.begin(partial(wrong, k)) for k in range(3)]):
            with pytest.raises(error, match=f"wrong {number}"):
                found()


def test_interrupted_nothing_is_searched_any_more() -> None:
    begun = threading.Event()
    after = list[str]()

    def endless() -> None:
        pricer = a_pricer()
        threads.stop.watch(pricer)
        begun.set()
        while not pricer.is_stopped():
            time.sleep(0.01)
        pricer.close()

    with pytest.raises(KeyboardInterrupt), closing(Threads(2)) as threads:  # noqa: PT012 - what Ctrl-C interrupts
        threads.begin(endless)
        threads.begin(lambda: after.append("begun"))
        begun.wait()
        raise KeyboardInterrupt
    assert not after


def test_a_search_ends_that_has_hardly_begun() -> None:
    stop = StopSignal()
    stop.give()
    instance = build_instance(problem_of(sample(40, 1), Configuration()))
    effort = replace(Effort.starting_now(Search(time_limit=3600)), stop=stop)
    assert not search(instance, effort, silent).proven


def test_a_search_that_begins_after_the_signal_ends_too() -> None:
    before, late = a_pricer(), a_pricer()
    stop = StopSignal()
    stop.watch(before)
    assert not before.is_stopped()
    stop.give()
    stop.watch(late)
    assert before.is_stopped()
    assert late.is_stopped()
    before.close()
    late.close()
