"""An official changes a draft of texts; whatever may not be said is refused with its place."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import User
from notifications.enums import TextState
from notifications.models import TextVersion
from notifications.rules.wordings import Wordings
from notifications.selectors.text_versions import fingerprint, rules_of, seen_of
from notifications.services.text_versions import (
    check_seen,
    check_wordings,
    locked_draft,
    put_wordings,
)
from portal.common.errors import RefusedError


@transaction.atomic
def edit_texts(
    *,
    version: TextVersion,
    by: User,
    seen: str,
    wordings: Wordings,
    note: str = "",
    is_quiet: bool = False,
) -> TextVersion:
    """Store what a draft says now; `by` is its writer from then on and cannot release it.

    `seen` is `seen_of` the draft that the editor had before them: StaleVersionError when it says
    something else by now, unless it says just this (a second press). `is_quiet` where rules speak
    of poverty or health through this topic. WordingsRefusedError names each place at fault,
    RefusedError says that it is no draft any more, or that another official's draft waits.
    """
    row = locked_draft(version)
    check_wordings(wordings, rules_of(row.topic, is_quiet=is_quiet))
    if fingerprint(wordings, note=note) == seen_of(row):
        return row
    check_seen(row, seen)
    _check_only_draft(row)
    put_wordings(row, wordings)
    row.note, row.written_by = note, by
    row.save(update_fields=["note", "written_by"])
    return row


def _check_only_draft(row: TextVersion) -> None:
    """Refuse to take the file's draft over while an official's waits."""
    others = TextVersion.objects.filter(
        topic=row.topic_id, state=TextState.DRAFT, written_by__isnull=False
    )
    waiting = others.exclude(pk=row.pk).first()
    if waiting is not None:
        raise RefusedError(
            _("Version %(number)d is being written: continue it or discard it.")
            % {"number": waiting.number}
        )
