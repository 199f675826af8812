"""What a page must be for everybody: axe, and the rules that axe does not know."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Page

Scheme = Literal["light", "dark"]
RULES = {
    "resultTypes": ["violations"],
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"],
    },
    "rules": {"target-size": {"enabled": True}},
}
# What depends on the colours alone.
COLOURS = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}
NAMED_ROLES = {
    "button", "checkbox", "combobox", "link", "listbox", "menuitem", "radio", "searchbox", "slider",
    "spinbutton", "switch", "tab", "textbox",
}  # fmt: skip
_AXE = AXE_FILE_PATH.read_text()
_PROBE = (Path(__file__).parent / "accessible.js").read_text()


def _axe(page: Page, scheme: Scheme, options: object, without: Sequence[str]) -> list[str]:
    # Without motion, or colours would be measured on their way to the other set.
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    parts = {"include": [["html"]], "exclude": [[selector] for selector in without]}
    asked = f"{json.dumps(parts)}, {json.dumps(options)}"
    found = page.evaluate(f"axe.run({asked}).then(told => told.violations)")
    return [f"{scheme} {one['id']}: {[node['html'] for node in one['nodes']][:3]}" for one in found]


def axe_faults(page: Page, first: Scheme, without: Sequence[str] = ()) -> list[str]:
    """Return what axe finds in both colours: all rules in the first, those of colours in both.

    What the selectors `without` name is somebody else's, and left out.
    """
    page.evaluate(_AXE)
    other: Scheme = "dark" if first == "light" else "light"
    return _axe(page, other, COLOURS, without) + _axe(page, first, RULES, without)


def rule_faults(page: Page) -> list[str]:
    """Return what else is wrong at this width: sideways scrolling, targets, order, languages."""
    found: list[str] = page.evaluate(_PROBE)
    return found


def nameless(page: Page) -> list[str]:
    """Return the controls that a screen reader has no name for."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    heard = [node for node in nodes if not node["ignored"]]
    return [
        f"{node['role']['value']} without a name"
        for node in heard
        if node["role"]["value"] in NAMED_ROLES
        and not node.get("name", {}).get("value", "").strip()
    ]
