"""A second official puts a draft of texts into force."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import User
from notifications.enums import TextState
from notifications.models import TextVersion
from notifications.selectors.text_versions import rules_of, version_in_force, wordings_of
from notifications.services.text_versions import check_seen, check_wordings, locked_draft
from portal.common.errors import RefusedError


@transaction.atomic
def release_texts(
    *, version: TextVersion, by: User, seen: str, now: datetime, is_quiet: bool = False
) -> TextVersion:
    """Release a draft: what leaves from now on says it; messages that left keep their version.

    `seen` is `seen_of` the text that was read: StaleVersionError when somebody changed it since.
    RefusedError when it is no draft, when its writer would release it, when a newer version is in
    force, or when its wordings may not be said (by rules that came later, too).
    """
    row = locked_draft(version)
    if row.written_by_id == by.pk:
        raise RefusedError(_("Whoever wrote a version cannot also release it."))
    check_seen(row, seen)
    current = version_in_force(row.topic)
    if current is not None and current.number > row.number:
        raise RefusedError(
            _("Version %(number)d is in force and newer: discard this draft and begin a new one.")
            % {"number": current.number}
        )
    check_wordings(wordings_of(row), rules_of(row.topic, is_quiet=is_quiet))
    row.state, row.released_by, row.released_at = TextState.RELEASED, by, now
    row.save(update_fields=["state", "released_by", "released_at"])
    return row
