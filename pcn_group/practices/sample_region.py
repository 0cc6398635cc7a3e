"""Synthetic regions, made to resemble English ones in what makes grouping hard.

List sizes are spread like England's (half of them under 8,000, the mean about 9,100, one practice
tiny), most practices are in a few towns, some share a building, a coast with an inlet keeps
practices apart that look close, and the networks of today are only roughly contiguous and in the
band as often as the real ones were in January 2020: 58 %, with 35 % above and 7 % below
(Morciano et al., British Journal of General Practice 2020;70:e899).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pcn_group.practices.table import OPTIONAL_COLUMNS, REQUIRED_COLUMNS

__all__ = ["Labels", "Land", "Points", "make_land", "make_sample", "practice_names"]

Points = NDArray[np.float64]
Labels = NDArray[np.int64]

_CENTRE = np.array([595_000.0, 715_000.0])
"""In the middle of the North Sea, so that nobody takes the region for a real one."""

_KM2_PER_PRACTICE = 20
_WIDEST = 190_000.0


@dataclass(frozen=True)
class Land:
    """A square of land with a wavy coast in the east and an inlet.

    Points on it are in metres from its south-west corner.

    Attributes
    ----------
    side
        Of the square, in metres.
    waves
        Amplitude (as a share of the side), wave number and phase of each wave of the coast.
    inlet
        Northing of the inlet's axis and easting of its head, as shares of the side.
    """

    side: float
    waves: Points
    inlet: tuple[float, float]

    opening = 0.16
    """How fast the inlet widens: half its width for each step from its head."""

    def coast(self, north: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the easting of the coast at northings, both as shares of the side."""
        amplitude, number, phase = self.waves.T
        waves: NDArray[np.float64] = (amplitude * np.sin(number * north[:, None] + phase)).sum(1)
        return 0.82 + waves

    def holds(self, points: Points) -> NDArray[np.bool_]:
        """Tell which points are on land."""
        x, y = points.T / self.side
        axis, head = self.inlet
        afloat = np.abs(y - axis) < self.opening * (x - head)
        inside = ((points > 0) & (points < self.side)).all(axis=1)
        on_land: NDArray[np.bool_] = inside & (x < self.coast(y)) & ~afloat
        return on_land

    def draw(self, rng: np.random.Generator, count: int) -> Points:
        """Draw points evenly over the land."""
        points = np.full((count, 2), -1.0)
        while not (dry := self.holds(points)).all():
            points[~dry] = rng.uniform(0, self.side, size=(int((~dry).sum()), 2))
        return points

    def to_grid(self, points: Points) -> Points:
        """Return eastings and northings, in whole metres."""
        metres: Points = np.rint(points + _CENTRE - self.side / 2)
        return metres

    def from_grid(self, metres: Points) -> Points:
        """Return the points of eastings and northings."""
        return metres - (_CENTRE - self.side / 2)


def make_land(rng: np.random.Generator, practices: int) -> Land:
    """Make the land of a region with so many practices.

    Parameters
    ----------
    rng
        A region's land is the first that it draws.
    practices
        The land grows with them.
    """
    side = min(1000.0 * float(np.sqrt(_KM2_PER_PRACTICE * practices)), _WIDEST)
    waves = np.column_stack(
        [
            rng.uniform([0.03, 0.02, 0.01], [0.06, 0.04, 0.02]),
            rng.uniform([4, 11, 23], [8, 17, 31]),
            rng.uniform(0, 6.28, size=3),
        ]
    )
    return Land(side, waves, (float(rng.uniform(0.35, 0.65)), float(rng.uniform(0.25, 0.4))))


_STEMS = [
    "Arnel",
    "Belver",
    "Corrin",
    "Dunvar",
    "Eldrin",
    "Fenmar",
    "Garrow",
    "Halver",
    "Istrel",
    "Jarrim",
    "Kelvan",
    "Lorrim",
    "Merrow",
    "Norvel",
    "Ostrin",
    "Pellan",
    "Quarrin",
    "Rosvel",
    "Sarnel",
    "Tarvin",
    "Ulver",
    "Vennel",
    "Wistrel",
    "Yarrow",
]
_ENDINGS = [
    "bridge",
    "combe",
    "dale",
    "den",
    "ford",
    "ham",
    "holme",
    "ley",
    "mere",
    "mouth",
    "port",
    "stead",
    "stow",
    "thorpe",
    "wick",
    "worth",
]
_PREFIXES = ["Great", "Little", "Upper", "Nether", "Old", "New", "North", "South", "East", "West"]
_QUARTERS = [
    "Abbey",
    "Bridge",
    "Castle",
    "Church",
    "Cross",
    "Harbour",
    "Hill",
    "Market",
    "Meadow",
    "Mill",
    "Park",
    "Priory",
    "Quay",
    "Station",
]
_KINDS = ["Surgery", "Medical Centre", "Health Centre", "Medical Practice", "Family Practice"]


