"""Who moves: what a plan leaves of the networks of today.

A network of a plan continues one network of today at most, and no two continue the same one: they
are matched one to one so that the fewest move, as `compare` does. Who is not in the network that
continues his own moves. A practice that has no network today, or may change it freely, never moves.
So where a network of today is divided the smaller part moves, and where two are joined, too.

The same is counted in practices: then the matching is the one by which the fewest practices move.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from pcn_group.config import Configuration
from pcn_group.errors import Fault, InputError
from pcn_group.plan.check import Finding
from pcn_group.practices.rows import plural
from pcn_group.rules import RegionRules

__all__ = [
    "NOWHERE",
    "Today",
    "check_moves",
    "continued",
    "moved",
    "patients_today",
    "practices_today",
    "refuse_limits",
    "without_limits",
]

Int = NDArray[np.int64]

NOWHERE = -1
"""The network of a practice that has none today, and of a network that continues none."""


@dataclass(frozen=True)
class Today:
    """The networks of today, and what counts when a practice leaves one.

    Attributes
    ----------
    labels
        int64 (n,): the network of each practice, from 0, or `NOWHERE`.
    amounts
        int64 (n,): the patients of each practice, or how many practices it stands for.
    count
        How many networks there are today.
    """

    labels: Int
    amounts: Int
    count: int

    def totals(self) -> Int:
        """Give what each network of today has: int64 (count,)."""
        return self.shares(range(len(self.labels)))

    def shares(self, members: Iterable[int]) -> Int:
        """Give what a set of practices has of each network of today: int64 (count,)."""
        inside = np.fromiter(members, dtype=np.int64)
        inside = inside[self.labels[inside] != NOWHERE]
        shares = np.zeros(self.count, dtype=np.int64)
        np.add.at(shares, self.labels[inside], self.amounts[inside])
        return shares

    def moved(self, members: Iterable[int], label: int) -> int:
        """Give what of a network moves if it continues a network of today, or none."""
        shares = self.shares(members)
        return int(shares.sum()) - (0 if label == NOWHERE else int(shares[label]))

    def moved_in_all(self, networks: Sequence[Sequence[int]]) -> int:
        """Give what of a plan moves."""
        shares = np.array([self.shares(members) for members in networks], dtype=np.int64)
        shares = shares.reshape(len(networks), self.count)
        stays = sum(shares[k, label] for k, label in enumerate(continued(shares)) if label >= 0)
        return int(shares.sum() - stays)

    def of(self, practices: Int) -> Today:
        """Give the same for some practices only, renumbered in this order."""
        return Today(self.labels[practices], self.amounts[practices], self.count)


def continued(shares: Int) -> list[int]:
    """Give which network of today each network continues, or `NOWHERE`, so that the fewest move.

    Parameters
    ----------
    shares
        int64 (networks, networks of today): what each has of each.
    """
    labels = [NOWHERE] * len(shares)
    for network, label in zip(*linear_sum_assignment(shares, maximize=True), strict=True):
        if shares[network, label] > 0:
            labels[network] = int(label)
    return labels


def patients_today(units: pd.DataFrame, rules: RegionRules) -> Today:
    """Count moves in patients; `units` is the table of the problem's practices, in its order."""
    return _today(units, rules, units["list_size"].to_numpy(dtype=np.int64))


def practices_today(units: pd.DataFrame, rules: RegionRules) -> Today:
    """Count moves in practices, those that are attached to others included."""
    return _today(units, rules, units["practices"].to_numpy(dtype=np.int64))


def _today(units: pd.DataFrame, rules: RegionRules, amounts: Int) -> Today:
    current = units["current_network"].to_numpy(dtype=object).copy()
    current[list(rules.free)] = ""
    number = {name: k for k, name in enumerate(sorted(set(current) - {""}))}
    labels = np.array([number.get(name, NOWHERE) for name in current], dtype=np.int64)
    return Today(labels, amounts, len(number))


def without_limits(configuration: Configuration) -> Configuration:
    """Give the same without limits on what moves."""
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


def moved(
    units: pd.DataFrame, configuration: Configuration, networks: Sequence[Sequence[int]]
) -> tuple[int | None, int | None]:
    """Give how many patients and how many practices move, each counted for itself.

    None where no practice has a network today that it could leave.

    Parameters
    ----------
    units
        The table of the problem's practices, in its order.
    networks
        The practice indices of each network.
    """
    rules = RegionRules.of(configuration.rules, units["practice_code"].tolist())
    patients, practices = patients_today(units, rules), practices_today(units, rules)
    if patients.count == 0:
        return None, None
    return patients.moved_in_all(networks), practices.moved_in_all(networks)


def check_moves(
    units: pd.DataFrame, configuration: Configuration, networks: Sequence[Sequence[int]]
) -> list[Finding]:
    """Judge a plan by the limits on what moves; parameters are those of `moved`."""
    limits, findings = configuration.limits, []
    patients, practices = moved(units, configuration, networks)
    for what, amount, most in (
        ("patient", patients or 0, limits.max_moved_patients),
        ("practice", practices or 0, limits.max_moved_practices),
    ):
        if most is not None:
            message = f"moves {plural(amount, what)}, and may move {most:,}"
            message += f" (limits.max_moved_{what}s)"
            findings.append(Finding("moves", "the plan", message, is_broken=amount > most))
    return findings
