"""What commands about plans are given beside a plan."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pcn_group.config import Configuration, load_configuration

__all__ = ["CURRENT", "Given"]

CURRENT = "current"
"""The word for the networks of today."""


@dataclass(frozen=True)
class Given:
    """What a command was given beside a plan.

    Attributes
    ----------
    inputs
        Files of practices; without any, the plan's own columns.
    region, by
        Which of the practices, as for `read_practices`.
    config, overrides
        Rules, as for `load_configuration`; without any, those the plan was made under.
    """

    inputs: tuple[Path, ...] = ()
    region: str | None = None
    by: str = "region_code"
    config: Path | None = None
    overrides: tuple[str, ...] = ()

    @property
    def rules(self) -> Configuration | None:
        """The rules given."""
        if self.config is None and not self.overrides:
            return None
        return load_configuration(self.config, self.overrides)
