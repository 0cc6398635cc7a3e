"""Names for invented places and practices, built so that none is likely to exist."""

from __future__ import annotations

from collections import Counter

import numpy as np

__all__ = ["place_names", "practice_names"]

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


def place_names(rng: np.random.Generator, count: int) -> list[str]:
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
