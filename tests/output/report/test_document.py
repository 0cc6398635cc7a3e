"""Pages are filled in from templates: what a plan says can be no markup."""

from __future__ import annotations

import re
from importlib import resources

from pcn_group.output.report.document import Document, render
from tests.output.report.plans import ENDING, SCRIPT

TEMPLATES = resources.files("pcn_group.output.report") / "templates"


def test_nothing_is_called_safe_but_styles_scripts_and_their_data() -> None:
    safe = [
        (template.name, expression)
        for template in TEMPLATES.iterdir()
        for expression in re.findall(r"[{][{%][^}]*safe[^}]*[}]", template.read_text("utf-8"))
    ]
    assert safe == [
        ("base.html", "{{ style | safe }"),
        ("base.html", "{{ values | in_script | safe }"),
        ("base.html", "{{ script | safe }"),
    ]


def test_text_ends_neither_an_element_nor_a_script() -> None:
    page = render(
        Document("base.html", SCRIPT, "1", {"contents": {"map": SCRIPT}}, {"it": ENDING}, ())
    )
    data = page.partition('id="it">')[2]
    assert SCRIPT not in page
    assert ENDING not in page
    assert page.count("<script") == page.count("</script>") == 2
    assert data.startswith('"\\u003c/script\\u003e')