def _place_names(rng: np.random.Generator, count: int) -> list[str]:
    """Return names of places, different ones up to some 4,000: the first without a prefix."""
    plain = [stem + ending for stem in _STEMS for ending in _ENDINGS]
    names = [plain[i] for i in rng.permutation(len(plain))]
    prefixed = [f"{prefix} {name}" for prefix in _PREFIXES for name in names]
    every = names + prefixed
    return [every[i % len(every)] for i in range(count)]


def practice_names(rng: np.random.Generator, places: list[str]) -> list[str]:
    """Return a name for each practice by the place it is in, all different outside cities."""
    size = Counter(places)
    pairs = [f"{quarter} {kind}" for quarter in _QUARTERS for kind in _KINDS]
    order = {place: rng.permutation(len(pairs)) for place in size if size[place] > 1}
    seen: Counter[str] = Counter()
    names = []
    for place in places:
        name = _KINDS[rng.integers(len(_KINDS))]
        if place in order:
            name = pairs[order[place][seen[place] % len(pairs)]]
            seen[place] += 1
        names.append(f"{place} {name}")
    return names


_DAY = "2019-01-01"
"""Of the lists: networks of the first year were paid by those of this day."""

_PRACTICES_PER_TOWN = 11
_SHARE_IN_TOWNS = 0.7
_SHARE_IN_SHARED_BUILDINGS = 0.08
_PRACTICES_PER_AUTHORITY = 20
_MEDIAN_LIST = 8_000
_LIST_SPREAD = 0.6
_LISTS = (1_800, 28_000)
_TINY_LIST = (20, 100)
_TODAY = ((18_000, 27_000), (33_000, 46_000), (54_000, 75_000))
_TODAY_SHARES = (0.02, 0.64, 0.34)  # some drawn inside the band end up below it
_LEFT_OVER = 25_000


def make_sample(practices: int, seed: int) -> pd.DataFrame:
    """Make a synthetic region.

    Parameters
    ----------
    practices
        How many practices, 1 to 10,000; the region grows with them.
    seed
        The same seed gives the same region; another one another.

    Returns
    -------
    pandas.DataFrame
        In the layout of `Practices.table`: codes `XX00001` (two letters and five digits, which no
        real practice code has), region `XXA`, whole metres.
    """
    rng = np.random.default_rng([seed, practices])
    land = make_land(rng, practices)
    towns = land.draw(rng, max(1, round(practices / _PRACTICES_PER_TOWN)))
    place = _places(rng, len(towns), practices)
    points = _practice_points(rng, land, towns, place)
    lists = _list_sizes(rng, practices)
    network = _networks(rng, points, lists)
    names = np.array(_place_names(rng, int(place.max()) + 1))
    metres = land.to_grid(points)
    table = pd.DataFrame(
        {
            "practice_code": [f"XX{i:05}" for i in range(1, practices + 1)],
            "practice_name": practice_names(rng, names[place].tolist()),
            "list_size": lists,
            "easting": metres[:, 0],
            "northing": metres[:, 1],
            "region_code": "XXA",
            "local_authority": _authorities(points, towns, names),
            "current_network": [f"XN{i + 1:04}" if i >= 0 else "" for i in network],
            "current_network_name": _network_names(network, names[place]),
            "list_date": _DAY,
            **dict.fromkeys(("weighted_list_size", "adjusted_list_size", "care_home_beds"), np.nan),
        }
    )
    return table.reindex(columns=[*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS], fill_value="")


def _places(rng: np.random.Generator, towns: int, practices: int) -> Labels:
    """Return each practice a place: the towns, of very different sizes, then a village each."""
    in_towns = round(_SHARE_IN_TOWNS * practices)
    attraction = 1 / np.arange(1, towns + 1) ** 0.8
    chosen = rng.choice(towns, size=in_towns, p=attraction / attraction.sum())
    villages = np.arange(towns, towns + practices - in_towns)
    return np.concatenate([np.sort(chosen), villages]).astype(np.int64)


