"""Reading the figures of a profile."""
