"""An official's views of the queue: kept under a name, and forgotten again."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import Official
from dossiers.models import QueueFilter
from dossiers.models.desk import LONGEST_NAME
from portal.common.errors import RefusedError
from portal.common.masking import LONG_NUMBER

MOST = 12


@transaction.atomic
def keep_filter(*, official: Official, name: str, query: str) -> QueueFilter:
    """Keep a view under a name, in the place of the one that had it; at most twelve of them.

    RefusedError for no name, one too long, one that holds a number of a person, and one too many.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise RefusedError(_("Please give the view a name of at most 40 characters."))
    if LONG_NUMBER.search(name):
        raise RefusedError(_("The name of a view holds no personal or telephone number."))
    mine = Official.objects.select_for_update(of=("self",), no_key=True).get(pk=official.pk)
    others = mine.queue_filters.exclude(name=name)
    if others.count() >= MOST:
        raise RefusedError(_("Twelve views are kept already: forget one first."))
    kept, _is_new = QueueFilter.objects.update_or_create(
        official=mine, name=name, defaults={"query": query}
    )
    return kept


def forget_filter(*, official: Official, key: int) -> bool:
    """Forget a view of one's own; False where there is none (any more)."""
    deleted, _rows = QueueFilter.objects.filter(official=official, pk=key).delete()
    return deleted > 0
