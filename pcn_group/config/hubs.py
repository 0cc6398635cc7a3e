"""The section about places other than practices: sites that may be hubs, and branch surgeries."""

from __future__ import annotations

from pathlib import Path

from pydantic import model_validator

from pcn_group.base.unfit import UnfitError
from pcn_group.config.section import Flag, Section

__all__ = ["Hubs"]


class Hubs(Section):
    """Hubs that are no practices, and further places of practices."""

    sites: Path | None = None
    """Places that are no practices and may be hubs, such as health centres: table with site_code,
    site_name, a location as practices have it, and capacity (the most patients of a network whose
    hub it is; empty: any number); null: none."""

    only_sites: Flag = False
    """Whether only sites may be hubs; else practices may be as well."""

    branches: Path | None = None
    """Branch surgeries, for travel from whichever place of a practice is nearest to the hub: table
    with practice_code and a location as practices have it; null: none."""

    @model_validator(mode="after")
    def _only_sites_needs_some(self) -> Hubs:
        if self.only_sites and self.sites is None:
            raise UnfitError("only_sites leaves no hub without sites", "Name a file of sites.")
        return self
