"""Levels above and below networks: footprints of several, and parts of those too large."""
