"""Rules that name practices which have closed: they are about those that took over."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from pcn_group.base.errors import InputError
from pcn_group.config.model import Configuration
from pcn_group.config.rules import conflicts_of_codes
from pcn_group.config.successors import successor_of

__all__ = ["with_successors"]

_OF_ONE = ("hubs", "free")
_OF_GROUPS = {"together": 2, "apart": 2, "fixed": 1}


def with_successors(configuration: Configuration, known: Collection[str]) -> Configuration:
    """Return the rules with the successor (`data.successors`) of each practice that has closed.

    What was about two practices that are one now has no effect any more. A practice that was to be
    left out has gone by itself: its successor is not left out.

    Parameters
    ----------
    known
        The codes of all practices of the input.

    Raises
    ------
    InputError
        Where the rules that come of it conflict.
    """
    successors = configuration.data.given_successors
    if not successors:
        return configuration

    def open_ones(codes: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(successor_of(code, successors, known) for code in codes))

    def groups(written: Iterable[Sequence[str]], least: int) -> tuple[tuple[str, ...], ...]:
        return tuple(now for now in map(open_ones, written) if len(now) >= least)

    rules, adjacency = configuration.rules, configuration.adjacency
    now: dict[str, object] = {key: open_ones(getattr(rules, key)) for key in _OF_ONE}
    now |= {key: groups(getattr(rules, key), least) for key, least in _OF_GROUPS.items()}
    now["exclude"] = tuple(code for code in rules.exclude if code not in {*successors} - {*known})
    prefer = (
        each.model_copy(update={"practices": open_ones(each.practices)}) for each in rules.prefer
    )
    now["prefer"] = tuple(each for each in prefer if len(each.practices) > 1)
    if rules.given_names:
        # The name of a practice that is open comes before that of one it took over from.
        names = sorted(rules.given_names.items(), key=lambda pair: pair[0] in known)
        now["names"] = {successor_of(code, successors, known): name for code, name in names}
    changed = rules.model_copy(update=now)
    if faults := conflicts_of_codes(changed):
        raise InputError(faults)
    edges = {key: groups(getattr(adjacency, key), 2) for key in ("add", "remove")}
    return configuration.model_copy(
        update={"rules": changed, "adjacency": adjacency.model_copy(update=edges)}
    )
