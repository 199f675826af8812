"""The guides for users name what stands on the screen, and each of their pictures is there."""

from __future__ import annotations

import gettext
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))
_BOLD = re.compile(r"\*\*([^*\n]+)\*\*")
_TAG = re.compile(r"<[^>]+>")


@cache
def on_screen() -> frozenset[str]:
    """Return every Vietnamese word of the screens, without marks."""
    with (ROOT / "locale/vi/LC_MESSAGES/django.mo").open("rb") as file:
        catalogue = vars(gettext.GNUTranslations(file))["_catalog"]
    return frozenset(_TAG.sub("", words) for words in catalogue.values())


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_what_is_bold_stands_on_the_screen(guide: Path) -> None:
    # A press that leads to a further page ends in "…" there, which is not translated.
    named = {words.removesuffix("…") for words in _BOLD.findall(guide.read_text())}
    known = {words.removesuffix("…") for words in on_screen()}

    assert named - known == set()


def test_the_guides_name_enough_to_be_held() -> None:
    named = [words for guide in GUIDES for words in _BOLD.findall(guide.read_text())]

    assert len(GUIDES) == 9
    assert len(named) > 60
