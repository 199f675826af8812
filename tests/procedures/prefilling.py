"""People of whom the registers know enough, and forms opened about them on one day."""

from __future__ import annotations

from datetime import date
from typing import Any

from citizens.models import Citizen, CitizenSensitive, Party
from procedures.models import ProcedureVersion, Suggestion
from procedures.prefill import Form, prefill_form
from tests.factories.citizens import (
    CitizenFactory,
    ContactPointFactory,
    CredentialFactory,
    RegisterFactory,
    UnitFactory,
)
from tests.factories.procedures import ProcedureVersionFactory, SuggestionFactory

TODAY = date(2026, 11, 22)
AS_OF = date(2026, 11, 1)
LICENCE = "driving_licence_renewal"


def sensitive(citizen: Citizen, **body: str) -> None:
    """Store sensitive data of a person."""
    sealed = CitizenSensitive.seal_body(citizen.seal_identity, body)
    CitizenSensitive.objects.create(citizen=citizen, body_enc=sealed, as_of=AS_OF)


def known_citizen(**fields: Any) -> Citizen:
    """Return an adult about whom the registers know everything the licence's form asks."""
    unit = UnitFactory(ward=True, name_vi="Phường Tam Kỳ")
    facts = {"birth_date": date(1957, 3, 9), "current_address": "12 Phan Bội Châu"}
    citizen = CitizenFactory(unit=unit, as_of=AS_OF, **(facts | fields))
    ContactPointFactory(party=citizen.party, value="+84501234567")
    RegisterFactory(code="NPD", name_vi="CSDL quốc gia về dân cư")
    CredentialFactory(
        holder=citizen,
        kind="citizen_identity_card",
        register=RegisterFactory(code="NPD"),
        number="99900000001",
        issued_on=date(2021, 5, 4),
        expires_on=None,
        issuer="Cục Cảnh sát QLHC về TTXH",
        as_of=AS_OF,
    )
    return citizen


def licence_of(citizen: Citizen, **fields: Any) -> Suggestion:
    """Return the suggestion to renew a person's licence that ends on 21 January 2027."""
    given = {"number": "790123456789", "category": "B", "issuer": "Sở GTVT", "as_of": AS_OF}
    paper = CredentialFactory(holder=citizen, expires_on=date(2027, 1, 21), **(given | fields))
    return SuggestionFactory(citizen=citizen, credential=paper)


def form_of(
    key: str, subject: Party, applicant: Citizen, suggestion: Suggestion | None = None
) -> Form:
    """Return a procedure's form as opened today."""
    stored = ProcedureVersion.objects.filter(procedure__key=key).first()
    version = stored or ProcedureVersionFactory(procedure__key=key)
    return prefill_form(
        version=version, subject=subject, applicant=applicant, suggestion=suggestion, day=TODAY
    )


def values(form: Form) -> dict[str, str]:
    """Return the form's values by field."""
    return {field.name: field.value for field in form.fields}
