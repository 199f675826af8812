"""The result of a dossier: the granted paper's own fields, or what was registered."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models.fields.json import KT

from citizens.models import Citizen, Credential, RegisterRecord
from citizens.selectors import party_name
from citizens.services.register_birth import born_of
from dossiers.documents.facts.frame import Paper, Rows, answer, owner_citizen
from dossiers.documents.facts.people import is_about_owner, owner_rows, person_of, person_row
from dossiers.documents.words import moments_read, money, money_in_words, short_day
from dossiers.models import Dossier
from dossiers.selectors import definition_of, filed_form, is_birth
from procedures.definition.laws import laws_text
from procedures.enums import FieldType

# What was told so that the dossier could be handled, and is no part of what it came to. The cause
# of a death and a person's health are told on no paper that is shown around.
_NOT_ON_A_RESULT = {
    *("delivery", "copies", "reason", "phone", "email", "case", "relation", "death_cause"),
    *("licence_number", "licence_class", "certificate_number"),
    *("issue_date", "expiry_date", "issuer"),
    *("appointment_place", "appointment_time"),
}
# Whom a paper is for stands on top, once.
_CHILD_NAMES = ("child_surname", "child_middle_name", "child_given_name")
_CHILD_TOLD = {"child_full_name", "child_pin"}
_SHORT_LABELS = {
    "child_birth_date": "Ngày, tháng, năm sinh",
    "child_gender": "Giới tính",
    "death_time": "Đã chết vào lúc",
}
_UNSAID = "Thông báo kết quả"  # says of nothing by itself
_HEALTH = "health_"


def result(paper: Paper) -> dict[str, Any]:
    """Return the fields of the result; LookupError where the dossier came to none."""
    dossier = paper.dossier
    found = getattr(dossier, "result", None)
    if found is None:
        raise LookupError("the dossier has no result")
    basis = laws_text(definition_of(dossier=dossier).legal_basis)
    credential = found.credential
    return {
        "title": found.name_vi,
        "subtitle": _subtitle(dossier, found.name_vi, credential),
        "basis": f"Căn cứ: {basis}." if basis else "",
        "rows": _once(
            [
                *_of_credential(credential),
                *_of_owner(dossier),
                *_of_money(dossier),
                *_of_form(dossier),
            ]
        ),
        "valid": _validity(credential, found.decided_on),
        "signer_note": _signed_for(paper),
        **_entered(dossier),
    }


def _subtitle(dossier: Dossier, title: str, credential: Credential | None) -> str:
    if credential is not None and credential.category:
        return f"Hạng, loại: {credential.category}"
    if title == _UNSAID:
        name = dossier.procedure_version.name_vi
        return f"Về việc: {name[:1].lower()}{name[1:]}"
    return ""


def _entered(dossier: Dossier) -> dict[str, str]:
    """Return number and book of the entry in the civil register that the decision made.

    They are the paper's own number (Thông tư 04/2020/TT-BTP, phụ lục); the dossier's is none.
    """
    written = RegisterRecord.objects.filter(register="CIVIL", body__has_key="dossier")
    of_it = written.alias(code=KT("body__dossier")).filter(code=dossier.code)
    record = of_it.filter(kind__in=("birth", "death")).first()
    if record is None or not record.body.get("book"):
        return {}
    return {"number": str(record.body["number"]), "book": str(record.body["book"])}


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


def _of_money(dossier: Dossier) -> Rows:
    if dossier.granted_vnd is None:
        return []
    amount = dossier.granted_vnd
    return [("Số tiền", f"{money(amount)} ({money_in_words(amount)})")]


def _of_owner(dossier: Dossier) -> Rows:
    citizen = _holder(dossier)
    if citizen is not None:
        return owner_rows(citizen, label=_owner_label(dossier))
    if is_birth(dossier):  # the form's own rows say all that is known
        names = [answer(dossier, name) for name in _CHILD_NAMES]
        return [("Họ, chữ đệm, tên", " ".join(filter(None, names)).upper())]
    return [("Cấp cho", party_name(dossier.owner))]


def _holder(dossier: Dossier) -> Citizen | None:
    # A birth is registered on the mother's or father's dossier, and is the child's paper.
    return born_of(reference=dossier.code) if is_birth(dossier) else owner_citizen(dossier)


def _owner_label(dossier: Dossier) -> str:
    """Return the label under which the form names the owner, "" where it names nobody so."""
    for entry in filed_form(dossier=dossier):
        if is_about_owner(entry.name) and person_of(dossier, entry.name, entry.value, None):
            return str(entry.label_vi)
    return ""


def _of_form(dossier: Dossier) -> Rows:
    """Return what was filed about the matter itself."""
    fields = {field.name: field for field in definition_of(dossier=dossier).form_fields}
    left_out = _left_out(dossier)
    holder, rows = _holder(dossier), []
    for entry in filed_form(dossier=dossier):
        field = fields[entry.name]
        is_left_out = entry.name in left_out or entry.name.startswith(_HEALTH)
        if field.group == "applicant" or is_left_out or not entry.value:
            continue
        person = person_of(dossier, entry.name, entry.value, holder)
        if person is not None and is_about_owner(entry.name):
            continue  # told above
        told = _written(field.type, entry.value)
        label = _SHORT_LABELS.get(entry.name, entry.label_vi)
        if ": " in label:
            label, told = person_row(label, told, person)
        rows.append((label, told))
    return rows


def _left_out(dossier: Dossier) -> set[str]:
    is_named = is_birth(dossier) or owner_citizen(dossier) is not None
    return _NOT_ON_A_RESULT | (set(_CHILD_NAMES) | _CHILD_TOLD if is_named else set())


def _written(kind: FieldType, value: str) -> str:
    match kind:
        case FieldType.DATE:
            return _written_date(value)
        case FieldType.BOOLEAN:
            return "Có" if value == "true" else "Không"
        case FieldType.MONEY if value.isdigit():
            return money(int(value))
        case _:
            return moments_read(", ".join(value.splitlines()))


def _written_date(value: str) -> str:
    try:
        return short_day(date.fromisoformat(value))
    except ValueError:
        return "/".join(reversed(value.split("-")))


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
