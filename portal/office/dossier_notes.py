"""Notes of officials on a dossier: never shown to citizens, nor to an official of the family."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from citizens.models import User
from dossiers.models import Dossier, DossierNote
from dossiers.models.desk import LONGEST_NOTE
from dossiers.selectors import is_own_family
from dossiers.services.note_dossier import note_dossier
from portal.common import clock
from portal.common.errors import RefusedError
from portal.office.hands import hands_here
from portal.office.queue import visible_dossier
from portal.office.queue_way import to_dossier


def urls(guarded: Callable[..., Any]) -> list[URLPattern]:
    """Return the press, behind the door that `guarded` puts in front."""
    return [path("dossiers/<uuid:public_id>/notes/", guarded(add), name="office_note")]


@dataclass(frozen=True)
class NotesShown:
    """What templates/office/parts/dossier_notes.html shows."""

    notes: list[DossierNote]
    may_write: bool
    longest: int = LONGEST_NOTE


def notes_part(request: HttpRequest, dossier: Dossier) -> NotesShown | None:
    """Return the notes; None for an official whose family is concerned: not meant for them."""
    works = _works(request, dossier)
    if not works and _is_family(request, dossier):
        return None
    return NotesShown(list(dossier.desk_notes.all()), may_write=works)


@require_POST
def add(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Add a note of whoever works on the dossier or at a counter."""
    dossier = visible_dossier(request, public_id)
    if not _works(request, dossier):
        raise PermissionDenied
    text = request.POST.get("text", "")
    try:
        note_dossier(dossier=dossier, user=cast(User, request.user), text=text)
    except RefusedError as refused:
        messages.error(request, " ".join(refused.reasons))
    else:
        messages.success(request, _("The note is kept; only officials read it."))
    return to_dossier(request, public_id)


def _works(request: HttpRequest, dossier: Dossier) -> bool:
    hands = hands_here(request, dossier)
    return bool(hands.here | hands.counter)


def _is_family(request: HttpRequest, dossier: Dossier) -> bool:
    user = cast(User, request.user)
    return is_own_family(dossier=dossier, user=user, day=clock.today())
