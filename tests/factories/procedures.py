"""Factories of the catalogue and of suggestions, with named traits.

Definitions come from the catalogue that the portal ships: `RuleVersionFactory(rule__key=…)` and
`ProcedureVersionFactory(procedure__key=…)` hold what it says of that procedure.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import factory
from django.db.backends.postgresql.psycopg_any import DateRange
from factory.django import DjangoModelFactory

from citizens.models import Citizen
from portal.common import clock
from procedures import models
from procedures.definition import ProcedureDefinition, RuleDefinition
from procedures.definition.bundle import BundleDefinition
from procedures.definition.catalogue import Catalogue
from procedures.definition.derivation import derive_rules
from procedures.definition.wording import wordings_from_yaml
from procedures.enums import RecipientState, SuggestionState, VersionStatus
from procedures.services.load_catalogue import CATALOGUE_FILE, WORDINGS_FILE
from tests.factories.citizens import CitizenFactory, CredentialFactory

LICENCE = "driving_licence_renewal"


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """Return the catalogue that the portal ships."""
    return Catalogue.from_yaml(CATALOGUE_FILE.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _rules() -> dict[str, RuleDefinition]:
    wordings = wordings_from_yaml(WORDINGS_FILE.read_text(encoding="utf-8"))
    return {rule.key: rule.definition for rule in derive_rules(catalogue(), wordings)}


def procedure_definition(key: str = LICENCE) -> ProcedureDefinition:
    """Return what the shipped catalogue says of a procedure."""
    return next(procedure for procedure in catalogue().procedures if procedure.key == key)


def rule_definition(key: str = LICENCE) -> RuleDefinition:
    """Return the rule that the shipped catalogue gives a procedure or bundle."""
    return _rules()[key]


def scanned_keys() -> list[str]:
    """Return the keys of the shipped rules that the nightly scan looks for."""
    return [key for key, definition in _rules().items() if definition.is_scanned]


def bundle_definition(key: str) -> BundleDefinition:
    """Return what the shipped catalogue says of a bundle."""
    return next(bundle for bundle in catalogue().bundles if bundle.key == key)


class ProcedureFactory(DjangoModelFactory[models.Procedure]):
    """A procedure of the shipped catalogue, by key; made once a key."""

    class Meta:
        model = models.Procedure
        django_get_or_create = ("key",)

    key = LICENCE
    code = factory.LazyAttribute(lambda made: procedure_definition(made.key).code)


class ProcedureVersionFactory(DjangoModelFactory[models.ProcedureVersion]):
    """The catalogue's version of a procedure, in force for ever; trait `draft`."""

    class Meta:
        model = models.ProcedureVersion

    class Params:
        draft = factory.Trait(status=VersionStatus.DRAFT, released_at=None)

    procedure = factory.SubFactory(ProcedureFactory)
    number = factory.Sequence(lambda n: n + 1)
    definition = factory.LazyAttribute(
        lambda made: procedure_definition(made.procedure.key).to_json()
    )
    name_vi = factory.LazyAttribute(lambda made: made.definition["name_vi"])
    name_en = factory.LazyAttribute(lambda made: made.definition["name_en"])
    valid = factory.LazyFunction(lambda: DateRange(None, None))
    status = VersionStatus.RELEASED
    released_at = factory.LazyFunction(clock.now)


class BundleFactory(DjangoModelFactory[models.Bundle]):
    """A bundle of the shipped catalogue, by key; made once a key."""

    class Meta:
        model = models.Bundle
        django_get_or_create = ("key",)

    key = "birth"
    event = factory.LazyAttribute(lambda made: bundle_definition(made.key).event)


class BundleVersionFactory(DjangoModelFactory[models.BundleVersion]):
    """The catalogue's version of a bundle, in force for ever; trait `draft`."""

    class Meta:
        model = models.BundleVersion

    class Params:
        draft = factory.Trait(status=VersionStatus.DRAFT, released_at=None)

    bundle = factory.SubFactory(BundleFactory)
    number = factory.Sequence(lambda n: n + 1)
    definition = factory.LazyAttribute(lambda made: bundle_definition(made.bundle.key).to_json())
    name_vi = factory.LazyAttribute(lambda made: made.definition.get("name_vi", made.bundle.key))
    name_en = factory.LazyAttribute(lambda made: made.definition.get("name_en", made.bundle.key))
    valid = factory.LazyFunction(lambda: DateRange(None, None))
    status = VersionStatus.RELEASED
    released_at = factory.LazyFunction(clock.now)


