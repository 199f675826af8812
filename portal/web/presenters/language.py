"""The language of the page, for texts that are kept in both languages."""

from __future__ import annotations

from django.utils.translation import get_language


def in_english() -> bool:
    """Return whether the page is shown in English."""
    return (get_language() or "vi").startswith("en")


def either(vi: str, en: str | None) -> str:
    """Return the text in the language of the page; Vietnamese where there is no English one."""
    return en if en and in_english() else vi
