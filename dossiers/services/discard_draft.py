"""Drafts go: one because its applicant wants it, the others because nobody touched them."""

from __future__ import annotations

from datetime import datetime

from dossiers.models import Draft
from dossiers.selectors.drafts import forgotten_drafts


def discard_draft(*, draft: Draft) -> None:
    """Remove a draft with all that was answered in it; gone already is as good."""
    Draft.objects.filter(pk=draft.pk).delete()


def remove_forgotten_drafts(*, now: datetime) -> int:
    """Remove every draft that nobody touched for 30 days and return how many; safe to repeat."""
    removed, _tables = forgotten_drafts(now=now).delete()
    return removed
