"""A desk with something on each page: what is looked at there must not be empty."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.urls import resolve, reverse

import portal.urls  # noqa: F401 - the addresses register the desks, which are asked for theirs
from citizens.enums import Role
from citizens.models import (
    Agency,
    Batch,
    Breach,
    Citizen,
    Course,
    DataRequest,
    Discrepancy,
    Official,
    Register,
    Rejection,
    User,
)
from dossiers.enums import (
    DifferenceKind,
    ExchangeKind,
    ExchangeState,
    InboxVerdict,
    NoticeVerdict,
    Repair,
)
from dossiers.models import (
    AnswerText,
    CounterVisit,
    Difference,
    Dossier,
    ExchangeAct,
    ExchangeAttempt,
    ExchangeInbox,
    ExchangeLink,
    ExchangeRow,
    Payment,
    PaymentNotice,
    Reconciliation,
)
from dossiers.partners.address import NATIONAL_PORTAL
from dossiers.services.counter_visits import open_visit
from dossiers.services.open_hall import open_hall
from dossiers.services.take_ticket import take_ticket
from notifications.models import CallBack, Message, TextVersion, Topic
from portal.common import clock
from portal.reporting.feedback.models import Feedback
from portal.reporting.feedback.taking import take_feedback
from portal.reporting.overdue.enums import DirectiveAct
from portal.reporting.overdue.models import Directive
from portal.reporting.reports.enums import Span
from portal.reporting.reports.models import Report
from procedures.models import ProcedureVersion, RehearsalRun, Rule, RuleVersion, Suggestion
from tests.factories.citizens import BatchFactory, GrantFactory, OfficialFactory
from tests.factories.rehearsals import rehearsed
from tests.journeys.conftest import World
from tests.office.crawling import addresses
from tests.office.places import Place, make_place, make_rarer_rows


def full_desk(world: World) -> User:
    """Put rows on every desk and return an official who may do everything, in every place."""
    agency = Agency.objects.get(kind="ubnd_tinh", valid__contains=world.today)
    official: Official = OfficialFactory(agency=agency)
    for role in Role:
        GrantFactory(official=official, role=role, unit=agency.unit)
    place = make_place(agency.unit, "Xuân", roles=())
    make_rarer_rows(place)
    _day(place, official)
    _rarer(place, official)
    _rehearsal_and_import(world, place.citizen)
    exchange_rows(place.dossier, official.user)
    return official.user


def pages() -> dict[str, str]:
    """Return the pages of the desk by their names: those without a key, and one row of each."""
    plain = {
        str(resolve(one).url_name): one for one in addresses(searched="", rows=0) if "?" not in one
    }
    return plain | {str(resolve(one.partition("?")[0]).url_name): one for one in _of_rows()}


def exchange_rows(dossier: Dossier, by: User) -> None:
    """Let a partner have refused something, have said something, and hold something else."""
    now = clock.now()
    ExchangeLink.objects.create(partner=NATIONAL_PORTAL, dossier=dossier, their_code="G22.99-1")
    run = Reconciliation.objects.create(partner=NATIONAL_PORTAL, began_at=now, ended_at=now)
    for state in ExchangeState:
        row = ExchangeRow.objects.create(
            partner=NATIONAL_PORTAL,
            dossier=dossier,
            kind=ExchangeKind.DATES,
            state=state,
            reason="refused: sai mã",
            due_at=now,
            noted_at=now,
        )
        ExchangeAttempt.objects.create(row=row, number=1, began_at=now, state=state, reason="500")
    ExchangeAct.objects.create(
        kind="drop", partner=NATIONAL_PORTAL, row=row, reason="Đã rõ", by=by, at=now
    )
    ExchangeInbox.objects.create(
        partner=NATIONAL_PORTAL,
        message_id="1",
        their_code="G22.99-1",
        status="2",
        said_at=now,
        dossier=dossier,
        verdict=InboxVerdict.OURS,
    )
    Difference.objects.create(
        reconciliation=run,
        partner=NATIONAL_PORTAL,
        kind=DifferenceKind.STATUS,
        dossier=dossier,
        here="2",
        there="8",
        repair=Repair.TELL_STATUS,
    )


def _day(place: Place, official: Official) -> None:
    now = clock.now()
    hall = open_hall(agency=official.agency)
    take_ticket(group=hall.groups.get(prefix="A"), has_priority=False, now=now)
    open_visit(official=official, applicant=place.citizen, now=now)
    Breach.objects.create(
        title="Gửi nhầm thư",
        found_at=now - timedelta(hours=60),
        since=now - timedelta(days=3),
        actor=official.user,
    )
    take_feedback(words="Chờ lâu quá", unit=place.unit, received_by=official.user, now=now)


def _rarer(place: Place, official: Official) -> None:
    """Put a row on what is empty on most days."""
    now, today, user = clock.now(), clock.today(), official.user
    said = {"title": "Hẹn lại", "body": "Mời đến", "written_by": user, "written_at": now}
    AnswerText.objects.create(agency=official.agency, **said)
    Payment.objects.create(
        dossier=place.dossier, amount_vnd=50_000, reference="DVC1", asked_at=now, state="due"
    )
    PaymentNotice.objects.create(
        gateway="demo",
        transaction="FT1",
        reference="",
        amount_vnd=7,
        verdict=NoticeVerdict.UNKNOWN,
    )
    Report.objects.create(
        span=Span.WEEK,
        unit=official.agency.unit,
        first=today - timedelta(days=7),
        last=today - timedelta(days=1),
        figures={"early": 1, "on_time": 2, "late": 1, "overdue": 0, "no_term": 0},
        pdf=b"",
        pdf_digest="0" * 64,
        xlsx=b"",
        xlsx_digest="0" * 64,
        made_at=now,
    )
    directive = Directive.objects.create(agency=official.agency, due_on=today)
    directive.dossiers.add(place.dossier)
    directive.steps.create(act=DirectiveAct.GIVEN, by=user, at=now, words="Báo cáo")
    Course.objects.create(title="Ngày đầu", roles=list(Role), material="Xem", added_by=user)


def _rehearsal_and_import(world: World, person: Citizen) -> None:
    version = RuleVersion.objects.filter(rule__key="driving_licence_renewal").latest("pk")
    unit = person.unit_id
    rehearsed(version, lines=[[world.today.isoformat(), unit, 12, 30]])
    batch = BatchFactory(register__code="NPD", kind="person", header=["pin", "full_name"])
    Rejection.objects.create(
        batch=batch,
        line=7,
        column="full_name",
        code="x",
        reason_vi="Sai",
        row_enc=Rejection.seal_row(batch, 7, [person.pin or "", person.full_name]),
    )


def _of_rows() -> Iterator[str]:
    """Yield one row's page of each kind."""
    parked = ExchangeRow.objects.get(state=ExchangeState.PARKED)
    day = f"?week={clock.today().isoformat()}"
    for name, keys, query in (
        ("office_dossier", [Dossier.objects.latest("pk").public_id], ""),
        ("office_counter_person", [CounterVisit.objects.latest("pk").public_id], ""),
        ("citizens_citizen_change", [Citizen.objects.earliest("pk").pk], ""),
        ("citizens_discrepancy_change", [Discrepancy.objects.latest("pk").pk], ""),
        ("citizens_datarequest_change", [DataRequest.objects.latest("pk").pk], ""),
        ("office_batch", [Batch.objects.latest("pk").public_id], ""),
        ("office_register", [Register.objects.earliest("pk").code], ""),
        ("procedures_rule_change", [Rule.objects.latest("pk").pk], ""),
        ("procedures_ruleversion_change", [RuleVersion.objects.latest("pk").pk], ""),
        ("procedures_procedureversion_change", [ProcedureVersion.objects.latest("pk").pk], ""),
        ("procedures_suggestion_change", [Suggestion.objects.latest("pk").pk], ""),
        ("office_rehearsal", [RehearsalRun.objects.latest("pk").rule_version_id], ""),
        ("office_rehearsal_people", [RehearsalRun.objects.latest("pk").pk], day),
        ("office_text_topic", [Topic.objects.earliest("pk").pk], ""),
        ("office_text_version", [TextVersion.objects.latest("pk").pk], ""),
        ("notifications_message_change", [Message.objects.latest("pk").pk], ""),
        ("office_call_back", [CallBack.objects.latest("pk").public_id], ""),
        ("office_delivery_choose", ["suppress"], ""),
        ("office_delivery_gateway", ["sms"], ""),
        ("office_feedback_one", [Feedback.objects.latest("pk").public_id], ""),
        ("office_breach", [Breach.objects.latest("pk").public_id], ""),
        ("office_directive", [Directive.objects.latest("pk").public_id], ""),
        ("office_course", [Course.objects.latest("pk").public_id], ""),
        ("office_exchange_row", [parked.public_id], ""),
        ("office_exchange_word", [ExchangeInbox.objects.latest("pk").pk], ""),
        ("office_exchange_difference", [Difference.objects.latest("pk").public_id], ""),
        ("office_exchange_act", ["resend"], f"?row={parked.public_id}"),
        ("office_exchange_compare", [], f"?partner={NATIONAL_PORTAL}"),
    ):
        yield reverse(f"admin:{name}", args=keys) + query
