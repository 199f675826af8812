"""Is the gate closed? A database that was restored closes it by itself (fault F50).

What a back-up holds as waiting has left meanwhile. A database knows that it was restored: its
recovery begins a new timeline, and a dump that is read back lies in another cluster. A standby that
took over begins one as well, and its last seconds may be missing. Only a copy of the whole machine
put back as it was does not show.
"""

from __future__ import annotations

import structlog
from django.db import transaction

from notifications.models import Gate
from portal.common.sql import Statement

log = structlog.get_logger(__name__)

RESTORED = "restored_from_backup"

# The timeline on which this server writes; the control file names it only after a checkpoint.
_LOOK = """
SELECT gate.paused, gate.home, here.home
FROM (SELECT system_identifier || ':' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8)
      FROM pg_control_system()) AS here (home)
LEFT JOIN notifications_gate AS gate ON gate.id = 1
"""


def is_gate_closed() -> bool:
    """Return whether nothing may leave; one query, and no write unless the database has moved.

    The first time a database is looked at its home is noted. Somewhere else than there the gate is
    closed, in a new generation, until a person opens it (`open_gate`).
    """
    paused, home, here = Statement(_LOOK).fetch()[0]
    return bool(paused) if home == here else _note_home(here)


@transaction.atomic
def _note_home(here: str) -> bool:
    Gate.objects.get_or_create(pk=1)
    gate = Gate.objects.select_for_update().get(pk=1)
    if gate.home not in {"", here}:
        log.error("database_was_restored", generation=gate.generation + 1)
        gate.generation += 1
        gate.paused, gate.reason = True, RESTORED
    gate.home = here
    gate.save()
    return gate.paused
