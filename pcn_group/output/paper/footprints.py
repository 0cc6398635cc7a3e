"""What a paper on footprints says of the networks in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pcn_group.base.wording import plural
from pcn_group.output.paper.blocks import Block, Heading, Table, Words, figure
from pcn_group.output.paper.chapter import Chapter

__all__ = ["footprints_section", "kept_whole"]


def kept_whole(chapter: Chapter) -> str:
    """Say how many networks stay whole, each in one footprint."""
    parts = chapter.facts.parts_of_today
    split = sum(count > 1 for count in parts.values())
    if not split:
        return f"Each of the {plural(len(parts), 'network')} stays whole, in one footprint."
    are = "is" if split == 1 else "are"
    return f"{split:,} of the {plural(len(parts), 'network')} {are} split among footprints."


def footprints_section(chapter: Chapter) -> Iterator[Block]:
    """Say which networks each footprint groups; nothing of a plan that is none of footprints."""
    facts = chapter.facts
    if not facts.are_footprints:
        return
    yield Heading("What each footprint groups")
    yield Words(f"{kept_whole(chapter)} No practice leaves its network for a footprint.")
    practices, patients = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for row in facts.placed:
        key = row.network_id, row.current_network
        practices[key] += 1
        patients[key] += row.list_size
    order = {row.network_id: k for k, row in enumerate(facts.networks)}
    yield Table(
        "Networks by footprint",
        ("Footprint", "Network", "#Practices", "#Patients"),
        [
            (
                chapter.told(footprint),
                chapter.told_today(network) or "practices in no network",
                figure(practices[footprint, network]),
                figure(patients[footprint, network]),
            )
            for footprint, network in sorted(practices, key=lambda key: (order[key[0]], key[1]))
        ],
    )
