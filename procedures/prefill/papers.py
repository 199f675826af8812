"""Values from papers and register records: the long tail of the catalogue's prefill paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from citizens.enums import FactTable
from citizens.models import Citizen, Credential, RegisterRecord
from citizens.selectors import Origin
from citizens.selectors.stored_values import walk
from procedures.enums import TriggerKind
from procedures.prefill.facts import Facts
from procedures.prefill.values import Found, from_register

# The path under which the catalogue names a kind of paper; what follows it is a detail of it.
CREDENTIAL_KINDS: Mapping[str, str] = {
    "GPLX": "driving_licence",
    "NPD.card": "citizen_identity_card",
    "XNC.passport": "passport",
    "HEALTH.practice_licence": "medical_practice_licence",
    "TOUR.card": "tour_guide_card",
    "VET.certificate": "veterinary_certificate",
    "TRANS.badge": "transport_badge",
    "TRANS.licence": "transport_business_licence",
    "LOCAL.construction_permit": "construction_permit",
}
# Which column answers for a detail that a paper does not state in its own words.
_DETAILS: Mapping[str, str] = {
    "number": "number",
    "class": "category",
    "kind": "category",
    "issue_date": "issued_on",
    "expiry_date": "expires_on",
    "issuer": "issuer",
    "record": "number",
}
# What of a whole record stands in a form: what tells the paper apart, never all that it says
# (the cause of a death, whether it still holds).
_TOLD_APART: Mapping[str, tuple[str, ...]] = {
    "death_notice": ("code", "issued_on", "issuer"),
    "marriage": ("number", "book", "date", "place"),
}
# Under these keys a record says until when it holds (driver checks, certificates).
_LAST_DAYS = ("valid_until", "valid_to", "expiry_date")


def paper_value(path: str, facts: Facts, holder: Citizen | None) -> Found | None:
    """Return a detail of a paper of the form's holder, None when the path names no such paper."""
    for prefix, kind in CREDENTIAL_KINDS.items():
        if path == prefix or path.startswith(f"{prefix}."):
            paper = _paper(facts, kind, facts.subject.pk if holder is None else holder.pk)
            detail = path.removeprefix(prefix).removeprefix(".") or "number"
            return None if paper is None else _detail(paper, detail)
    return None


def _paper(facts: Facts, kind: str, holder_id: int) -> Credential | None:
    """Return the paper that the suggestion is about, else the newest of its kind."""
    papers = [p for p in facts.credentials if p.kind == kind and p.holder_id == holder_id]
    about = _anchor(facts)
    if about in papers:
        return about
    return papers[0] if papers else None


def _detail(paper: Credential, detail: str) -> Found | None:
    stated = walk(paper.details, detail.split("."))
    column = _DETAILS.get(detail)
    if stated is not None or column is None:
        value, column = stated, f"details.{detail}"
    else:
        value = getattr(paper, column)
    origin = Origin(FactTable.CREDENTIAL, paper.pk, column, whose=paper.holder_id)
    return from_register(value, paper.register_id, paper.as_of, origin)


def record_value(path: str, facts: Facts, subject_ids: Sequence[int]) -> Found | None:
    """Return what a record says under a path, of the first of `subject_ids` that has one.

    ``HEALTH.driver_check.number`` is `number` in a record of kind driver_check; ``LAND.area`` is
    `area` in a record of any kind. Several records of the named kind (vehicles) stand one a line.
    """
    register, *steps = path.split(".")
    for subject_id in subject_ids:
        records = [
            record
            for record in facts.records
            if (record.register_id, record.subject_id) == (register, subject_id)
            and _still_holds(record, facts.day)
        ]
        records = _of_its_vehicle(records, facts)
        found = _of_kind(records, steps) or _of_any_kind(records, steps)
        if found is not None:
            return found
    return None


def _of_kind(records: Sequence[RegisterRecord], steps: Sequence[str]) -> Found | None:
    named = [record for record in records if steps and record.kind == steps[0]]
    values = [value for record in named if (value := walk(record.body, steps[1:])) is not None]
    if not values:
        return None
    whole = len(steps) == 1
    value = [_told_apart(steps[0], one) for one in values] if whole else values[0]
    first = next(one for one in named if walk(one.body, steps[1:]) is not None)
    origin = None if whole else _origin(first, steps[1:])
    return from_register(value, named[0].register_id, named[0].as_of, origin)


def _told_apart(kind: str, body: Any) -> Any:
    keys = _TOLD_APART.get(kind)
    return body if keys is None else {key: body[key] for key in keys if body.get(key)}


def _of_any_kind(records: Sequence[RegisterRecord], steps: Sequence[str]) -> Found | None:
    for record in records:
        value = walk(record.body, steps) if steps else None
        if value is not None:
            origin = _origin(record, steps)
            return from_register(value, record.register_id, record.as_of, origin)
    return None


def _origin(record: RegisterRecord, steps: Sequence[str]) -> Origin:
    return Origin(FactTable.RECORD, record.pk, ".".join(steps), whose=record.subject_id)


def _of_its_vehicle(records: list[RegisterRecord], facts: Facts) -> list[RegisterRecord]:
    """Leave out other vehicles where the suggestion is about the badge of one (its `plate`)."""
    paper = _anchor(facts)
    plate = None if paper is None else paper.details.get("plate")
    return [
        record for record in records if plate is None or record.body.get("plate", plate) == plate
    ]


def _anchor(facts: Facts) -> Credential | None:
    """Return the paper that the suggestion is about."""
    if facts.suggestion is None or facts.trigger != TriggerKind.CREDENTIAL_EXPIRY:
        return None
    anchor = facts.suggestion.anchor
    return next((paper for paper in facts.credentials if paper.pk == anchor), None)


def _still_holds(record: RegisterRecord, day: date) -> bool:
    """Return whether a record that names its last day has not passed it."""
    last = next((record.body[key] for key in _LAST_DAYS if record.body.get(key)), None)
    return last is None or str(last) >= day.isoformat()
