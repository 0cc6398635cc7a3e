"""Three practices and where their patients live, with figures of both."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from pcn_group.base.errors import InputError
from pcn_group.config.model import Configuration
from pcn_group.practices import Practices, read_practices
from tests.region.mapped import LISTS, LIVING

LISTED, HOMES = "practices.csv", "gp-reg-pat-prac-lsoa-all.csv"

BY_NEED = """LSOA code (2021),Index of Multiple Deprivation (IMD) Score,Rural
E01000001,10.5,1
E01000002,20,0
E01000003,30.25,0
E01000004,,0
"""
"""Nothing is known of the last area, where 2,000 of Eastfield's 3,000 patients live."""

SCORE = "Index of Multiple Deprivation (IMD) Score"

Told = dict[str, tuple[float, int]]


def figured(folder: Path, files: Mapping[str, str], *figures: Mapping[str, object]) -> Practices:
    """Read the practices with some files beside their lists."""
    paths = []
    for name, text in {LISTED: LISTS, **files}.items():
        paths.append(folder / name)
        paths[-1].write_text(text, encoding="utf-8")
    rules = Configuration.model_validate({"profile": {"figures": list(figures)}})
    return read_practices(paths, rules=rules)


def told(practices: Practices) -> Told:
    """Return what each practice adds to the only figure, and for how many patients."""
    rows = practices.figures.rows
    amounts = (number / 1_000_000 for number in rows["millionths"])
    return dict(
        zip(rows["practice_code"], zip(amounts, rows["patients"], strict=True), strict=True)
    )


def faults(folder: Path, files: Mapping[str, str], *figures: Mapping[str, object]) -> list[str]:
    with pytest.raises(InputError) as caught:
        figured(folder, files, *figures)
    return [str(fault) for fault in caught.value.faults]


__all__ = [
    "BY_NEED",
    "HOMES",
    "LISTED",
    "LISTS",
    "LIVING",
    "SCORE",
    "Told",
    "faults",
    "figured",
    "told",
]
