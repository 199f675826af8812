"""Who may take a step: roles from standing grants over the competent unit, never for one's own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from citizens.enums import RelationKind, Role
from citizens.models import Citizen, Grant, User
from dossiers.enums import Action, Actor, ClockColour, Status
from dossiers.models import Dossier
from dossiers.selectors import dossiers_of, offered_actions, queue_of
from dossiers.services import advance
from portal.common.errors import RefusedError, StaleVersionError
from tests.dossiers.scene import FRIDAY, Scene, renewal, step
from tests.factories.citizens import (
    AuthorityFactory,
    CitizenFactory,
    RelationFactory,
    UnitFactory,
    UserFactory,
)
from tests.factories.dossiers import DossierFactory

TODAY = FRIDAY.date()


def refused(dossier: Dossier, action: Action, user: User | None, **told: object) -> str:
    """Try a step, see it refused, see nothing changed, and return the reason."""
    events = dossier.events.count()
    with pytest.raises(RefusedError) as error:
        advance(
            dossier=dossier,
            action=action,
            user=user,
            version=dossier.version,
            now=FRIDAY,
            **told,  # type: ignore[arg-type]
        )
    stored = Dossier.objects.get(pk=dossier.pk)
    assert (stored.status, stored.version) == (dossier.status, dossier.version)
    assert stored.events.count() == events
    return str(error.value)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "action", "may"),
    [
        (Role.RECEPTIONIST, Action.RECEIVE, True),
        (Role.CASE_OFFICER, Action.RECEIVE, True),
        (Role.HEAD_OF_UNIT, Action.RECEIVE, False),
        (Role.PROVINCIAL_LEADER, Action.RECEIVE, False),
        (Role.CATALOGUE_EDITOR, Action.RECEIVE, False),
        (Role.ADMINISTRATOR, Action.RECEIVE, False),
        (Role.RECEPTIONIST, Action.APPROVE, False),
        (Role.CASE_OFFICER, Action.APPROVE, True),
        (Role.HEAD_OF_UNIT, Action.APPROVE, True),
        (Role.AUDITOR, Action.APPROVE, False),
    ],
)
def test_roles(role: Role, action: Action, may: bool) -> None:
    scene = renewal()
    dossier = scene.submit()
    if action is Action.APPROVE:
        dossier = step(dossier, Action.RECEIVE, scene.officer())
        dossier = step(dossier, Action.START_PROCESSING, scene.officer())
    user = scene.officer(role)

    offered = [offer.action for offer in offered_actions(dossier=dossier, user=user, day=TODAY)]

    assert (action in offered) is may
    if may:
        assert step(dossier, action, user).version == dossier.version + 1
    else:
        refused(dossier, action, user)


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["below", "beside", "ended", "unconfirmed", "left", "inactive"])
def test_a_grant_counts_only_where_and_while_it_stands(where: str) -> None:
    scene = renewal()
    dossier = scene.submit()
    user = scene.officer(Role.CASE_OFFICER)
    grant = Grant.objects.get(official=user.pk)
    match where:
        case "below":
            grant.unit = scene.commune
        case "beside":
            grant.unit = UnitFactory(province=True)
        case "ended":
            grant.valid = DateRange(None, TODAY)
        case "unconfirmed":
            grant.confirmed_by = None
        case "left":
            user.official.employed = DateRange(None, TODAY)
            user.official.save()
        case _:
            user.is_active = False
            user.save()
    grant.save()

    assert offered_actions(dossier=dossier, user=user, day=TODAY) == []
    assert not queue_of(user=user, day=TODAY).exists()
    refused(dossier, Action.RECEIVE, user)


def _kin(scene: Scene, how: str) -> Citizen:
    """Return the official's own record, related to the dossier in one way."""
    me = CitizenFactory(unit=scene.commune)
    match how:
        case "self":
            return scene.citizen
        case "mother":
            RelationFactory(person=me, relative=scene.citizen, kind=RelationKind.MOTHER)
        case "child":
            RelationFactory(person=scene.citizen, relative=me, kind=RelationKind.FATHER)
        case "spouse":
            RelationFactory(person=me, relative=scene.citizen, kind=RelationKind.SPOUSE)
        case "representative":
            AuthorityFactory(actor=me, for_party=scene.citizen.party, basis="power_of_attorney")
    return me


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["self", "mother", "child", "spouse", "representative"])
def test_nobody_decides_for_self_or_family(how: str) -> None:
    scene = renewal()
    dossier = scene.submit()
    me = _kin(scene, how)
    user = scene.officer(Role.CASE_OFFICER, pin=me.pin)

    assert offered_actions(dossier=dossier, user=user, day=TODAY) == []
    with override("en"):
        reason = refused(dossier, Action.RECEIVE, user)
    assert reason == "Nobody decides for themselves or their family."


@pytest.mark.django_db
def test_a_stranger_of_the_same_name_may_decide() -> None:
    scene = renewal()
    user = scene.officer(Role.CASE_OFFICER, pin=CitizenFactory(unit=scene.commune).pin)

    assert step(scene.submit(), Action.RECEIVE, user).status == Status.RECEIVED


