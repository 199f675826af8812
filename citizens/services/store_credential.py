"""Store what a register or a decision says was granted, and tell the scan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.enums import CredentialStatus, FactKind
from citizens.models import Credential, FactChange, Party, Unit
from citizens.rules import starts_new_term
from portal.common.errors import RefusedError

_NO_DETAILS: Mapping[str, Any] = {}


@transaction.atomic
def store_credential(
    *,
    holder: Party,
    kind: str,
    register: str,
    number: str,
    category: str,
    issued_on: date,
    expires_on: date | None,
    issuer: str,
    unit: Unit | None,
    as_of: date,
    details: Mapping[str, Any] = _NO_DETAILS,
    previous: Credential | None = None,
) -> Credential:
    """Return the stored paper; a renewal raises its `term`, a corrected date does not.

    `previous` is the paper that this one renews: its row is kept, with the new number, because the
    scan's ledger counts terms of a row. Where the register already delivered the new number as a
    row of its own, that row takes over the line and the previous one is superseded. Facts older
    than the stored ones (`as_of`) change nothing. Writes a FactChange only when something changed.
    RefusedError when the number belongs to another holder.
    """
    index = Credential.index_of(register, kind, number)
    paper = (
        Credential.objects.select_for_update()
        .filter(register_id=register, kind=kind, number_index=index)
        .first()
    )
    old = _locked(previous)
    _refuse_other_holder(holder, paper, old)
    base = old or paper
    if base is not None and base.as_of > as_of:
        return base
    facts = {
        "category": category,
        "issued_on": issued_on,
        "expires_on": expires_on,
        "issuer": issuer,
        "unit_id": unit.pk if unit else (base.unit_id if base else None),
        "details": {**(base.details if base else {}), **details},
        "status": CredentialStatus.VALID,
        "as_of": as_of,
        "term": _term(kind, issued_on, expires_on, base),
    }
    if old is not None and paper is not None and old.pk != paper.pk:
        _supersede(old)
    return _write(paper or old, holder, kind, register, number, facts)


def _locked(previous: Credential | None) -> Credential | None:
    if previous is None:
        return None
    return Credential.objects.select_for_update().get(pk=previous.pk)


def _refuse_other_holder(holder: Party, *papers: Credential | None) -> None:
    if any(paper is not None and paper.holder_id != holder.pk for paper in papers):
        raise RefusedError(_("This number belongs to another holder."))


def _term(kind: str, issued_on: date, expires_on: date | None, base: Credential | None) -> int:
    if base is None:
        return 1
    renewed = starts_new_term(
        kind=kind,
        issued_on=issued_on,
        expires_on=expires_on,
        was_issued_on=base.issued_on,
        was_expires_on=base.expires_on,
    )
    return base.term + renewed


def _supersede(old: Credential) -> None:
    old.status = CredentialStatus.SUPERSEDED
    old.save(update_fields=["status"])
    _tell(old)


def _write(
    paper: Credential | None,
    holder: Party,
    kind: str,
    register: str,
    number: str,
    facts: dict[str, Any],
) -> Credential:
    """Write the row when it is new or differs; the number is compared by its index."""
    index = Credential.index_of(register, kind, number)
    if paper is None:
        paper = Credential(holder=holder, kind=kind, register_id=register)
    changed = paper.pk is None or bytes(paper.number_index) != index
    for name, value in facts.items():
        changed |= name != "as_of" and getattr(paper, name) != value
        setattr(paper, name, value)
    if paper.pk is None or bytes(paper.number_index) != index:
        paper.number_index = index
        paper.number_enc = Credential.seal_number(register, kind, number)
    paper.save()
    if changed:
        _tell(paper)
    return paper


def _tell(paper: Credential) -> None:
    FactChange.objects.create(
        kind=FactKind.CREDENTIAL, object_id=paper.pk, subject_id=paper.holder_id
    )
