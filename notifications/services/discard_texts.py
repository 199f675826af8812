"""An official gives a draft of texts up."""

from __future__ import annotations

from django.db import transaction

from notifications.enums import TextState
from notifications.models import TextVersion
from notifications.services.text_versions import check_seen, locked_draft


@transaction.atomic
def discard_texts(*, version: TextVersion, seen: str) -> None:
    """Set a draft aside for ever; the history keeps it.

    StaleVersionError when somebody changed it since, RefusedError when it is no draft any more.
    """
    row = locked_draft(version)
    check_seen(row, seen)
    row.state = TextState.DISCARDED
    row.save(update_fields=["state"])
