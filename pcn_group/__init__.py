"""Group GP practices into primary care networks: contiguous, in the band, least travel, proven.

What the commands do can be done from Python with the names below. Each is imported from its module
when it is first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from pcn_group.base.versions import __version__

if TYPE_CHECKING:
    from pcn_group.base.errors import (
        InfeasibleError,
        InputError,
        NoPlanInTimeError,
        PcnGroupError,
    )
    from pcn_group.config.loading import load_configuration
    from pcn_group.config.model import Configuration
    from pcn_group.output.data.judgement import Judgement, check
    from pcn_group.output.data.plan_files import write_plan
    from pcn_group.pipeline import solve
    from pcn_group.plan.inputs import PlanInputs
    from pcn_group.plan.solved import SolvedPlan
    from pcn_group.practices.reading import read_practices
    from pcn_group.practices.table import Practices

__all__ = [
    "Configuration",
    "InfeasibleError",
    "InputError",
    "Judgement",
    "NoPlanInTimeError",
    "PcnGroupError",
    "PlanInputs",
    "Practices",
    "SolvedPlan",
    "__version__",
    "check",
    "load_configuration",
    "read_practices",
    "solve",
    "write_plan",
]

_MODULES = {
    "base.errors": ("InfeasibleError", "InputError", "NoPlanInTimeError", "PcnGroupError"),
    "config.loading": ("load_configuration",),
    "config.model": ("Configuration",),
    "output.data.judgement": ("Judgement", "check"),
    "pipeline": ("solve",),
    "plan.inputs": ("PlanInputs",),
    "plan.solved": ("SolvedPlan",),
    "output.data.plan_files": ("write_plan",),
    "practices.reading": ("read_practices",),
    "practices.table": ("Practices",),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    """Import a name from its module when it is first used (PEP 562)."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
