"""One scorer for all: pcn-group's independent check, which knows nothing of how a plan was made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pcn_group.region.problem import Problem
from pcn_group.verify.rules import check_plan

__all__ = ["Score", "score"]


@dataclass(frozen=True)
class Score:
    """What a plan is worth.

    Attributes
    ----------
    cost
        In patient-metres, each network at its best hub.
    networks, in_band
        How many there are, and how many hold to the band; a practice larger than the band stands
        alone by rule, and is in neither.
    outside
        Patients by which networks miss the band.
    in_pieces
        Networks that are not contiguous.
    nowhere
        Practices in no network, or in several.
    holds
        Whether no rule is broken.
    """

    cost: int
    networks: int
    in_band: int
    outside: int
    in_pieces: int
    nowhere: int
    holds: bool


def score(problem: Problem, networks: Sequence[Sequence[int]]) -> Score:
    """Judge a plan."""
    report = check_plan(problem, networks)
    size, oversize = problem.size, set(problem.oversize)
    judged = [n for n in report.networks if not (len(n.members) == 1 and n.members[0] in oversize)]
    covered = [i for members in networks for i in members]
    return Score(
        cost=sum(network.cost or 0 for network in report.networks),
        networks=len(judged),
        in_band=sum(network.in_band for network in judged),
        outside=sum(max(0, size.band_min - n.patients, n.patients - size.band_max) for n in judged),
        in_pieces=sum(finding.rule == "contiguity" for finding in report.findings),
        nowhere=sum(covered.count(i) != 1 for i in range(len(problem.codes))),
        holds=report.holds,
    )
