"""`pcn-group init`: a configuration to start from."""

from __future__ import annotations

from pathlib import Path

import click

from pcn_group.config.presets import PRESETS, SCHEMA_NAME

__all__ = ["command"]

_PRESETS = "\b\nPresets:\n" + "\n".join(
    f"  {name:18} {preset.purpose.partition('.')[0]}." for name, preset in PRESETS.items()
)


@click.command("init", epilog=_PRESETS)
@click.option(
    "--preset",
    type=click.Choice(list(PRESETS)),
    metavar="NAME",
    default="pcn-2019",
    show_default=True,
    help="The rules to start from, one of those below.",
)
@click.option(
    "--out",
    default="pcn-group.yaml",
    show_default=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The configuration to write.",
)
@click.option("--overwrite", is_flag=True, help="Replace files that are there.")
@click.option("--quiet", is_flag=True, help="Print nothing.")
def command(preset: str, out: Path, *, overwrite: bool, quiet: bool) -> None:
    """Write a configuration to start from: every rule, with a comment on what it means.

    Beside it goes its JSON Schema. An editor that knows YAML then completes keys, shows what they
    mean and marks those that do not exist.
    """
    from pcn_group.base.files import refuse_existing, write_all
    from pcn_group.base.paths import holds
    from pcn_group.config.template import preset_yaml, schema_json

    if out.name == SCHEMA_NAME:
        raise click.BadParameter(f"{SCHEMA_NAME} is for the schema.", param_hint="--out")
    schema, text = out.parent / SCHEMA_NAME, schema_json()
    new = [out] if holds(schema, text) else [out, schema]
    refuse_existing(*new, overwrite=overwrite)
    write_all({schema: text, out: preset_yaml(PRESETS[preset])})
    if not quiet:
        click.echo(f"Written: {out} (preset {preset}), and {schema} for editors", err=True)
