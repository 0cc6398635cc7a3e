"""Run as `python -m pcn_group`."""

from pcn_group.cli import main

main()