@pytest.mark.django_db
def test_a_marriage_that_ended_no_longer_binds() -> None:
    scene = renewal()
    former = CitizenFactory(unit=scene.commune)
    RelationFactory(
        person=former,
        relative=scene.citizen,
        kind=RelationKind.SPOUSE,
        valid=DateRange(None, TODAY),
    )
    user = scene.officer(Role.CASE_OFFICER, pin=former.pin)

    assert step(scene.submit(), Action.RECEIVE, user).status == Status.RECEIVED


@pytest.mark.django_db
def test_citizens_touch_only_their_own_and_only_their_own_steps() -> None:
    scene = renewal()
    dossier = scene.submit()
    stranger = UserFactory()

    refused(dossier, Action.WITHDRAW, stranger)
    refused(dossier, Action.RECEIVE, scene.user)
    refused(dossier, Action.WITHDRAW, scene.officer(Role.CASE_OFFICER))
    assert [
        offer.action for offer in offered_actions(dossier=dossier, user=scene.user, day=TODAY)
    ] == [Action.WITHDRAW]


@pytest.mark.django_db
def test_the_role_that_is_named_must_be_held() -> None:
    scene = renewal()
    dossier = scene.submit()
    receptionist = scene.officer(Role.RECEPTIONIST)

    refused(dossier, Action.RECEIVE, receptionist, actor_role=Actor.CASE_OFFICER)
    refused(dossier, Action.RECEIVE, None)  # the system does not receive

    dossier = step(dossier, Action.RECEIVE, receptionist)
    event = dossier.events.get(action=Action.RECEIVE)
    assert (event.actor_role, event.official) == (Actor.RECEPTIONIST, receptionist)


@pytest.mark.django_db
def test_what_goes_against_the_citizen_needs_a_reason() -> None:
    scene = renewal()
    dossier, officer = scene.submit(), scene.officer(Role.CASE_OFFICER)

    refused(dossier, Action.REFUSE_RECEPTION, officer)
    refused(dossier, Action.REFUSE_RECEPTION, officer, note="   \n ")
    refused(dossier, Action.REFUSE_RECEPTION, officer, note="dài " * 200)

    assert [
        (offer.action, offer.reasoned)
        for offer in offered_actions(dossier=dossier, user=officer, day=TODAY)
    ] == [
        (Action.RECEIVE, False),
        (Action.REFUSE_RECEPTION, True),
        (Action.REQUEST_SUPPLEMENT, True),
        (Action.FORWARD, False),
        (Action.REASSIGN, True),
    ]


@pytest.mark.django_db
def test_a_step_on_an_old_page_is_refused() -> None:
    scene = renewal()
    dossier, officer = scene.submit(), scene.officer(Role.CASE_OFFICER)
    received = step(dossier, Action.RECEIVE, officer)

    with pytest.raises(StaleVersionError):
        advance(
            dossier=dossier,
            action=Action.START_PROCESSING,
            user=officer,
            version=dossier.version,
            now=FRIDAY,
        )

    assert Dossier.objects.get().version == received.version


@pytest.mark.django_db
def test_the_queue_shows_the_most_urgent_first_and_nothing_of_others() -> None:
    scene = renewal()
    officer = scene.officer(Role.CASE_OFFICER)
    ages = {"late": 14, "soon": 5, "on_time": 0}
    made = {
        name: DossierFactory(
            competent=scene.agency, processing=True, submitted_at=FRIDAY - timedelta(days=days)
        )
        for name, days in ages.items()
    }
    fresh = DossierFactory(
        competent=scene.agency, submitted_at=FRIDAY, expected_on=TODAY + timedelta(days=1)
    )
    paused = step(
        DossierFactory(
            competent=scene.agency, received=True, submitted_at=FRIDAY + timedelta(days=3)
        ),
        Action.REQUEST_SUPPLEMENT,
        officer,
        note="Thiếu ảnh",
    )
    DossierFactory(processing=True, submitted_at=FRIDAY)  # somewhere else
    DossierFactory(competent=scene.agency, status=Status.RETURNED, ledgers=False)

    queue = queue_of(user=officer, day=TODAY)

    colours = [(row.pk, row.colour) for row in queue]  # type: ignore[attr-defined]
    assert colours == [
        (made["late"].pk, ClockColour.LATE),
        (fresh.pk, ClockColour.NOT_STARTED),
        (made["soon"].pk, ClockColour.SOON),
        (made["on_time"].pk, ClockColour.ON_TIME),
        (paused.pk, ClockColour.PAUSED),
    ]


@pytest.mark.django_db
def test_lists_ask_a_constant_number_of_queries(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    scene = renewal()
    officer = scene.officer(Role.CASE_OFFICER)
    for _ in range(6):
        DossierFactory(competent=scene.agency, owner_citizen=scene.citizen, processing=True)

    for rows in (queue_of(user=officer, day=TODAY), dossiers_of(citizen=scene.citizen)):
        with django_assert_max_num_queries(1):
            shown = [
                (row.owner.citizen, row.applicant, row.competent.unit, row.procedure_version)
                for row in rows
            ]
        assert len(shown) == 6
