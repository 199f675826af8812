"""What a notice saved: the rules over every case, and the database's count against them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from citizens.enums import Role
from dossiers.enums import Action, PaymentState, PaymentWay, Status
from dossiers.models import Dossier, DossierPaper, Payment
from dossiers.savings import Saving, Story, counted_fields, saving_of
from dossiers.selectors.savings import saved_by, saved_by_groups, saved_in_year, saving_for
from dossiers.services.return_online import returned_online
from procedures.enums import FilingChannel
from procedures.models import Suggestion
from tests.dossiers.scene import FRIDAY, Scene, pay_fee, renewal, step
from tests.factories.citizens import CitizenFactory
from tests.factories.dossiers import DossierFactory

BOTH = (True, False)


@pytest.mark.parametrize(
    ("told", "afar", "counter", "back", "asking", "filing", "collecting"),
    [
        (True, True, False, True, 1, 1, 1),
        (True, True, False, False, 1, 1, 0),
        (True, True, True, True, 1, 0, 1),
        (True, True, True, False, 1, 0, 0),
        (True, False, False, True, 1, 0, 1),
        (True, False, False, False, 1, 0, 0),
        (True, False, True, True, 1, 0, 1),
        (True, False, True, False, 1, 0, 0),
        (False, True, False, True, 0, 1, 1),
        (False, True, False, False, 0, 1, 0),
        (False, True, True, True, 0, 0, 1),
        (False, True, True, False, 0, 0, 0),
        (False, False, False, True, 0, 0, 1),
        (False, False, False, False, 0, 0, 0),
        (False, False, True, True, 0, 0, 1),
        (False, False, True, False, 0, 0, 0),
    ],
)
def test_three_trips_by_three_rules(
    told: bool, afar: bool, counter: bool, back: bool, asking: int, filing: int, collecting: int
) -> None:
    saving = saving_of(Story(told, afar, counter, back, 15, 14, 2, 60))

    assert (saving.asking, saving.filing, saving.collecting) == (asking, filing, collecting)
    assert saving.trips == asking + filing + collecting
    assert (saving.fields_known, saving.fields, saving.papers_known) == (14, 15, 2)


def test_a_form_is_counted_by_the_source_of_each_answer() -> None:
    sources = ("register", "register", "citizen", "computed", "applicant", "contested")
    form = {str(place): {"source": source} for place, source in enumerate(sources)}

    assert counted_fields(form) == (6, 2)
    assert counted_fields({}) == (0, 0)


def done(scene: Scene) -> Dossier:
    """Return the scene's dossier with its result decided."""
    dossier = step(scene.submit(), Action.RECEIVE, scene.officer(Role.CASE_OFFICER))
    dossier = step(dossier, Action.START_PROCESSING, scene.officer())
    return pay_fee(step(dossier, Action.APPROVE, scene.officer()))


@pytest.mark.django_db
def test_a_dossier_from_notice_to_file_saved_three_trips() -> None:
    scene = renewal()
    dossier = done(scene)
    assert saving_for(dossier=dossier) is None

    assert returned_online(dossier=dossier, now=FRIDAY) is True
    assert returned_online(dossier=dossier, now=FRIDAY) is False

    dossier.refresh_from_db()
    assert (dossier.status, dossier.returned_by) == (Status.RETURNED, FilingChannel.ONLINE)
    form = dossier.form
    known = sum(field["source"] == "register" for field in form.values())
    papers = dossier.papers.exclude(satisfied_by__in=("", "GENERATED")).count()
    assert saving_for(dossier=dossier) == Saving(1, 1, 1, len(form), known, papers, 60)
    assert known > 0


@pytest.mark.django_db
def test_the_database_counts_what_the_rules_say_for_every_kind() -> None:
    """Sixteen kinds of dossiers and one that is not returned: one query, the same sums."""
    scene = renewal()
    citizen = CitizenFactory(unit=scene.commune)
    expected = []
    for place, (told, afar, counter, back) in enumerate(product(BOTH, repeat=4)):
        dossier = DossierFactory(
            owner_citizen=citizen,
            status=Status.RETURNED,
            suggestion=_notice(scene, place) if told else None,
            competent=scene.agency,
            channel=FilingChannel.ONLINE if afar else FilingChannel.DIRECT,
            returned_by=FilingChannel.POSTAL if back else FilingChannel.DIRECT,
            returned_at=FRIDAY + timedelta(days=place),
            field_count=10 + place,
            known_field_count=place,
            ledgers=False,
        )
        DossierPaper.objects.create(
            dossier=dossier, component_code="A", name_vi="A", satisfied_by="NPD.record"
        )
        DossierPaper.objects.create(
            dossier=dossier, component_code="B", name_vi="B", satisfied_by="GENERATED"
        )
        DossierPaper.objects.create(dossier=dossier, component_code="C", name_vi="C")
        if counter:
            _pay_at_counter(dossier, PaymentState.REFUNDED if place % 3 else PaymentState.PAID)
        story = Story(told, afar, counter, back, 10 + place, place, 1, 60 if told else None)
        expected.append(saving_of(story))
    DossierFactory(owner_citizen=citizen, competent=scene.agency, processing=True, field_count=9)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        total = saved_by(Dossier.objects.all())

    assert len(queries) == 1
    assert total.dossiers == 16
    for name in ("asking", "filing", "collecting", "fields", "fields_known", "papers_known"):
        assert getattr(total, name) == sum(getattr(one, name) for one in expected), name
    groups = saved_by_groups(Dossier.objects.all(), "channel")
    assert sum(one.trips for one in groups.values()) == total.trips
    assert saved_in_year(citizen=citizen, year=2026) == total
    assert saved_in_year(citizen=citizen, year=2025).dossiers == 0


@pytest.mark.django_db
def test_a_year_is_a_civil_year() -> None:
    """A result handed over at six in the morning of New Year's Day is of the new year."""
    early = FRIDAY.replace(year=2027, month=1, day=1, hour=6)
    dossier = DossierFactory(status=Status.RETURNED, returned_at=early, ledgers=False)

    assert saved_in_year(citizen=dossier.applicant, year=2027).dossiers == 1
    assert saved_in_year(citizen=dossier.applicant, year=2026).dossiers == 0
    assert early.date() == date(2027, 1, 1)


def _notice(scene: Scene, cycle: int) -> Suggestion:
    """Return the scene's suggestion as it would be in another cycle."""
    made = scene.suggestion
    made.pk, made.public_id, made.cycle = None, uuid4(), 100 + cycle
    made.save(force_insert=True)
    return made


def _pay_at_counter(dossier: Dossier, state: PaymentState = PaymentState.PAID) -> None:
    Payment.objects.create(
        dossier=dossier,
        amount_vnd=1,
        reference=f"R{dossier.pk}",
        state=state,
        way=PaymentWay.COUNTER,
        asked_at=FRIDAY,
    )
