"""What commands about plans are given beside a plan."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pcn_group.base.errors import Fault, InputError
from pcn_group.config.loading import load_configuration
from pcn_group.config.model import Configuration
from pcn_group.config.uses import refuse_unused

__all__ = ["CURRENT", "PlanInputs"]

CURRENT = "current"
"""The word for the networks of today."""


@dataclass(frozen=True)
class PlanInputs:
    """What a command was given beside a plan.

    Attributes
    ----------
    files
        Files of practices; without any, the plan's own columns.
    region, by
        Which of the practices, as for `read_practices`.
    config, overrides
        Rules, as for `load_configuration`; without any, those the plan was made under.
    command
        Which is to use them all; empty for one that does anyway.
    """

    files: tuple[Path, ...] = ()
    region: str | None = None
    by: str = "region_code"
    config: Path | None = None
    overrides: tuple[str, ...] = ()
    command: str = ""

    @property
    def changes_rules(self) -> bool:
        """Whether there are rules in place of those the plan was made under."""
        return self.config is not None or bool(self.overrides)

    @property
    def rules(self) -> Configuration | None:
        """The rules given.

        Raises
        ------
        InputError
            As `load_configuration`, and where the command does not use one of them.
        """
        if not self.changes_rules:
            return None
        rules = load_configuration(self.config, self.overrides)
        if self.command:
            refuse_unused(self.command, rules, self.overrides)
        return rules

    @property
    def files_of_today(self) -> tuple[Path, ...]:
        """The files that say what the networks of today are.

        Raises
        ------
        InputError
            Without any.
        """
        if not self.files:
            problem, remedy = "means the networks of today", "Say whose with --practices."
            raise InputError([Fault(CURRENT, problem, remedy)])
        return self.files
