"""Every (status, action, role) through `advance` itself: reached by the table's word or refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import transaction

from citizens.enums import Role
from citizens.models import Official, User
from dossiers.enums import Action, Actor, DecisionMode, Status
from dossiers.models import Dossier
from dossiers.services import advance
from dossiers.workflow import TABLE, step_for
from portal.common.errors import RefusedError
from tests.dossiers.scene import FRIDAY, Scene, bring_papers, pay_fee, renewal
from tests.factories.citizens import AgencyFactory, GrantFactory, OfficialFactory, UnitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# The shortest way to each status, by officials of the competent agency.
WAYS: dict[Status, tuple[Action, ...]] = {
    Status.REGISTERED: (),
    Status.RECEIVED: (Action.RECEIVE,),
    Status.NOT_RECEIVED: (Action.REFUSE_RECEPTION,),
    Status.PROCESSING: (Action.RECEIVE, Action.START_PROCESSING),
    Status.SUPPLEMENT_REQUESTED: (Action.RECEIVE, Action.REQUEST_SUPPLEMENT),
    Status.PAYMENT_REQUESTED: (Action.RECEIVE, Action.REQUEST_PAYMENT),
    Status.WITHDRAWN: (Action.WITHDRAW,),
    Status.STOPPED: (Action.RECEIVE, Action.STOP),
    Status.DONE: (Action.RECEIVE, Action.START_PROCESSING, Action.APPROVE),
    Status.RETURNED: (
        Action.RECEIVE,
        Action.START_PROCESSING,
        Action.APPROVE,
        Action.RETURN_RESULT,
    ),
}


@dataclass
class Office:
    """Everybody who may try a step, and a colleague to hand a dossier to."""

    scene: Scene
    users: dict[Actor, User | None]
    elsewhere: User
    colleague: Official

    def who(self, actor: Actor, action: Action) -> User | None:
        """Return who tries; what is passed on comes from an office of another unit."""
        if action is Action.FORWARD and actor in (Actor.RECEPTIONIST, Actor.CASE_OFFICER):
            return self.elsewhere
        return self.users[actor]

    def try_step(self, dossier: Dossier, action: Action, actor: Actor) -> Dossier:
        """Take a step as this role and no other, told everything that any step asks for."""
        if action in (Action.START_PROCESSING, Action.SUPPLEMENT):
            bring_papers(dossier)
        return advance(
            dossier=dossier,
            action=action,
            user=self.who(actor, action),
            actor_role=actor,
            version=dossier.version,
            note="Thiếu giấy khám sức khỏe",
            components=("GPLX-02",),
            days=2,
            to=self.colleague,
            now=FRIDAY + timedelta(hours=1),
        )


def _office() -> Office:
    scene = renewal()
    beside = UnitFactory(parent=scene.city)
    elsewhere = OfficialFactory(agency=AgencyFactory(kind__key="ubnd_xa", unit=beside))
    for role in (Role.RECEPTIONIST, Role.CASE_OFFICER):
        GrantFactory(official=elsewhere, role=role)
    return Office(
        scene=scene,
        users={
            Actor.CITIZEN: scene.user,
            Actor.RECEPTIONIST: scene.officer(Role.RECEPTIONIST),
            Actor.CASE_OFFICER: scene.officer(Role.CASE_OFFICER),
            Actor.HEAD_OF_UNIT: scene.officer(Role.HEAD_OF_UNIT),
            Actor.SYSTEM: None,
            Actor.AUTOMATIC: None,
        },
        elsewhere=elsewhere.user,
        colleague=scene.officer(Role.CASE_OFFICER).official,
    )


def _brought_to(office: Office, status: Status) -> Dossier:
    dossier = office.scene.submit()
    for action in WAYS[status]:
        step = TABLE[Status(dossier.status), action]
        actor = next(one for one in Actor if one in step.actors)
        dossier = _made_ready(office, dossier, action, actor)
        dossier = office.try_step(dossier, action, actor)
    assert dossier.status == status
    return dossier


def _made_ready(office: Office, dossier: Dossier, action: Action, actor: Actor) -> Dossier:
    """Return the dossier in the situation that the step is for."""
    if action is Action.SYSTEM_ANSWERED and dossier.status in (Status.RECEIVED, Status.PROCESSING):
        dossier = office.try_step(dossier, Action.WAIT_FOR_SYSTEM, Actor.CASE_OFFICER)
    if action is Action.FORWARD and dossier.status == Status.RECEIVED:
        dossier.received_at = office.elsewhere.official.agency
        dossier.save(update_fields=["received_at"])
    if action is Action.RETURN_RESULT and dossier.status == Status.DONE:
        dossier = pay_fee(dossier)
    if actor is Actor.AUTOMATIC:
        dossier.decision_mode = DecisionMode.AUTOMATIC
        dossier.save(update_fields=["decision_mode"])
    return dossier


def _undone(act: Callable[[], str]) -> str:
    with transaction.atomic():
        told = act()
        transaction.set_rollback(True)
    return told


@pytest.mark.parametrize("status", list(Status))
def test_every_action_of_every_role_is_a_step_of_the_table_or_refused(status: Status) -> None:
    office = _office()
    dossier = _brought_to(office, status)

    for action in Action:
        for actor in Actor:

            def outcome(action: Action = action, actor: Actor = actor) -> str:
                ready = _made_ready(office, Dossier.objects.get(pk=dossier.pk), action, actor)
                return _tried(office, ready, action, actor)

            step = step_for(status, action)
            may = step is not None and actor in step.actors
            expected = f"to {step.to.value}" if may and step else "refused"
            assert _undone(outcome) == expected, (status.name, action, actor)


def _tried(office: Office, dossier: Dossier, action: Action, actor: Actor) -> str:
    """Return where the step led, its traces checked; or that it was refused without a trace."""
    events, entries = dossier.events.count(), dossier.clock_events.count()
    try:
        with transaction.atomic():
            moved = office.try_step(dossier, action, actor)
    except RefusedError:
        stored = Dossier.objects.get(pk=dossier.pk)
        assert (stored.status, stored.version) == (dossier.status, dossier.version)
        assert (stored.events.count(), stored.clock_events.count()) == (events, entries)
        return "refused"
    assert moved.version == dossier.version + 1
    last = moved.events.last()
    assert last is not None
    assert (moved.events.count(), last.action, last.actor_role) == (events + 1, action, actor)
    return f"to {moved.status}"
