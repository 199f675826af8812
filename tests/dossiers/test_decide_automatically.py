"""What a released version decides by itself, and what it leaves to an official."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from citizens.enums import Role
from citizens.models import Citizen
from dossiers.automatic.grounds import Requirement
from dossiers.enums import Action, Actor, DecisionMode, PaymentState, Status
from dossiers.models import (
    AutomaticDecision,
    AutomaticRefusal,
    Dossier,
    DossierEvent,
    Payment,
    Result,
    RiskModel,
)
from dossiers.services import advance
from dossiers.services.decide_automatically import decide_automatically
from notifications.models import Message
from portal.common.errors import RefusedError
from procedures.enums import Answer
from procedures.models import Suggestion
from tests.dossiers.automatic_scene import automatic_scene, switch_on
from tests.dossiers.belongings import case_of
from tests.dossiers.scene import FRIDAY, Scene, step
from tests.factories.citizens import OfficialFactory
from tests.factories.dossiers import DossierFactory

pytestmark = pytest.mark.django_db
SOON = FRIDAY + timedelta(minutes=1)


def decided(dossier: Dossier) -> bool:
    found = decide_automatically(now=SOON)
    dossier.refresh_from_db()
    return found.decided_count == 1


def missing(dossier: Dossier) -> list[str]:
    refusal = AutomaticRefusal.objects.get(dossier=dossier)
    return [ground["requirement"] for ground in refusal.grounds if not ground["met"]]


def test_when_every_ground_is_met_it_is_decided_at_once_and_explained() -> None:
    dossier = automatic_scene().submit()

    assert decided(dossier)

    assert (dossier.status, dossier.decision_mode) == (Status.DONE, DecisionMode.AUTOMATIC)
    steps = dossier.events.exclude(action=Action.SUBMIT)
    assert [(event.action, event.actor_role, event.official) for event in steps] == [
        (Action.RECEIVE, Actor.AUTOMATIC, None),
        (Action.START_PROCESSING, Actor.AUTOMATIC, None),
        (Action.APPROVE, Actor.AUTOMATIC, None),
    ]
    assert Result.objects.get(dossier=dossier).credential is not None
    assert Message.objects.filter(topic="dossier_approved").count() == 1
    decision = AutomaticDecision.objects.get()
    grounds = {ground["requirement"]: ground for ground in decision.grounds}
    assert grounds["paper:GPLX-02"] == {
        "requirement": "paper:GPLX-02",
        "source": "HEALTH",
        "as_of": "2026-11-01",
        "met": True,
    }
    assert grounds["facts:NPD"]["as_of"] == "2026-11-01"
    assert {"discrepancy", "alive", "fee", "apart", "paper:GPLX-01"} <= grounds.keys()
    assert (decision.risk, decision.sample_share) == (0.05, 0.2)
    assert decision.features["first_time"] == 1.0


def test_a_second_round_writes_nothing() -> None:
    dossier = automatic_scene().submit()
    assert decided(dossier)
    before = [table.objects.count() for table in (DossierEvent, AutomaticDecision, Message)]

    assert not decided(dossier)

    assert [t.objects.count() for t in (DossierEvent, AutomaticDecision, Message)] == before


def test_a_manual_version_is_never_decided_by_itself() -> None:
    scene = automatic_scene(automatic=None)
    dossier = scene.submit()

    assert not decided(dossier)

    assert (dossier.status, AutomaticRefusal.objects.count()) == (Status.REGISTERED, 0)


@pytest.mark.parametrize("switches", [[], [True, False]])
def test_nothing_is_decided_while_the_switch_is_off(switches: list[bool]) -> None:
    scene = automatic_scene(is_on=False)
    for is_on in switches:
        switch_on(scene.version, is_on=is_on)
    dossier = scene.submit()

    assert not decided(dossier)
    switch_on(scene.version)
    assert decided(dossier)


def kill(citizen: Citizen) -> None:
    Citizen.objects.filter(pk=citizen.pk).update(died_on=date(2026, 11, 20))


def unsure(scene: Scene) -> None:
    Suggestion.objects.filter(pk=scene.suggestion.pk).update(answer=Answer.LIKELY)


def relate(scene: Scene) -> None:
    """The official who switched it on files for herself."""
    official = OfficialFactory(self_pin_index=bytes(scene.citizen.pin_index or b""))
    switch_on(scene.version, by=official.user)


SPOILED: dict[str, tuple[Callable[[Scene], object], list[str]]] = {
    "discrepancy": (lambda scene: case_of(scene.citizen), [Requirement.DISCREPANCY]),
    "likely": (lambda scene: unsure(scene), [Requirement.ENTITLED]),
    "dead": (lambda scene: kill(scene.citizen), [Requirement.ALIVE]),
    "own": (relate, [Requirement.APART]),
}


@pytest.mark.parametrize("spoil", SPOILED)
def test_one_ground_that_is_missing_leaves_it_to_an_official_who_sees_which(spoil: str) -> None:
    scene = automatic_scene()
    dossier = scene.submit()
    spoiled, grounds = SPOILED[spoil]
    spoiled(scene)

    assert not decided(dossier)

    assert missing(dossier) == grounds
    assert (dossier.status, dossier.decision_mode) == (Status.REGISTERED, DecisionMode.MANUAL)
    assert not decided(dossier)
    assert AutomaticRefusal.objects.count() == 1


@pytest.mark.parametrize(("age", "is_decided"), [(60, True), (61, False)])
def test_facts_may_be_as_old_as_the_version_says(age: int, is_decided: bool) -> None:
    dossier = automatic_scene(as_of=FRIDAY.date() - timedelta(days=age)).submit()

    assert decided(dossier) is is_decided

    if not is_decided:
        assert missing(dossier) == [
            "paper:GPLX-02",
            "facts:GPLX",
            "facts:HEALTH",
            "facts:NPD",
        ]


def test_a_field_that_a_register_should_have_said_is_looked_at_by_a_person() -> None:
    scene = automatic_scene()
    dossier = scene.submit()
    form = dossier.form
    form["address"] |= {"source": "contested", "held": "1 Lê Lợi"}
    form["issuer"] |= {"source": "citizen", "register": None}
    dossier.form = form
    dossier.save(update_fields=["form_enc"])

    assert not decided(dossier)

    assert missing(dossier) == ["field:address", "field:issuer"]


@pytest.mark.parametrize(
    ("fee", "paid", "outcome"),
    [
        (135_000, 0, "waits"),
        (135_000, 135_000, "decided"),
        (135_000, 1000, "fee"),
        (None, 0, "fee"),
    ],
)
def test_a_fee_is_paid_whole_before_and_an_unknown_one_is_not_free(
    fee: int | None, paid: int, outcome: str
) -> None:
    dossier = automatic_scene().submit()
    Dossier.objects.filter(pk=dossier.pk).update(fee_vnd=fee)
    if paid:
        Payment.objects.create(
            dossier=dossier, amount_vnd=paid, reference="A1", state=PaymentState.PAID, asked_at=SOON
        )

    assert decided(dossier) is (outcome == "decided")

    if outcome == "fee":
        assert missing(dossier) == [Requirement.FEE]
    elif outcome == "waits":
        assert not AutomaticRefusal.objects.exists()


def test_what_an_official_has_in_hand_stays_theirs() -> None:
    scene = automatic_scene()
    dossier = step(scene.submit(), Action.RECEIVE, scene.officer())
    dossier = step(dossier, Action.START_PROCESSING, scene.officer())

    assert not decided(dossier)
    assert not AutomaticRefusal.objects.exists()


def test_what_was_filed_at_a_counter_may_still_be_decided() -> None:
    scene = automatic_scene()

    assert decided(scene.submit(official=scene.officer(Role.RECEPTIONIST)))


def test_what_was_taken_in_at_a_counter_may_still_be_decided() -> None:
    scene = automatic_scene()
    dossier = step(scene.submit(), Action.RECEIVE, scene.officer(Role.RECEPTIONIST))

    assert decided(dossier)


@pytest.mark.parametrize("action", [Action.RECEIVE, Action.START_PROCESSING, Action.APPROVE])
def test_the_system_takes_none_of_these_steps_for_a_manual_dossier(action: Action) -> None:
    before = {
        Action.RECEIVE: Status.REGISTERED,
        Action.START_PROCESSING: Status.RECEIVED,
        Action.APPROVE: Status.PROCESSING,
    }
    dossier = DossierFactory(status=before[action])

    with pytest.raises(RefusedError):
        advance(dossier=dossier, action=action, user=None, version=dossier.version, now=SOON)


@pytest.mark.parametrize(
    ("is_on", "weight", "share"), [(True, 0.12517, 0.50068), (False, 0.05, 0.2)]
)
def test_a_weight_that_is_on_shifts_the_looks_and_off_it_does_not(
    is_on: bool, weight: float, share: float
) -> None:
    weights = {"intercept": -2.944439, "first_time": 1.0}
    RiskModel.objects.create(is_on=is_on, weights=weights, baseline=0.05, happened_at=SOON)

    assert decided(automatic_scene().submit())

    decision = AutomaticDecision.objects.get()
    assert decision.risk == pytest.approx(weight, abs=1e-4)
    assert decision.sample_share == pytest.approx(share, abs=1e-4)
    assert decision.is_sampled == decision.is_drawn


def test_one_that_breaks_is_written_nowhere_and_the_next_ones_do_not_wait() -> None:
    # The form of the first cannot be opened
    scene = automatic_scene()
    broken = scene.submit()
    Dossier.objects.filter(pk=broken.pk).update(form_enc=b"not sealed by us")
    other = DossierFactory(procedure_version=scene.version, fee_vnd=0)

    found = decide_automatically(now=SOON)

    assert (found.decided_count, found.left_count) == (0, 1)
    assert AutomaticRefusal.objects.get().dossier == other
    broken.refresh_from_db()
    assert (broken.status, broken.decision_mode) == (Status.REGISTERED, DecisionMode.MANUAL)
