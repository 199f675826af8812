"""Every pair of colours in use reaches WCAG AA, in the light set and in the dark one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "portal/static/portal/tokens.css"

GROUNDS = ("paper", "surface", "sunken")
TEXT = [(ink, ground) for ink in ("ink", "muted", "jade") for ground in GROUNDS]
TEXT += [(tone, "surface") for tone in ("lotus", "amber", "sky", "jade-strong")]
TEXT += [("on-jade", "jade"), ("on-jade", "jade-strong")]
TEXT += [(tone, f"{tone}-tint") for tone in ("jade", "lotus", "amber", "sky")]
TEXT += [("ink", f"{tone}-tint") for tone in ("jade", "lotus", "amber", "sky")]
CONTROLS = [(line, ground) for line in ("control", "focus", "jade") for ground in GROUNDS]


def token_sets() -> dict[str, dict[str, str]]:
    """Return the colours of both sets; the dark one stands in the media query."""
    light, dark = TOKENS.read_text().split("prefers-color-scheme: dark", 1)
    pattern = re.compile(r"--([a-z-]+): (#[0-9a-f]{6});")
    return {"light": dict(pattern.findall(light)), "dark": dict(pattern.findall(dark))}


def luminance(colour: str) -> float:
    """Return the relative luminance of "#rrggbb" (WCAG 2.2, section "relative luminance")."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the ratio of two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("front", "back", "least"),
    [(*pair, 4.5) for pair in TEXT] + [(*pair, 3.0) for pair in CONTROLS],
)
def test_pair_is_readable(scheme: str, front: str, back: str, least: float) -> None:
    colours = token_sets()[scheme]

    ratio = contrast(colours[front], colours[back])

    assert ratio >= least, f"{scheme}: {front} on {back} is {ratio:.2f}"


def test_measure_itself_is_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
