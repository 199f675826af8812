"""A result that is no paper of a register is a fact all the same: the city's store keeps it."""

from __future__ import annotations

from datetime import date

from citizens.models import RegisterRecord
from citizens.services.store_record import store_record
from dossiers.models import Dossier
from dossiers.selectors import definition_of

REGISTER, KIND = "LOCAL", "result"
# What tells of poverty is kept in its own register, under its own grants, and nowhere else.
_QUIET = ("Giảm nghèo", "Bảo trợ xã hội")


def keep_result(*, dossier: Dossier, decided_on: date) -> RegisterRecord | None:
    """Store an approved dossier's result with the dossier as its source; call it with the decision.

    None for a result that is a credential (`grant_result` stores it) and for what tells of poverty.
    """
    definition = definition_of(dossier=dossier)
    if definition.credential is not None or definition.domain_vi.startswith(_QUIET):
        return None
    return store_record(
        register=REGISTER,
        kind=KIND,
        key=dossier.code,
        subject=dossier.owner,
        body={
            "result": definition.result.name_vi,
            "decided_on": decided_on.isoformat(),
            "issuer": dossier.competent.name_vi,
            "dossier": dossier.code,
        },
        as_of=decided_on,
    )
