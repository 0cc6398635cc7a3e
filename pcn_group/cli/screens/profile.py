"""What the terminal says of the figures of a plan's networks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pcn_group.base.lookup import told
from pcn_group.output.data.profile_tables import exact, rooted
from pcn_group.plan.profile import FigureProfile, figure_words, profile_of
from pcn_group.region.region import Region

__all__ = ["profile_lines"]


def profile_lines(
    region: Region, networks: Mapping[str, Sequence[int]], names: Mapping[str, str]
) -> Iterator[str]:
    """Say of each figure what the region has, and how far networks are apart.

    Parameters
    ----------
    networks
        The positions of the members of each network, by its code.
    names
        The name of each network.
    """
    for profile in profile_of(region.figures, [*networks.values()]):
        yield _line(profile, [told(label, names) for label in networks])


def _line(profile: FigureProfile, networks: Sequence[str]) -> str:
    adds, values = profile.figure.adds, [own.value for own in profile.networks]
    title = profile.figure.title
    if not profile.values:
        return f"{title}: not known of any network."
    ends = [
        f"{figure_words(adds, exact(end))} in {networks[values.index(end)]}"
        for end in (profile.values[0], profile.values[-1])
    ]
    region = figure_words(adds, exact(profile.region))
    apart = figure_words(adds, rooted(profile.between))
    ratio = "" if profile.ratio is None else f", P90/P10 {float(profile.ratio):.2f}"
    return f"{title}: {region} in the region; from {' to '.join(ends)}; {apart} apart{ratio}."
