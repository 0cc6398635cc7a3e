"""Whose work the figures on the screen rest on."""

from __future__ import annotations

import click

from pcn_group.config.model import Configuration

__all__ = ["show_attribution"]


def show_attribution(configuration: Configuration) -> None:
    """Print whose the roads are, where minutes on roads have been shown."""
    from pcn_group.geography.roads.storage import attribution

    if told := attribution(configuration):
        click.echo(told)
