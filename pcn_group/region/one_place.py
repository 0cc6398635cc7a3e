"""Practices at one place: which they are, and keeping them in one network."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from pcn_group.base.wording import named
from pcn_group.config.model import Configuration, PriceAbove
from pcn_group.geography.shapes import sites_of
from pcn_group.practices.table import has_places

__all__ = ["at_one_place", "with_places_together"]


def at_one_place(table: pd.DataFrame) -> Iterator[tuple[int, ...]]:
    """Return the rows of each place, to the metre, that has several practices.

    Parameters
    ----------
    table
        With `easting` and `northing` in metres (EPSG:27700), if they are known.
    """
    if not has_places(table):
        return
    sites, site_of = sites_of(table[["easting", "northing"]].to_numpy(dtype=np.float64))
    order = np.argsort(site_of, kind="stable")
    starts = np.searchsorted(site_of[order], np.arange(1, len(sites)))
    for there in np.split(order, starts):
        if len(there) > 1:
            yield tuple(there.tolist())


def with_places_together(
    configuration: Configuration, units: pd.DataFrame
) -> tuple[Configuration, tuple[str, ...]]:
    """Return rules that keep practices at one place together, and notes on those they cannot.

    They are rules like any that a user has written down: a second time nothing is added.

    Parameters
    ----------
    configuration
        The rules; its `data.shared` says whether it is to be so.
    units
        The practices that are attached to no other, with `list_size`.
    """
    if configuration.data.shared == "keep":
        return configuration, ()
    band, most = configuration.band, configuration.limits.max_practices or len(units)
    ceiling = band.above.ceiling if isinstance(band.above, PriceAbove) else band.max
    codes, patients = units["practice_code"].tolist(), units["list_size"].to_numpy()
    together, notes = list(configuration.rules.together), []
    for place in at_one_place(units):
        group = tuple(codes[i] for i in place)
        if (count := int(patients[[*place]].sum())) > ceiling or len(place) > most:
            notes.append(
                f"data.shared: {named(group)} are at one place and too many for one network "
                f"({count:,} patients): not kept together."
            )
        elif group not in together:
            together.append(group)
    rules = configuration.rules.model_copy(update={"together": tuple(together)})
    return configuration.model_copy(update={"rules": rules}), tuple(notes)
