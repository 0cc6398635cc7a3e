"""How well networks fit neighbourhoods before and after, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pcn_group.output.data.summary import timed_summary
from pcn_group.plan.fit import Fit

if TYPE_CHECKING:
    from pcn_group.studies.align import Aligned

__all__ = ["aligned_json", "fit_json"]


def aligned_json(aligned: Aligned) -> dict[str, Any]:
    """Return the plan as its summary has it, the fit before and after, and what is proven of it."""
    return {
        **timed_summary(aligned.plan),
        "before": fit_json(aligned.before, aligned.today),
        "after": fit_json(aligned.after, [n.network_id for n in aligned.plan.networks]),
    }


def fit_json(fit: Fit, labels: Sequence[str]) -> dict[str, Any]:
    """Return a fit with that of each network, in the order of these names of them."""
    codes = fit.neighbourhoods.codes
    return {
        **fit.plain,
        "networks": [
            {
                "network_id": label,
                "serves": None if own.serves is None else codes[own.serves],
                "aligned": own.aligned,
                "misaligned": own.misaligned,
                "in_none": own.in_none,
            }
            for label, own in zip(labels, fit.networks, strict=True)
        ],
    }
