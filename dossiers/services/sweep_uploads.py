"""Files that somebody sent, laid ready, and then filed with nothing: deleted after 30 days."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError

from dossiers.documents.store import forget
from dossiers.models import Document, PreparedPaper
from dossiers.selectors.papers import forgotten_choices, forgotten_uploads


def sweep_uploads(*, now: datetime) -> int:
    """Delete forgotten uploads with their files and return how many; safe to repeat and to kill.

    A choice of a paper that the repository keeps (a result, or what an earlier dossier holds) is
    undone, the paper stays. What is filed at this very moment is left alone.
    """
    with transaction.atomic():
        held = forgotten_choices(now=now).select_for_update(of=("self",), skip_locked=True)
        PreparedPaper.objects.filter(pk__in=[choice.pk for choice in held]).delete()
    keys = list(forgotten_uploads(now=now).values_list("pk", flat=True))
    return sum(_deleted(key, now) for key in keys)


@transaction.atomic
def _deleted(key: int, now: datetime) -> bool:
    """Delete one on its locked row, unless somebody has laid it ready or filed it meanwhile."""
    rows = Document.objects.select_for_update(of=("self",), skip_locked=True)
    document = rows.filter(pk=key, pk__in=forgotten_uploads(now=now).values("pk")).first()
    if document is None:
        return False
    name = document.stored_name
    try:
        with transaction.atomic():
            document.delete()
    except ProtectedError:
        return False
    transaction.on_commit(lambda: forget(name))
    return True
