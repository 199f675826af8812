"""What the facts' room holds about one person, a section a table, for the copy they may ask for.

Rows are plain JSON values under stable English keys; `<key>_text` is a code in words, in the
language of the caller.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from citizens.models import (
    AccessLog,
    Authority,
    Citizen,
    CitizenSensitive,
    ContactPoint,
    Correction,
    DataRequest,
    Discrepancy,
    EventParty,
    HouseholdMember,
    Party,
    RegisterRecord,
    Relation,
    User,
)
from citizens.selectors import statements_of
from citizens.workflow import request_code
from portal.common.sql import ask_together

Row = dict[str, Any]
Sections = dict[str, list[Row]]


def facts_held(citizen: Citizen) -> Sections:
    """Return the sections of `citizen`, those without a row too: nothing held is an answer.

    One query for all of them.
    """
    rows = _rows(citizen)
    ask_together(*rows.values())
    (person,) = rows["person"]
    return {
        "person": [_person(person)],
        "sensitive": [{**row.body, "as_of": day(row.as_of)} for row in rows["sensitive"]],
        "account": [_account(user) for user in rows["account"]],
        "contacts": [_contact(point) for point in rows["contacts"]],
        "papers": [_paper(row) for row in rows["papers"]],
        "records": [_record(row) for row in rows["records"]],
        "household": [_member(row) for row in rows["household"]],
        "relations": [_relation(row, citizen) for row in rows["relations"]],
        "authorities": [_authority(row) for row in rows["authorities"]],
        "events": [_event(row) for row in rows["events"]],
        "discrepancies": [_discrepancy(row) for row in rows["discrepancies"]],
        "corrections": [_correction(row) for row in rows["corrections"]],
        "consents": [_consent(row) for row in rows["consents"]],
        "requests": [_request(row) for row in rows["requests"]],
        "looks": [_look(row) for row in rows["looks"]],
    }


def _rows(citizen: Citizen) -> dict[str, QuerySet[Any]]:
    """Return what each section is read from; a row comes with all that is told of it."""
    return {
        "person": Citizen.objects.filter(pk=citizen.pk).select_related("unit", "register"),
        "sensitive": CitizenSensitive.objects.filter(citizen=citizen).select_related("citizen"),
        "account": User.objects.filter(citizen=citizen),
        "contacts": ContactPoint.objects.filter(party=citizen.party).order_by("pk"),
        "papers": _papers(citizen.party),
        "records": _records(citizen.party),
        "household": _members(citizen),
        "relations": _relations(citizen),
        "authorities": _authorities(citizen),
        "events": _events(citizen.party),
        "discrepancies": _discrepancies(citizen.party),
        "corrections": _corrections(citizen.party),
        "consents": statements_of(citizen=citizen),
        "requests": DataRequest.objects.filter(citizen=citizen).select_related("owner"),
        "looks": _looks(citizen),
    }


def worded(row: Model, *names: str) -> Row:
    """Return columns with choices, each as its code and in words."""
    found: Row = {}
    for name in names:
        found[name] = getattr(row, name)
        found[f"{name}_text"] = str(getattr(row, f"get_{name}_display")())
    return found


def day(value: date | None) -> str | None:
    """Return a civil date, or an aware instant, as ISO writes it."""
    return value.isoformat() if value is not None else None


def named(party: Party) -> str:
    """Return the name of a party whose own table was read with it."""
    for kind in ("citizen", "organisation", "household"):
        holder = getattr(party, kind, None)
        if holder is not None:
            return str(holder)
    return str(party)


def _person(citizen: Citizen) -> Row:
    return {
        "full_name": citizen.full_name,
        **worded(citizen, "gender"),
        "birth_date": day(citizen.birth_date),
        "personal_id": citizen.pin,
        "current_address": citizen.current_address,
        "permanent_address": citizen.permanent_address,
        "unit": citizen.unit.name_vi,
        "died_on": day(citizen.died_on),
        "emigrated_on": day(citizen.emigrated_on),
        "register": citizen.register.name_vi,
        "as_of": day(citizen.as_of),
    }


def _account(user: User) -> Row:
    return {
        "username": user.username,
        "email": user.email,
        "language": user.language,
        "joined_at": day(user.joined_at),
        "last_login": day(user.last_login),
    }


def _contact(point: Any) -> Row:
    return {
        **worded(point, "channel"),
        "address": point.value,
        "is_shared": point.shared,
        "verified_at": day(point.verified_at),
    }


def _papers(party: Party) -> QuerySet[Any]:
    return party.credentials.select_related("register").order_by("kind", "pk")


def _paper(row: Any) -> Row:
    return {
        "kind": row.kind,
        "number": row.number,
        "category": row.category,
        **worded(row, "status"),
        "issued_on": day(row.issued_on),
        "expires_on": day(row.expires_on),
        "issuer": row.issuer,
        "details": row.details,
        "register": row.register.name_vi,
        "as_of": day(row.as_of),
    }


def _records(party: Party) -> QuerySet[Any]:
    found = RegisterRecord.objects.filter(subject=party).select_related("register")
    return found.order_by("register", "kind", "pk")


def _record(row: RegisterRecord) -> Row:
    return {
        "kind": row.kind,
        "details": row.body,
        "register": row.register.name_vi,
        "as_of": day(row.as_of),
    }


def _members(citizen: Citizen) -> QuerySet[Any]:
    mine = HouseholdMember.objects.filter(citizen=citizen).values("household")
    found = HouseholdMember.objects.filter(household__in=mine).select_related(
        "household", "citizen"
    )
    return found.order_by("household", "-is_head", "pk")


def _member(row: HouseholdMember) -> Row:
    return {
        "household": row.household.book_number,
        "address": row.household.address,
        "full_name": row.citizen.full_name,
        "relation_to_head": row.relation_to_head,
        "is_head": row.is_head,
        "from_on": day(row.valid.lower),
        "until_on": day(row.valid.upper),
        "as_of": day(row.household.as_of),
    }


def _relations(citizen: Citizen) -> QuerySet[Any]:
    mine = Q(person=citizen) | Q(relative=citizen)
    return Relation.objects.filter(mine).select_related("person", "relative").order_by("pk")


def _relation(row: Relation, citizen: Citizen) -> Row:
    """Return a relation as the register reads it: `full_name` is the `kind` of `of`, or so."""
    return {
        "full_name": row.person.full_name,
        **worded(row, "kind"),
        "of": row.relative.full_name,
        "is_own": row.person_id == citizen.pk,
        "from_on": day(row.valid.lower),
        "until_on": day(row.valid.upper),
    }


def _authorities(citizen: Citizen) -> QuerySet[Any]:
    mine = Q(actor=citizen) | Q(for_party=citizen.party)
    tables = ("actor", "for_party__citizen", "for_party__organisation", "for_party__household")
    return Authority.objects.filter(mine).select_related(*tables).order_by("pk")


def _authority(row: Authority) -> Row:
    return {
        "who_acts": row.actor.full_name,
        "for_whom": named(row.for_party),
        **worded(row, "basis"),
        "from_on": day(row.valid.lower),
        "until_on": day(row.valid.upper),
        "revoked_at": day(row.revoked_at),
    }


def _events(party: Party) -> QuerySet[Any]:
    found = EventParty.objects.filter(party=party).select_related("event__register")
    return found.order_by("event__occurred_on", "pk")


def _event(row: EventParty) -> Row:
    event = row.event
    return {
        **worded(event, "kind"),
        "role": row.role,
        "occurred_on": day(event.occurred_on),
        "details": event.body,
        "register": event.register.name_vi,
        "as_of": day(event.as_of),
    }


def _discrepancies(party: Party) -> QuerySet[Any]:
    tables = ("register", "other_register", "owner")
    return Discrepancy.objects.filter(subject=party).select_related(*tables).order_by("pk")


def _discrepancy(row: Discrepancy) -> Row:
    return {
        **worded(row, "kind", "state"),
        "column": row.column,
        "held_value": row.held_value,
        "stated_value": row.stated_value,
        "note": row.note,
        "register": row.register.name_vi,
        "stated_by": row.other_register.name_vi if row.other_register else None,
        "agency": row.owner.name_vi,
        "opened_on": day(row.opened_on),
        "due_on": day(row.due_on),
        "decision": row.decision,
    }


def _corrections(party: Party) -> QuerySet[Any]:
    return Correction.objects.filter(subject=party).select_related("register").order_by("pk")


def _correction(row: Correction) -> Row:
    return {
        "column": row.column,
        "value": row.value,
        "replaced": row.replaced,
        "register": row.register.name_vi,
        "as_of": day(row.as_of),
    }


def _consent(row: Any) -> Row:
    return {
        **worded(row, "purpose", "source"),
        "channel": row.channel,
        "channel_text": row.get_channel_display() if row.channel else _("every way"),
        "is_given": row.is_given,
        "text_key": row.text_key,
        "text_version": row.text_version,
        "text_sha256": row.text_sha256,
        "language": row.language,
        "recorded_at": day(row.recorded_at),
    }


def _request(row: DataRequest) -> Row:
    return {
        "code": request_code(row.public_id),
        **worded(row, "kind", "state"),
        "body": row.unseal("body_enc"),
        "answer": row.unseal("answer_enc"),
        "agency": row.owner.name_vi,
        "received_on": day(row.received_on),
        "answer_due_on": day(row.answer_due_on),
        "act_due_on": day(row.act_due_on),
        "extension_reason": row.extension_reason,
        "answered_at": day(row.answered_at),
        "finished_at": day(row.finished_at),
    }


def _looks(citizen: Citizen) -> QuerySet[Any]:
    found = AccessLog.objects.filter(subject_ids__contains=[citizen.pk]).select_related("office")
    return found.order_by("-recorded_at", "-pk")


def _look(row: AccessLog) -> Row:
    return {
        "recorded_at": day(row.recorded_at),
        "agency": row.office.name_vi if row.office else None,
        **worded(row, "purpose"),
        "fields": row.fields,
        "reference": row.reference,
    }
