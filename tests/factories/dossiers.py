"""Factories of dossiers: rows as the services would have written them, with named traits.

`DossierFactory()` is a driving licence exchange just submitted; traits `received` and `processing`
start its clock at `submitted_at`; `owner_citizen=…` says whose it is. Procedures are those of the
catalogue itself, made once a key.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import cache
from typing import Any

import factory
from django.db.backends.postgresql.psycopg_any import DateRange
from factory.django import DjangoModelFactory

from citizens.selectors import working_calendar
from dossiers import models, sla
from dossiers.enums import Action, Actor, ClockEventKind, Status
from dossiers.selectors import clock_of, definition_of, limit_of
from portal.common import clock
from procedures.definition.catalogue import Catalogue
from procedures.definition.derivation import DerivedRule
from procedures.enums import VersionStatus
from procedures.models import Procedure, ProcedureVersion, Rule, RuleVersion
from procedures.services.load_catalogue import CATALOGUE_FILE, read_catalogue
from tests.factories.citizens import AgencyFactory, CitizenFactory

LICENCE = "driving_licence_renewal"


@cache
def _catalogue() -> tuple[Catalogue, list[DerivedRule]]:
    return read_catalogue(CATALOGUE_FILE)


def catalogued_version(key: str = LICENCE, **changes: Any) -> ProcedureVersion:
    """Return the released version of a catalogue's procedure; `changes` replace parts of it."""
    definition = next(one for one in _catalogue()[0].procedures if one.key == key)
    procedure, _made = Procedure.objects.get_or_create(key=key, defaults={"code": definition.code})
    found = ProcedureVersion.objects.filter(procedure=procedure).first()
    return found or ProcedureVersion.objects.create(
        procedure=procedure,
        number=1,
        name_vi=definition.name_vi,
        name_en=definition.name_en,
        definition=definition.to_json() | changes,
        valid=DateRange(None, None),
        status=VersionStatus.RELEASED,
        released_at=clock.now(),
    )


def catalogued_rule(key: str = LICENCE) -> RuleVersion:
    """Return the released version of the rule that suggests a catalogue's procedure."""
    derived = next(one for one in _catalogue()[1] if one.key == key)
    rule, _made = Rule.objects.get_or_create(
        key=key,
        defaults={
            "kind": derived.definition.kind,
            "procedure": catalogued_version(derived.offers).procedure,
        },
    )
    found = RuleVersion.objects.filter(rule=rule).first()
    return found or RuleVersion.objects.create(
        rule=rule,
        number=1,
        definition=derived.definition.to_json(),
        valid=DateRange(None, None),
        status=VersionStatus.RELEASED,
        released_at=clock.now(),
    )


def this_morning() -> datetime:
    """Return nine o'clock today in Viet Nam."""
    return datetime.combine(clock.today(), time(9), clock.CIVIL_ZONE)


class DossierFactory(DjangoModelFactory[models.Dossier]):
    """A dossier of the catalogue with its ledgers; traits `received`, `processing`."""

    class Meta:
        model = models.Dossier
        exclude = ("procedure_key", "owner_citizen")
        skip_postgeneration_save = True

    class Params:
        received = factory.Trait(status=Status.RECEIVED)
        processing = factory.Trait(status=Status.PROCESSING)

    procedure_key = LICENCE
    owner_citizen = factory.SubFactory(CitizenFactory)
    procedure_version = factory.LazyAttribute(lambda made: catalogued_version(made.procedure_key))
    applicant = factory.SelfAttribute("owner_citizen")
    owner = factory.LazyAttribute(lambda made: made.owner_citizen.party)
    unit = factory.LazyAttribute(lambda made: made.owner_citizen.unit)
    competent = factory.LazyAttribute(lambda made: AgencyFactory(unit=made.unit))
    code = factory.Sequence(lambda n: f"H17.99-20261120-{n:07d}")
    status = Status.REGISTERED
    fee_vnd = 135_000
    submitted_at = factory.LazyFunction(this_morning)
    expected_on = factory.LazyAttribute(lambda made: made.submitted_at.date() + timedelta(days=7))

    @factory.post_generation
    def fields(self: Any, create: bool, extracted: dict[str, Any] | None, **_extra: Any) -> None:
        """Freeze `fields` (name to value) as if the citizen had answered them."""
        if create:
            answers = extracted or {"reason": "Sắp hết hạn"}
            self.form = {
                name: {
                    "value": value,
                    "source": "citizen",
                    "register": None,
                    "as_of": None,
                    "confirmed": True,
                }
                for name, value in answers.items()
            }
            self.save(update_fields=["form_enc"])

    @factory.post_generation
    def ledgers(self: Any, create: bool, extracted: bool | None, **_extra: Any) -> None:
        """Write the steps and clock entries that led to the status; `ledgers=False` leaves them."""
        if create and extracted is not False:
            _write_history(self)


def _write_history(dossier: models.Dossier) -> None:
    steps: list[tuple[Action, Status | None, Status, Actor]] = [
        (Action.SUBMIT, None, Status.REGISTERED, Actor.CITIZEN)
    ]
    if dossier.status >= Status.RECEIVED:
        steps.append((Action.RECEIVE, Status.REGISTERED, Status.RECEIVED, Actor.RECEPTIONIST))
    if dossier.status >= Status.PROCESSING:
        officer = Actor.CASE_OFFICER
        steps.append((Action.START_PROCESSING, Status.RECEIVED, Status.PROCESSING, officer))
    for action, before, after, actor in steps:
        models.DossierEvent.objects.create(
            dossier=dossier,
            action=action,
            status_before=before,
            status_after=after,
            actor_role=actor,
            citizen=dossier.applicant if actor is Actor.CITIZEN else None,
            happened_at=dossier.submitted_at,
        )
    if len(steps) > 1:
        _start_clock(dossier)


def _start_clock(dossier: models.Dossier) -> None:
    limit = limit_of(definition=definition_of(dossier=dossier), decide_by=dossier.decide_by)
    entry = sla.Entry(ClockEventKind.START, clock.civil_time(dossier.submitted_at))
    started = sla.replay([entry], limit, working_calendar())
    models.ClockEvent.objects.create(
        dossier=dossier, kind=entry.kind, happened_at=entry.at, due_on=started.due_on
    )
    dossier.clock_started_on, dossier.due_on = started.started_on, started.due_on
    dossier.received_at = dossier.competent
    dossier.save(update_fields=["clock_started_on", "due_on", "received_at"])
    assert clock_of(dossier=dossier).due_on == dossier.due_on
