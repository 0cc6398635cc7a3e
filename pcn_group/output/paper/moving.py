"""What a paper says of who moves, and why."""

from __future__ import annotations

from collections.abc import Iterator

from pcn_group.base.wording import listed
from pcn_group.output.data.rows import GroupingRow
from pcn_group.output.paper.blocks import Block, Heading, Table, Words, figure, sentence
from pcn_group.output.paper.chapter import Chapter
from pcn_group.plan.moves import Moves

__all__ = ["moving_section"]


def moving_section(chapter: Chapter) -> Iterator[Block]:
    """Name the practices that move, each with the reason; nothing of the networks of today."""
    moves, facts = chapter.moves, chapter.facts
    if moves is None or facts.is_today:
        return
    yield Heading("Who moves, and why")
    yield Words(_continued(chapter, moves))
    if not chapter.moving:
        yield Words("No practice moves.")
        return
    yield Words(
        "A practice moves if it leaves the network that continues its own. Patients stay with "
        "their practice. The reasons below are about the networks of today, judged by the rules of "
        "this plan."
    )
    flows = {(flow.origin, flow.destination): k for k, flow in enumerate(moves.flows)}
    rows = sorted(
        chapter.moving,
        key=lambda row: (
            flows.get((row.current_network, row.network_id), len(flows)),
            row.practice_code,
        ),
    )
    yield Table(
        "Practices that move",
        ("Practice", "#Patients", "Network today", "Proposed network", "Why"),
        [
            (
                f"{row.practice_name} ({row.practice_code})",
                figure(row.list_size),
                chapter.told_today(row.current_network),
                chapter.told(row.network_id),
                _why(chapter, moves, row),
            )
            for row in rows
        ],
    )


def _continued(chapter: Chapter, moves: Moves) -> str:
    """Say which networks are new, and which of today end."""
    told = []
    new = [match.second for match in moves.matches if match.first is None and match.second]
    ended = [match.first for match in moves.matches if match.second is None and match.first]
    if not new and not ended:
        return "Every network of today goes on, and none is new."
    if new:
        are = "is new" if len(new) == 1 else "are new"
        told.append(f"{listed(map(chapter.told, new))} {are}.")
    if ended:
        end = "ends" if len(ended) == 1 else "end"
        told.append(f"Of today's networks, {listed(map(chapter.told_today, ended))} {end}.")
    return " ".join([*told, "All others go on under their code."])


def _why(chapter: Chapter, moves: Moves, row: GroupingRow) -> str:
    """Say why a practice moves, as far as the networks of today show it."""
    before = row.current_network
    if amiss := chapter.amiss_today.get(before):
        return sentence(f"its network today {' and '.join(amiss)}")
    if all(match.second is None for match in moves.matches if match.first == before):
        return "Its network ends."
    after = moves.continues.get(row.network_id)
    if after is None:
        return "It helps to form a new network."
    if amiss := chapter.amiss_today.get(after):
        return f"It joins a network that today {' and '.join(amiss)}."
    return "Both networks keep the rules today: it moves for those around them, or for less travel."
