"""An official begins a new version of a topic's texts from those in force."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import User
from notifications.models import TextVersion, Topic
from notifications.selectors.text_versions import drafts_of, version_in_force, wordings_of
from notifications.services.text_versions import lock_topic, write_version
from portal.common.errors import RefusedError


@transaction.atomic
def draft_texts(*, topic: Topic, by: User) -> TextVersion:
    """Return a new draft that says what is in force.

    One draft at a time: RefusedError while another waits, which is to be continued or discarded.
    """
    row = lock_topic(topic.pk)
    waiting = drafts_of(row).first()
    if waiting is not None:
        raise RefusedError(
            _("Version %(number)d is being written: continue it or discard it.")
            % {"number": waiting.number}
        )
    origin = version_in_force(row)
    if origin is None:
        raise RefusedError(_("There is no version to begin from."))
    return write_version(topic=row, wordings=wordings_of(origin), by=by, base=origin)
