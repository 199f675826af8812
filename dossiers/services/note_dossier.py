"""Officials tell each other something about a dossier."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import User
from dossiers.models import Dossier, DossierNote
from dossiers.models.desk import LONGEST_NOTE
from portal.common.errors import RefusedError


@transaction.atomic
def note_dossier(*, dossier: Dossier, user: User, text: str) -> DossierNote:
    """Add a note; the same words of the same official once more are the note that stands already.

    Who may write and read is the caller's to decide. RefusedError for no words, and for too many.
    """
    words = "\n".join(" ".join(line.split()) for line in text.strip().splitlines())
    if not words or len(words) > LONGEST_NOTE:
        raise RefusedError(_("Please write a note of at most 1,000 characters."))
    Dossier.objects.select_for_update(of=("self",), no_key=True).get(pk=dossier.pk)
    last = dossier.desk_notes.order_by("-pk").first()
    if last is not None and (last.official_id, last.text) == (user.pk, words):
        return last
    return DossierNote.objects.create(dossier=dossier, official=user, text=words)
