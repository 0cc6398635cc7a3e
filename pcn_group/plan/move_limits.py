"""Limits on what moves from the networks of today.

A network of a plan continues one network of today at most, and no two continue the same one: they
are matched one to one so that the fewest move, as `compare` does. A practice moves if it leaves the
network matched to its current one; one that has no network today, or may change it freely, never
moves. So where a network of today is divided the smaller part moves, and where two are joined, too.

The same is counted in practices: then the matching is the one by which the fewest practices move.
"""

from __future__ import annotations

from collections.abc import Sequence

from pcn_group.base.errors import Fault, InputError
from pcn_group.base.wording import plural
from pcn_group.config.model import Configuration
from pcn_group.region.region import Region
from pcn_group.verify.rules import Finding

__all__ = ["check_moves", "refuse_limits", "without_limits"]


def without_limits(configuration: Configuration) -> Configuration:
    """Return the same without limits on what moves."""
    limits = {"max_moved_patients": None, "max_moved_practices": None}
    return configuration.model_copy(
        update={"limits": configuration.limits.model_copy(update=limits)}
    )


def refuse_limits(configuration: Configuration) -> None:
    """Stop where there is a limit on what moves, for questions that only the usual search answers.

    Raises
    ------
    InputError
        Naming the limit.
    """
    remedy = "Give rules without it: with --config, or with --set, which starts from the defaults."
    faults = [
        Fault(f"limits.{key}", "is not a rule that this command can keep", remedy)
        for key in ("max_moved_patients", "max_moved_practices")
        if getattr(configuration.limits, key) is not None
    ]
    if faults:
        raise InputError(faults)


def check_moves(region: Region, networks: Sequence[Sequence[int]]) -> list[Finding]:
    """Judge a plan by the limits on what moves; parameters are those of `Region.moved`."""
    limits, findings = region.configuration.limits, []
    patients, practices = region.moved(networks)
    for what, amount, most in (
        ("patient", patients or 0, limits.max_moved_patients),
        ("practice", practices or 0, limits.max_moved_practices),
    ):
        if most is not None:
            message = f"moves {plural(amount, what)}, and may move {most:,}"
            message += f" (limits.max_moved_{what}s)"
            findings.append(Finding("moves", "the plan", message, is_broken=amount > most))
    return findings
