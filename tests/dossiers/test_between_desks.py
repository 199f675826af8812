"""Received anywhere, decided by the competent agency; handed over, covered, step by step."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.translation import override

from citizens.enums import RelationKind, Role
from citizens.models import Citizen, User
from dossiers.enums import Action, Status
from dossiers.models import Absence, Dossier
from dossiers.selectors import offered_actions, queue_of
from dossiers.services import advance
from dossiers.services.absences import enter_absence, finish_absence
from dossiers.services.hand_on import hand_on
from portal.common.errors import RefusedError
from procedures.enums import FilingChannel
from procedures.services.load_catalogue import CATALOGUE_FILE, read_catalogue
from tests.dossiers.office_scene import MONDAY, TODAY, elsewhere, processing
from tests.dossiers.scene import FRIDAY, pay_fee, renewal, step
from tests.factories.citizens import AgencyFactory, CitizenFactory, RelationFactory, UnitFactory
from tests.factories.dossiers import LICENCE, catalogued_version

pytestmark = pytest.mark.django_db


def told(dossier: Dossier, action: Action, user: User | None, **details: object) -> Dossier:
    """Take a step that is told more than its note."""
    return advance(
        dossier=dossier,
        action=action,
        user=user,
        version=dossier.version,
        now=FRIDAY,
        **details,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("is_free", [True, False])
def test_any_office_receives_and_passes_on_but_only_the_competent_one_works(is_free: bool) -> None:
    # Given a dossier that a ward's office received for the traffic police of the city
    catalogued_version(LICENCE, boundary_free=is_free)
    scene = renewal()
    clerk = elsewhere(scene, Role.RECEPTIONIST, Role.CASE_OFFICER, Role.HEAD_OF_UNIT)
    officer = scene.officer(Role.CASE_OFFICER)
    dossier = step(scene.submit(), Action.RECEIVE, clerk)

    # Then both offices find it, and three organisations stand on it
    assert (dossier.received_at, dossier.competent) == (clerk.official.agency, scene.agency)
    assert list(queue_of(user=clerk, day=TODAY)) == [dossier]
    assert list(queue_of(user=officer, day=TODAY)) == [dossier]
    for action in (Action.START_PROCESSING, Action.STOP, Action.REQUEST_PAYMENT):
        with pytest.raises(RefusedError):
            step(dossier, action, clerk, note="Không đủ điều kiện")

    # When the competent agency begins before the dossier came
    if is_free:
        assert step(dossier, Action.START_PROCESSING, officer).status == Status.PROCESSING
        return
    with override("en"), pytest.raises(RefusedError, match="has to pass them on first"):
        step(dossier, Action.START_PROCESSING, officer)

    # Then it waits for it
    stage = dossier.stages.get(left_at__isnull=True)
    assert (stage.agency, stage.due_on) == (clerk.official.agency, TODAY)
    dossier = told(dossier, Action.FORWARD, clerk)
    assert not dossier.stages.filter(left_at__isnull=True).exists()
    assert step(dossier, Action.START_PROCESSING, officer).status == Status.PROCESSING


def test_a_dossier_is_passed_on_once_and_by_whoever_received_it() -> None:
    scene = renewal()
    clerk, stranger = elsewhere(scene), elsewhere(scene)
    dossier = step(scene.submit(), Action.RECEIVE, clerk)

    for user in (stranger, scene.officer(Role.CASE_OFFICER)):
        with pytest.raises(RefusedError):
            told(dossier, Action.FORWARD, user)
    dossier = told(dossier, Action.FORWARD, clerk)
    with pytest.raises(RefusedError):
        told(dossier, Action.FORWARD, clerk)


def test_the_competence_goes_only_to_an_agency_of_the_same_kind() -> None:
    scene = renewal()
    officer = scene.officer(Role.CASE_OFFICER)
    same = AgencyFactory(kind=scene.agency.kind, unit=UnitFactory(province=True))
    other = AgencyFactory(kind__key="so_y_te", unit=scene.city)
    dossier = scene.submit()

    with pytest.raises(RefusedError):
        told(dossier, Action.FORWARD, officer, agency=other)
    with pytest.raises(RefusedError):
        told(dossier, Action.FORWARD, elsewhere(scene), agency=same)
    moved = told(dossier, Action.FORWARD, officer, agency=same)

    assert (moved.competent, moved.code) == (same, dossier.code)
    offers = {offer.action for offer in offered_actions(dossier=moved, user=officer, day=TODAY)}
    assert Action.REASSIGN not in offers
    assert Action.RECEIVE in offers


@pytest.mark.parametrize(
    ("who", "channel", "kept"),
    [
        ("elsewhere", None, FilingChannel.DIRECT),
        ("here", FilingChannel.POSTAL, FilingChannel.POSTAL),
        (None, None, FilingChannel.ONLINE),
    ],
)
def test_a_result_is_returned_at_any_office_by_post_or_online(
    who: str | None, channel: FilingChannel | None, kept: FilingChannel
) -> None:
    scene = renewal()
    officer = scene.officer(Role.CASE_OFFICER)
    decided = pay_fee(step(processing(scene, officer), Action.APPROVE, officer))
    user = {"elsewhere": elsewhere(scene), "here": officer, None: None}[who]

    returned = told(decided, Action.RETURN_RESULT, user, channel=channel)

    assert returned.returned_by == kept
    assert returned.returned_from == (user.official.agency if user else None)


def test_a_dossier_is_handed_over_to_a_colleague_who_is_there() -> None:
    scene = renewal()
    head = scene.officer(Role.HEAD_OF_UNIT)
    dossier = processing(scene)
    colleague = scene.officer(Role.CASE_OFFICER)
    me = CitizenFactory(unit=scene.commune)
    RelationFactory(person=me, relative=scene.citizen, kind=RelationKind.MOTHER)
    mother = scene.officer(Role.CASE_OFFICER, pin=me.pin)
    away = scene.officer(Role.CASE_OFFICER)
    Absence.objects.create(
        official=away.official, cover=colleague.official, away=(TODAY, TODAY + timedelta(days=2))
    )
    wrong = [None, mother, away, elsewhere(scene), scene.officer(Role.RECEPTIONIST)]

    for user in wrong:
        to = None if user is None else user.official
        with pytest.raises(RefusedError):
            told(dossier, Action.REASSIGN, head, to=to, note="Chia việc")
    with pytest.raises(RefusedError):
        told(dossier, Action.REASSIGN, head, to=colleague.official)
    moved = told(dossier, Action.REASSIGN, head, to=colleague.official, note="Chia việc")

    assert moved.assignee == colleague.official
    assert moved.stages.get(left_at__isnull=True, entered_at__isnull=False).official == (
        colleague.official
    )


def test_a_cover_sees_and_works_on_the_absent_ones_dossiers_but_signs_for_nobody() -> None:
    # Given a colleague of the same agency who was granted a part of the city only
    scene = renewal()
    officer = scene.officer(Role.CASE_OFFICER)
    dossier = processing(scene, officer)
    cover = scene.officer(Role.RECEPTIONIST, unit=scene.commune)
    assert not queue_of(user=cover, day=TODAY).exists()

    # When the officer is away
    absence = enter_absence(
        official=officer.official,
        cover=cover.official,
        first=TODAY,
        last=TODAY + timedelta(days=4),
        reason="Nghỉ phép",
        by=officer.official,
        now=FRIDAY,
    )

    # Then the cover finds the dossier and works on it as the officer would
    assert list(queue_of(user=cover, day=TODAY)) == [dossier]
    offers = {offer.action for offer in offered_actions(dossier=dossier, user=cover, day=TODAY)}
    assert {Action.APPROVE, Action.REQUEST_SUPPLEMENT} <= offers
    later = absence.away.upper
    assert later is not None
    assert not queue_of(user=cover, day=later).exists()
    finish_absence(absence=absence, by=officer.official, version=1, now=FRIDAY)
    assert not queue_of(user=cover, day=TODAY).exists()
    with pytest.raises(RefusedError):
        step(dossier, Action.APPROVE, cover)


def test_a_cover_does_not_act_for_family() -> None:
    scene = renewal()
    officer = scene.officer(Role.CASE_OFFICER)
    dossier = processing(scene, officer)
    me: Citizen = CitizenFactory(unit=scene.commune)
    RelationFactory(person=me, relative=scene.citizen, kind=RelationKind.SPOUSE)
    cover = scene.officer(Role.RECEPTIONIST, unit=scene.commune, pin=me.pin)
    Absence.objects.create(official=officer.official, cover=cover.official, away=(TODAY, None))

    with override("en"), pytest.raises(RefusedError, match="their family"):
        step(dossier, Action.APPROVE, cover)


@pytest.mark.parametrize("wrong", ["cover elsewhere", "past", "stranger", "cover away", "twice"])
def test_an_absence_that_cannot_be_is_refused(wrong: str) -> None:
    scene = renewal()
    me, cover, third = (scene.officer(Role.CASE_OFFICER).official for _ in range(3))
    days = (TODAY, TODAY + timedelta(days=3))
    if wrong == "cover away":
        Absence.objects.create(official=cover, cover=third, away=(TODAY, None))
    if wrong == "twice":
        Absence.objects.create(official=me, cover=third, away=(TODAY, None))

    with pytest.raises(RefusedError):
        enter_absence(
            official=me,
            cover=elsewhere(scene).official if wrong == "cover elsewhere" else cover,
            first=days[0] - timedelta(days=9 if wrong == "past" else 0),
            last=days[1] - timedelta(days=9 if wrong == "past" else 0),
            reason="",
            by=third if wrong == "stranger" else me,
            now=FRIDAY,
        )


def test_the_work_goes_step_by_step_with_limits_of_its_own() -> None:
    # Given a procedure whose catalogue names a step of one working day
    scene = renewal()
    officer = scene.officer(Role.CASE_OFFICER)
    dossier = processing(scene, officer)

    # Then reception lies behind, the step is entered, the decision is to come
    stages = list(dossier.stages.all())
    assert [bool(stage.left_at) for stage in stages] == [True, False, False]
    assert (stages[1].due_on, stages[1].official) == (MONDAY.date(), officer.official)
    assert stages[2].entered_at is None

    # When it is handed on to a colleague
    colleague = scene.officer(Role.CASE_OFFICER).official
    moved = hand_on(
        dossier=dossier,
        stage=stages[2],
        to=colleague,
        user=officer,
        version=dossier.version,
        now=MONDAY,
    )

    # Then the colleague has the dossier, and nobody goes back
    assert (moved.assignee, moved.version) == (colleague, dossier.version + 1)
    now_in = moved.stages.get(left_at__isnull=True)
    assert (now_in.pk, now_in.official) == (stages[2].pk, colleague)
    with pytest.raises(RefusedError):
        hand_on(
            dossier=moved,
            stage=stages[1],
            to=None,
            user=officer,
            version=moved.version,
            now=MONDAY,
        )
    done = step(moved, Action.APPROVE, officer, now=MONDAY)
    assert not done.stages.filter(left_at__isnull=True).exists()


def test_no_step_of_a_same_day_procedure_is_due_before_the_dossier() -> None:
    # Given one that came in after the cut-off, so that it counts from Monday
    catalogue, _rules = read_catalogue(CATALOGUE_FILE)
    licence = next(one for one in catalogue.procedures if one.key == LICENCE)
    usual = licence.to_json()["processing"]
    same_day = {"days": 0, "unit": "same_day", "cutoff_time": "15:00", "internal_steps": []}
    catalogued_version(LICENCE, processing=usual | same_day)
    scene = renewal()
    officer, evening = scene.officer(Role.CASE_OFFICER), FRIDAY.replace(hour=20)

    dossier = step(scene.submit(now=evening), Action.RECEIVE, officer, now=evening)
    dossier = step(dossier, Action.START_PROCESSING, officer, now=evening)

    stage = dossier.stages.get(entered_at__isnull=False, left_at__isnull=True)
    assert dossier.due_on == stage.due_on == (FRIDAY + timedelta(days=3)).date()


def test_a_steps_limit_waits_while_the_citizen_is_asked() -> None:
    scene = renewal()
    officer = scene.officer(Role.CASE_OFFICER)
    dossier = told(
        processing(scene, officer),
        Action.REQUEST_SUPPLEMENT,
        officer,
        note="Thiếu giấy khám",
        components=("GPLX-02",),
    )
    asked = dossier.stages.get(entered_at__isnull=False, left_at__isnull=True)

    dossier = step(dossier, Action.START_PROCESSING, officer, now=MONDAY)

    now_in = dossier.stages.get(entered_at__isnull=False, left_at__isnull=True)
    assert now_in.pk == asked.pk
    assert now_in.due_on == MONDAY.date() + timedelta(days=1)


def test_who_decides_from_an_earlier_step_has_done_the_last_one() -> None:
    scene = renewal()
    officer = scene.officer(Role.CASE_OFFICER)
    dossier = processing(scene, officer)

    done = step(dossier, Action.APPROVE, officer, now=MONDAY)

    last = done.stages.order_by("position").last()
    assert last is not None
    assert (last.entered_at, last.left_at, last.official) == (MONDAY, MONDAY, officer.official)
