"""Why a plan is as it is, what a change would cost, and why there may be none: all by solving."""
