"""One row of what most tests of the desk do without, so that no page of the desk stays unopened.

Every word in them carries the mark of the place to which they belong.
"""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import TYPE_CHECKING

import openpyxl

from citizens.enums import Role
from citizens.models import Breach, Course, Holiday, Official, Rejection, User
from dossiers.enums import (
    DelayKind,
    NoticeVerdict,
)
from dossiers.models import (
    AnswerText,
    AutomaticDecision,
    DigitisingBatch,
    Dispute,
    Dossier,
    LogBook,
    Payment,
    PaymentNotice,
    QueueFilter,
)
from dossiers.services.counter_visits import open_visit
from dossiers.services.open_hall import open_hall
from dossiers.services.take_ticket import take_ticket
from notifications.enums import ActKind
from notifications.models import OperatorAct, Topic, ZaloTemplate
from portal.common import clock
from portal.reporting.feedback.taking import take_feedback
from portal.reporting.overdue.enums import DirectiveAct
from portal.reporting.overdue.models import Directive
from portal.reporting.reports.enums import Span
from portal.reporting.reports.models import Report
from procedures.models import BundleVersion, Programme, RuleVersion
from tests.factories.citizens import BatchFactory, UserFactory
from tests.factories.exchange import in_every_state
from tests.factories.papers import a_document
from tests.factories.procedures import BundleVersionFactory
from tests.factories.rehearsals import rehearsed

if TYPE_CHECKING:
    from tests.office.places import Place


def rare_rows(place: Place, *, by: Official) -> None:
    """Put one of everything on the desks of `by`, about the people and dossiers of the place."""
    _words(place, by)
    _at_the_counter(place, by)
    _papers(place, by)
    _money(place.dossier)
    _data(place, by.user)
    _of_leaders(place, by)
    in_every_state(place.dossier, by.user)


def _words(place: Place, by: Official) -> None:
    now, user = clock.now(), by.user
    written = {"written_by": user, "written_at": now}
    AnswerText.objects.create(
        agency=by.agency, title=place.mark, body=f"Lời của {place.mark}", **written
    )
    QueueFilter.objects.create(official=by, name=place.mark, query="where=unit")
    if not BundleVersion.objects.exists():
        BundleVersionFactory(draft=True)
    Holiday.objects.get_or_create(day=date(2027, 1, 1), name_vi="Tết Dương lịch")
    topic = Topic.objects.order_by("pk")[0]
    ZaloTemplate.objects.get_or_create(topic=topic, template_id="1")
    # Whoever runs the gateways runs them for all places.
    OperatorAct.objects.create(
        kind=ActKind.SUPPRESS, reason="Máy hỏng", by=UserFactory(of_official=True)
    )
    Programme.objects.get_or_create(
        key="doi-giay-phep-lai-xe",
        defaults={"title_vi": "Đổi giấy phép", "from_on": clock.today(), "written_by": user},
    )


def _at_the_counter(place: Place, by: Official) -> None:
    now = clock.now()
    hall = open_hall(agency=by.agency)
    take_ticket(group=hall.groups.get(prefix="A"), has_priority=False, now=now)
    open_visit(official=by, applicant=place.citizen, now=now)


def _papers(place: Place, by: Official) -> None:
    batch = DigitisingBatch.objects.create(
        agency=by.agency, official=by, name=f"Sổ của {place.mark}"
    )
    a_document(place.citizen.party, given_name=f"{place.mark}.pdf", batch=batch, digitised_by=by)
    LogBook.objects.create(
        agency=by.agency,
        since=clock.today(),
        until=clock.today(),
        row_count=1,
        form_version="TT 03/2025",
        size=1,
        sha256="0" * 64,
        stored_name=f"log-{place.unit.pk}",
        official=by.user,
        made_at=clock.now(),
    )


def _money(dossier: Dossier) -> None:
    Payment.objects.create(
        dossier=dossier,
        amount_vnd=50_000,
        reference=f"DVC{dossier.pk}",
        asked_at=clock.now(),
        state="due",
    )
    PaymentNotice.objects.get_or_create(
        gateway="demo",
        transaction="FT1",
        defaults={"reference": "", "amount_vnd": 7, "verdict": NoticeVerdict.UNKNOWN},
    )


def _data(place: Place, by: User) -> None:
    now, person = clock.now(), place.citizen
    Breach.objects.create(
        title=f"Gửi nhầm thư của {place.mark}",
        found_at=now - timedelta(hours=60),
        since=now - timedelta(days=3),
        actor=by,
    )
    version = RuleVersion.objects.filter(rule__key="driving_licence_renewal").latest("pk")
    rehearsed(version, lines=[[clock.today().isoformat(), person.unit_id, 12, 30]])
    batch = BatchFactory(register__code="NPD", kind="person", header=["pin", "full_name"])
    Rejection.objects.create(
        batch=batch,
        line=7,
        column="full_name",
        code="x",
        reason_vi="Sai",
        row_enc=Rejection.seal_row(batch, 7, [person.pin or "", person.full_name]),
    )


def _of_leaders(place: Place, by: Official) -> None:
    now, today, user = clock.now(), clock.today(), by.user
    take_feedback(words=f"{place.mark} chờ lâu quá", unit=place.unit, received_by=user, now=now)
    Report.objects.create(
        span=Span.WEEK,
        unit=by.agency.unit,
        first=today - timedelta(days=7),
        last=today - timedelta(days=1),
        figures={"early": 1, "on_time": 2, "late": 1, "overdue": 0, "no_term": 0},
        pdf=b"",
        pdf_digest="0" * 64,
        xlsx=_workbook(place.mark),
        xlsx_digest="0" * 64,
        made_at=now,
    )
    directive = Directive.objects.create(agency=by.agency, due_on=today)
    directive.dossiers.add(place.dossier)
    directive.steps.create(act=DirectiveAct.GIVEN, by=user, at=now, words=f"{place.mark} báo cáo")
    Course.objects.create(title="Ngày đầu", roles=list(Role), material="Xem", added_by=user)
    Dispute.objects.create(
        dossier=place.dossier,
        kind=DelayKind.OTHER_AGENCY,
        claimed_days=1,
        grounds=f"{place.mark} chờ cơ quan khác",
        raised_by=user,
        raised_at=now,
    )
    AutomaticDecision.objects.create(
        dossier=place.dossier,
        grounds=[{"requirement": place.mark, "source": "GPLX", "as_of": "2026-11-20", "met": True}],
        risk=0.1,
        sample_share=1,
        is_sampled=True,
    )


def _workbook(words: str) -> bytes:
    book, written = openpyxl.Workbook(), io.BytesIO()
    book.worksheets[0].append([words])
    book.save(written)
    return written.getvalue()