class RuleFactory(DjangoModelFactory[models.Rule]):
    """A rule of the shipped catalogue that offers the procedure of its key; made once a key."""

    class Meta:
        model = models.Rule
        django_get_or_create = ("key",)

    key = LICENCE
    kind = factory.LazyAttribute(lambda made: rule_definition(made.key).kind)
    procedure = factory.SubFactory(ProcedureFactory, key=factory.SelfAttribute("..key"))


class RuleVersionFactory(DjangoModelFactory[models.RuleVersion]):
    """The catalogue's version of a rule, in force for ever; trait `draft`.

    `RuleVersionFactory(changes={"grace_days": 0})` lays changes over the definition.
    """

    class Meta:
        model = models.RuleVersion
        exclude = ("changes",)

    class Params:
        draft = factory.Trait(status=VersionStatus.DRAFT, released_at=None)

    changes = factory.LazyFunction(dict)
    rule = factory.SubFactory(RuleFactory)
    number = factory.Sequence(lambda n: n + 1)
    definition = factory.LazyAttribute(
        lambda made: rule_definition(made.rule.key).to_json() | made.changes
    )
    valid = factory.LazyFunction(lambda: DateRange(None, None))
    status = VersionStatus.RELEASED
    released_at = factory.LazyFunction(clock.now)


class SuggestionFactory(DjangoModelFactory[models.Suggestion]):
    """An open suggestion to renew a driving licence that ends in 60 days, seen by its holder.

    `citizen=…` is whom it is about, `credential=…` its paper, `recipients=[…]` who sees it instead
    of that person. Traits `snoozed`, `accepted`, `dismissed`, `withdrawn`, `expired`, `fulfilled`.
    """

    class Meta:
        model = models.Suggestion
        exclude = ("citizen", "credential")
        skip_postgeneration_save = True

    class Params:
        snoozed = factory.Trait(state=SuggestionState.SNOOZED)
        accepted = factory.Trait(state=SuggestionState.ACCEPTED)
        dismissed = factory.Trait(state=SuggestionState.DISMISSED)
        withdrawn = factory.Trait(state=SuggestionState.WITHDRAWN)
        expired = factory.Trait(state=SuggestionState.EXPIRED)
        fulfilled = factory.Trait(state=SuggestionState.FULFILLED)

    citizen = factory.SubFactory(CitizenFactory)
    credential = factory.LazyAttribute(lambda made: CredentialFactory(holder=made.citizen))
    rule_version = factory.LazyFunction(lambda: version_of(LICENCE))
    rule = factory.LazyAttribute(lambda made: made.rule_version.rule)
    anchor = factory.LazyAttribute(lambda made: made.credential.pk)
    cycle = factory.LazyAttribute(lambda made: made.credential.term)
    subject = factory.LazyAttribute(lambda made: made.credential.holder)
    due_on = factory.LazyAttribute(lambda made: made.credential.expires_on)
    stage_sent = 60
    next_remind_on = factory.LazyAttribute(lambda made: made.due_on - timedelta(days=30))
    opened_on = factory.LazyFunction(clock.today)

    @factory.post_generation
    def recipients(self: Any, create: bool, extracted: list[Citizen] | None, **_extra: Any) -> None:
        if create:
            told = [self.subject.citizen] if extracted is None else extracted
            for citizen in told:
                RecipientFactory(suggestion=self, citizen=citizen)


class RecipientFactory(DjangoModelFactory[models.Recipient]):
    class Meta:
        model = models.Recipient

    suggestion = factory.SubFactory(SuggestionFactory)
    citizen = factory.SubFactory(CitizenFactory)
    state = RecipientState.ACTIVE


class OpenMatterFactory(DjangoModelFactory[models.OpenMatter]):
    """An open dossier of a procedure, as dossiers writes it down."""

    class Meta:
        model = models.OpenMatter

    procedure = factory.SubFactory(ProcedureFactory)
    party = factory.LazyAttribute(lambda _made: CitizenFactory().party)
    reference = factory.Sequence(lambda n: f"H17.1-20261122-{n:07d}")
    opened_on = factory.LazyFunction(clock.today)


def version_of(key: str) -> models.RuleVersion:
    """Return the released version of a rule, made when it is not there."""
    known = models.RuleVersion.objects.filter(rule__key=key, status=VersionStatus.RELEASED)
    made: models.RuleVersion = known.first() or RuleVersionFactory(rule__key=key)
    return made


def moment(day: date, hour: int = 9) -> datetime:
    """Return an instant of a civil date, at `hour` o'clock in Viet Nam."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=clock.CIVIL_ZONE)
