"""One row of a person in every table that tells of people, for the tests of row security."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from citizens.enums import ViewPurpose
from citizens.models import (
    AccessLog,
    Citizen,
    CitizenSensitive,
    Consent,
    Discrepancy,
    EventParty,
)
from citizens.services import record_access
from dossiers.enums import ClockEventKind
from dossiers.models import (
    AutomaticDecision,
    BundleCase,
    BundleStep,
    ClockEvent,
    Document,
    Dossier,
    DossierEvent,
    DossierPaper,
    IssuedForm,
    Payment,
    PaymentNotice,
    PreparedPaper,
    Rating,
    Result,
    Stage,
    SupplementRequest,
)
from portal.common import clock
from tests.factories.citizens import (
    AgencyFactory,
    ContactPointFactory,
    CredentialFactory,
    HouseholdFactory,
    LifeEventFactory,
    RegisterFactory,
    RegisterRecordFactory,
    UserFactory,
)
from tests.factories.data_requests import DataRequestFactory
from tests.factories.dossiers import DossierFactory
from tests.factories.notifications import MessageFactory, PreferenceFactory
from tests.factories.procedures import BundleFactory, OpenMatterFactory, SuggestionFactory


def belongings(citizen: Citizen) -> dict[type[Model], Any]:
    """Give a person one row in each table and return the rows."""
    licence = CredentialFactory(holder=citizen)
    document = Document.objects.create(
        owner=citizen.party,
        origin="upload",
        given_name="giay-kham.pdf",
        media_type="application/pdf",
        size=9,
        sha256="0" * 64,
        stored_name=f"stored-{citizen.pk}",
    )
    rows: tuple[Model, ...] = (
        citizen,
        CitizenSensitive.objects.create(
            citizen=citizen,
            body_enc=CitizenSensitive.seal_body(citizen.seal_identity, {"religion": "Không"}),
            as_of=clock.today(),
        ),
        ContactPointFactory(party=citizen.party),
        licence,
        document,
        PreparedPaper.objects.create(
            applicant=citizen,
            owner=citizen.party,
            component_code="GPLX-02",
            document=document,
            laid_at=clock.now(),
        ),
        MessageFactory(recipient=citizen.party),
        SuggestionFactory(citizen=citizen, credential=licence),
        OpenMatterFactory(party=citizen.party),
        PreferenceFactory(party=citizen.party),
        *_dossier(citizen, document),
        *_held(citizen),
        *_said(citizen),
    )
    return {type(row): row for row in rows}


def _dossier(citizen: Citizen, document: Document) -> tuple[Model, ...]:
    dossier = DossierFactory(owner_citizen=citizen, ledgers=False)
    return (
        dossier,
        DossierPaper.objects.create(
            dossier=dossier, component_code="1", name_vi="Giấy khám", document=document
        ),
        DossierEvent.objects.create(
            dossier=dossier,
            action="submit",
            status_after=1,
            actor_role="citizen",
            happened_at=clock.now(),
        ),
        ClockEvent.objects.create(
            dossier=dossier, kind=ClockEventKind.START, happened_at=clock.now()
        ),
        Result.objects.create(dossier=dossier, name_vi="Giấy phép", decided_on=clock.today()),
        *_on_its_way(dossier, document),
        *_of_a_bundle(citizen, dossier),
    )


def _on_its_way(dossier: Dossier, document: Document) -> tuple[Model, ...]:
    """What the one-stop shop wrote down about a dossier."""
    now = clock.now()
    payment = Payment.objects.create(
        dossier=dossier, amount_vnd=1, reference=f"P{dossier.pk}", asked_at=now
    )
    return (
        AutomaticDecision.objects.create(
            dossier=dossier, risk=0.05, sample_share=0.2, is_sampled=False
        ),
        IssuedForm.objects.create(
            dossier=dossier,
            kind="01",
            form_version="TT 03/2025",
            document=document,
            verify_code=f"V{dossier.pk}",
            issued_at=now,
        ),
        payment,
        PaymentNotice.objects.create(
            gateway="bank",
            transaction=f"T{dossier.pk}",
            amount_vnd=1,
            verdict="more",
            payment=payment,
        ),
        Rating.objects.create(
            dossier=dossier, citizen=dossier.applicant, answer="satisfied", rated_at=now
        ),
        Stage.objects.create(
            dossier=dossier,
            position=1,
            name_vi="Thẩm định",
            agency=dossier.competent,
        ),
        SupplementRequest.objects.create(dossier=dossier, note="Thiếu", asked_at=now),
    )


def _of_a_bundle(citizen: Citizen, dossier: Dossier) -> tuple[Model, ...]:
    case = BundleCase.objects.create(
        bundle=BundleFactory(),
        tracking_code=f"T{dossier.pk}",
        owner=citizen.party,
        applicant=citizen,
    )
    procedure = dossier.procedure_version.procedure
    first = BundleStep.objects.create(
        case=case, position=1, procedure=procedure, changed_at=clock.now()
    )
    return (case, first)


def _held(citizen: Citizen) -> tuple[Model, ...]:
    """What registers hold: a record, a household, an event."""
    household = HouseholdFactory(head=citizen)
    event = LifeEventFactory(subject=citizen.party)
    return (
        RegisterRecordFactory(subject=citizen.party),
        household,
        household.members.get(),
        event,
        EventParty.objects.get(event=event),
    )


def _said(citizen: Citizen) -> tuple[Model, ...]:
    """What the person and the offices said and did about the data."""
    record_access(
        actor=UserFactory(of_official=True),
        purpose=ViewPurpose.DATA_QUALITY,
        page="office",
        fields=["full_name"],
        subject_ids=[citizen.pk],
    )
    agreed = Consent.objects.create(
        citizen=citizen,
        purpose="surveys",
        is_given=True,
        text_key="surveys",
        text_version=1,
        text_sha256="0" * 64,
        language="vi",
        source="web",
    )
    return (
        AccessLog.objects.latest("pk"),
        agreed,
        DataRequestFactory(citizen=citizen),
        case_of(citizen),
    )


def case_of(citizen: Citizen, **given: Any) -> Discrepancy:
    """Return an open case about a person's name."""
    return Discrepancy.objects.create(
        subject=citizen.party,
        kind="name",
        table="citizen",
        object_id=citizen.pk,
        column="full_name",
        register=RegisterFactory(),
        owner=AgencyFactory(),
        opened_on=clock.today(),
        due_on=clock.today(),
        **given,
    )
