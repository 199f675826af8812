"""The result of a dossier: the granted paper's own fields, or what was registered."""

from __future__ import annotations

from datetime import date
from typing import Any

from citizens.enums import BirthPrecision
from citizens.models import Citizen, Credential
from citizens.services.register_birth import born_of
from dossiers.documents.facts.frame import Paper, Rows, owner_citizen, party_name
from dossiers.documents.words import money, short_day
from dossiers.models import Dossier
from dossiers.selectors import definition_of, filed_form, is_birth
from procedures.enums import FieldType

# What was told so that the dossier could be handled, and is no part of what it came to. The cause
# of a death and a person's health are told on no paper that is shown around.
_NOT_ON_A_RESULT = {
    *("delivery", "copies", "reason", "phone", "email", "case", "relation", "death_cause"),
    *("licence_number", "licence_class", "certificate_number"),
    *("issue_date", "expiry_date", "issuer"),
}
_HEALTH = "health_"


def result(paper: Paper) -> dict[str, Any]:
    """Return the fields of the result; LookupError where the dossier came to none."""
    dossier = paper.dossier
    found = getattr(dossier, "result", None)
    if found is None:
        raise LookupError("the dossier has no result")
    basis = ", ".join(definition_of(dossier=dossier).legal_basis)
    credential = found.credential
    is_class = credential is not None and credential.category
    return {
        "title": found.name_vi,
        "subtitle": f"Hạng, loại: {credential.category}" if is_class else "",
        "basis": f"Căn cứ: {basis}." if basis else "",
        "rows": _once([*_of_credential(credential), *_of_owner(dossier), *_of_form(dossier)]),
        "valid": _validity(credential, found.decided_on),
        "signer_note": _signed_for(paper),
    }


def _once(rows: Rows) -> Rows:
    """Leave out what a row with the same label has said before: the register's word comes first."""
    return list({label: (label, value) for label, value in reversed(rows)}.values())[::-1]


def _of_credential(credential: Credential | None) -> Rows:
    if credential is None:
        return []
    rows = [
        ("Số", credential.number),
        ("Ngày cấp", short_day(credential.issued_on)),
        ("Có giá trị đến", short_day(credential.expires_on)),
        ("Nơi cấp", credential.issuer),
    ]
    return [row for row in rows if row[1]]


def _of_owner(dossier: Dossier) -> Rows:
    # A birth is registered on the mother's or father's dossier, and is the child's paper.
    if is_birth(dossier):
        citizen = born_of(reference=dossier.code)
        if citizen is None:
            return []  # the form's own rows say all that is known
    else:
        citizen = owner_citizen(dossier)
    if citizen is None:
        return [("Cấp cho", party_name(dossier.owner))]
    rows = [
        ("Họ, chữ đệm, tên", citizen.full_name.upper()),
        ("Ngày, tháng, năm sinh", _born(citizen)),
        ("Số định danh cá nhân", citizen.pin or ""),
        ("Nơi cư trú", citizen.current_address or citizen.permanent_address),
    ]
    return [row for row in rows if row[1]]


def _of_form(dossier: Dossier) -> Rows:
    """Return what was filed about the matter itself."""
    fields = {field.name: field for field in definition_of(dossier=dossier).form_fields}
    rows = []
    for entry in filed_form(dossier=dossier):
        field = fields[entry.name]
        is_left_out = entry.name in _NOT_ON_A_RESULT or entry.name.startswith(_HEALTH)
        if field.group == "applicant" or is_left_out or not entry.value:
            continue
        rows.append((entry.label_vi, _written(field.type, entry.value)))
    return rows


def _written(kind: FieldType, value: str) -> str:
    match kind:
        case FieldType.DATE:
            return _written_date(value)
        case FieldType.BOOLEAN:
            return "Có" if value == "true" else "Không"
        case FieldType.MONEY if value.isdigit():
            return money(int(value))
        case _:
            return ", ".join(value.splitlines())


def _written_date(value: str) -> str:
    try:
        return short_day(date.fromisoformat(value))
    except ValueError:
        return "/".join(reversed(value.split("-")))


def _born(citizen: Citizen) -> str:
    shown = {BirthPrecision.YEAR: "%Y", BirthPrecision.MONTH: "%m/%Y"}.get(
        BirthPrecision(citizen.birth_precision), "%d/%m/%Y"
    )
    return citizen.birth_date.strftime(shown)


def _validity(credential: Credential | None, decided_on: date) -> str:
    if credential is None:
        return f"Có hiệu lực từ ngày {short_day(decided_on)}."
    if credential.expires_on is None:
        return f"Có giá trị từ ngày {short_day(credential.issued_on)}, không thời hạn."
    until = short_day(credential.expires_on)
    return f"Có giá trị từ ngày {short_day(credential.issued_on)} đến hết ngày {until}."


def _signed_for(paper: Paper) -> str:
    if paper.event.official is None:
        return "(quyết định tự động theo quy tắc đã ban hành)"
    delegation = paper.event.delegation
    return f"(theo ủy quyền số {delegation.decision_number})" if delegation else ""
