"""Parts that every page is made of: sections, the search for a practice, layers to switch."""

from __future__ import annotations

from collections.abc import Sequence

from pcn_group.output.report.html.markup import text

__all__ = ["layer_boxes", "network_choice", "practice_search", "section"]


def section(name: str, heading: str, content: str) -> str:
    """Return a part of a page under its heading."""
    return (
        f'<section id="{name}" aria-labelledby="{name}-title">'
        f'<h2 id="{name}-title">{text(heading)}</h2>{content}</section>'
    )


def practice_search() -> str:
    """Return the box that finds a practice, for `search.js`."""
    return """
<div class="search">
<label for="search">Find a practice</label>
<input type="search" id="search" role="combobox" aria-expanded="false" aria-controls="matches"
 aria-autocomplete="list" autocomplete="off" spellcheck="false" placeholder="Code or name">
<ul id="matches" role="listbox" aria-label="Practices found" hidden></ul>
<p id="found" role="status" aria-live="polite"></p>
</div>"""


def network_choice() -> str:
    """Return the choice of a network and the place for what is said of it, for `plan_view.js`."""
    return """
<p class="choice"><label for="network">Network</label>
<select id="network" autocomplete="off"></select></p>
<div id="picked" aria-live="polite"></div>"""


def layer_boxes(layers: Sequence[tuple[str, str, bool]]) -> str:
    """Return a box to tick for each layer of a map: its name, its words, and whether it shows."""
    return "".join(
        f'<label><input type="checkbox" data-layer="{name}"{" checked" if on else ""}>'
        f'<span class="key {name}"></span>{label}</label>'
        for name, label, on in layers
    )
