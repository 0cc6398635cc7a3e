"""`pcn-group config`: what each key of the configuration means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pcn_group.config.keys import Key, KeySection

__all__ = ["command"]


@click.command("config")
@click.argument("key", metavar="[KEY]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, and nothing else.")
def command(key: str | None, *, as_json: bool) -> None:
    """Explain a key of the configuration, or list all of them.

    KEY is one such as band.max, or a section such as band; without it, all are listed. A file given
    with --config and the option --set take these keys.
    """
    from dataclasses import asdict, replace
    from json import dumps

    from pcn_group.config.keys import key_sections

    sections = key_sections()
    chosen = sections if key is None else _asked(sections, key)
    if as_json:
        click.echo(dumps({each.name: asdict(each) for part in chosen for each in part.keys}))
    elif len(chosen) == 1 and key == chosen[0].keys[0].name:
        own, *below = chosen[0].keys
        _explain(own)
        if below:
            click.echo()
            _list([replace(chosen[0], keys=tuple(below))])
    else:
        _list(chosen)
        click.echo("\nOne of them, with the values it takes: pcn-group config band.max")


def _asked(sections: tuple[KeySection, ...], key: str) -> tuple[KeySection, ...]:
    """Return a section, or one key of one with those below it; InputError where there is none."""
    from dataclasses import replace

    from pcn_group.base.errors import Fault, InputError
    from pcn_group.base.wording import nearest_key

    for section in sections:
        if key == section.name:
            return (section,)
        own = tuple(each for each in section.keys if f"{each.name}.".startswith(f"{key}."))
        if own:
            return (replace(section, keys=own),)
    near, _ = nearest_key(key, [each.name for section in sections for each in section.keys])
    remedy = "pcn-group config lists all keys."
    if near:
        remedy = f"Did you mean {near}? {remedy}"
    raise InputError([Fault(key, "is no key of the configuration", remedy)])


def _explain(key: Key) -> None:
    from pcn_group.config.uses import USES, use_of

    click.echo(f"{key.name}\n")
    click.echo(click.wrap_text(key.meaning, 78, "  ", "  "))
    click.echo(f"\n  values   {_plain(key.values)}\n  default  {_plain(key.default)}")
    whole = ".".join(key.name.split(".")[:2])  # what is below a price is used where the price is
    refusing = [name for name in USES if use_of(name, whole) == "refused"]
    if refusing:
        click.echo(f"  not for  {', '.join(refusing)}")
    section, _, name = key.name.partition(".")
    click.echo(f"\n  --set {key.name}=VALUE, or in a file for --config:\n")
    for depth, part in enumerate((section, *name.split("."))):
        ending = " VALUE" if depth == key.name.count(".") else ""
        click.echo(f"  {'  ' * depth}{part}:{ending}")


def _list(sections: Sequence[KeySection]) -> None:
    formatter = click.HelpFormatter(width=100)
    for section in sections:
        with formatter.section(f"{section.name}: {section.meaning}".removesuffix(".")):
            formatter.write_dl(
                [
                    (each.name, f"{each.meaning}  [default: {_plain(each.default)}]")
                    for each in section.keys
                ]
            )
    click.echo(formatter.getvalue().rstrip())


def _plain(text: str) -> str:
    return text.replace("`", "")
