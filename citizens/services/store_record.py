"""Store what a decision or a register says about somebody as a document, and tell the scan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from citizens.enums import FactKind
from citizens.models import FactChange, Party, RegisterRecord
from portal.common.crypto import keyed_index


@transaction.atomic
def store_record(
    *, register: str, kind: str, key: str, subject: Party, body: Mapping[str, Any], as_of: date
) -> RegisterRecord:
    """Return the stored document; told twice it is one, and an older one changes nothing.

    `key` is what the register calls it by (a number); only its keyed index is kept. Writes a
    FactChange only when something changed.
    """
    index = keyed_index("record", register, kind, key)
    known = (
        RegisterRecord.objects.select_for_update(of=("self",))
        .filter(register_id=register, kind=kind, key_index=index)
        .first()
    )
    if known is not None and (known.as_of > as_of or known.body == dict(body)):
        return known
    row = known or RegisterRecord(register_id=register, kind=kind, key_index=index)
    row.subject, row.body, row.as_of = subject, dict(body), as_of
    row.save()
    FactChange.objects.create(kind=FactKind.RECORD, object_id=row.pk, subject_id=subject.pk)
    return row