def _practice_points(rng: np.random.Generator, land: Land, towns: Points, place: Labels) -> Points:
    """Scatter the practices of a town around its centre, and let some share a building."""
    count = len(place)
    in_town = place < len(towns)
    points = np.where(in_town[:, None], -1.0, land.draw(rng, count))
    centres = towns[np.where(in_town, place, 0)]
    spread = 600.0 * np.sqrt(np.bincount(place)[place])[:, None]
    while not (dry := land.holds(points)).all():
        points[~dry] = (centres + spread * rng.normal(size=(count, 2)))[~dry]
    moving = rng.random(count) < _SHARE_IN_SHARED_BUILDINGS
    for i in np.flatnonzero(moving & in_town):
        staying = np.flatnonzero((place == place[i]) & ~moving)
        if len(staying):
            points[i] = points[rng.choice(staying)]
    return points


def _list_sizes(rng: np.random.Generator, practices: int) -> Labels:
    """Draw log-normal list sizes, but none very small or large save one that is tiny."""
    lists = np.zeros(practices, dtype=np.int64)
    while (odd := (lists < _LISTS[0]) | (lists > _LISTS[1])).any():
        drawn = _MEDIAN_LIST * np.exp(_LIST_SPREAD * rng.normal(size=practices))
        lists[odd] = np.rint(drawn[odd])
    if practices > 2:
        lists[rng.integers(practices)] = rng.integers(*_TINY_LIST)
    return lists


def _networks(rng: np.random.Generator, points: Points, lists: Labels) -> Labels:
    """Draw the networks of today: grown from the edge of the region inwards, then disturbed.

    Each takes the practice nearest to its middle until it has about the patients drawn for it;
    then some practices belong to a neighbouring network, and some to none (-1).
    """
    network = np.full(len(points), -1, dtype=np.int64)
    number = 0
    while (free := np.flatnonzero(network < 0)).size:
        start = free[_distances(points[free], points.mean(axis=0)).argmax()]
        network[_grown(points, lists, free, start, _target(rng))] = number
        number += 1
    last = network == number - 1
    moving = rng.random(len(points)) < 0.03
    for i in np.flatnonzero(moving | (last & (lists[last].sum() < _LEFT_OVER))):
        others = np.flatnonzero((network != network[i]) & ~last)
        if others.size:
            network[i] = network[others[_distances(points[others], points[i]).argmin()]]
    network[rng.random(len(points)) < 0.02] = -1
    return network


def _distances(points: Points, point: Points) -> Points:
    distances: Points = np.hypot(points[:, 0] - point[0], points[:, 1] - point[1])
    return distances


def _target(rng: np.random.Generator) -> float:
    """Draw the patients of a network of today."""
    low, high = _TODAY[rng.choice(len(_TODAY), p=_TODAY_SHARES)]
    return float(rng.uniform(low, high))


def _grown(points: Points, lists: Labels, free: Labels, start: int, target: float) -> list[int]:
    """Grow a network among the free practices, always by the one nearest to its middle."""
    members = [int(start)]
    rest = free[free != start]
    while rest.size:
        middle = points[members].mean(axis=0)
        nearest = int(_distances(points[rest], middle).argmin())
        if lists[members].sum() + lists[rest[nearest]] / 2 > target:
            break
        members.append(int(rest[nearest]))
        rest = np.delete(rest, nearest)
    return members


def _authorities(points: Points, towns: Points, names: NDArray[np.str_]) -> list[str]:
    """Return each practice the authority of the nearest of the largest towns."""
    seats = towns[: max(1, round(len(points) / _PRACTICES_PER_AUTHORITY))]
    return [f"{names[_distances(seats, point).argmin()]} District" for point in points]


def _network_names(network: Labels, places: NDArray[np.str_]) -> list[str]:
    """Name each network after the place most of its practices are in, numbered where names meet."""
    used: Counter[str] = Counter()
    names = {-1: ""}
    for number in np.unique(network[network >= 0]).tolist():
        place = Counter(places[network == number].tolist()).most_common(1)[0][0]
        used[place] += 1
        names[number] = f"{place} PCN" if used[place] == 1 else f"{place} {used[place]} PCN"
    return [names[number] for number in network.tolist()]
