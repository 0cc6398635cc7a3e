"""What came of a search, in words."""

from __future__ import annotations

__all__ = ["STATUSES"]

STATUSES = {
    "optimal": "proven best",
    "within_gap": "within the gap asked for",
    "feasible": "with a plan, not proven best",
    "infeasible": "proven to have no plan",
    "no_plan_in_time": "without a plan in time",
    "failed": "failed",
}
"""By `status`, the best first"""
