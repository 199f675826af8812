"""Bring stored documents under the newest key, and remove files that no row points to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from dossiers.documents import store
from dossiers.models import Document, LogBook
from portal.common.errors import SealError

ORPHANED_AFTER = timedelta(days=1)  # no upload takes longer between its file and its row


@dataclass
class FileRotation:
    """What was done to the stored files: written anew, and those that did not open."""

    written: int = 0
    unreadable: int = 0


def rotate_files() -> FileRotation:
    """Seal files under older keys anew; may be killed and run again, and run while people read."""
    done = FileRotation()
    for name, _written_at in list(store.stored_names()):
        if name.endswith(store.PART):
            continue
        try:
            done.written += store.reseal_stored(name)
        except SealError:
            done.unreadable += 1
    return done


def files_by_key() -> dict[int, int]:
    """Return how many stored files each key has sealed, by the key's number."""
    keys = (store.key_of(name) for name, _written_at in store.stored_names())
    return dict(Counter(key for key in keys if key is not None))


def sweep_files(*, now: datetime) -> int:
    """Delete files older than a day that no row points to, and return how many."""
    old = (now - ORPHANED_AFTER).timestamp()
    aged = [name for name, written_at in store.stored_names() if written_at < old]
    known = {
        name
        for table in (Document, LogBook)
        for name in table.objects.filter(stored_name__in=aged).values_list("stored_name", flat=True)
    }
    orphans = [name for name in aged if name not in known]
    for name in orphans:
        store.forget(name)
    return len(orphans)
