"""The look after an automatic decision: who may, once, and revoked by two different officials."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from citizens.enums import CredentialStatus, Role
from citizens.models import FactChange, User
from citizens.services import store_credential
from dossiers.enums import SampleVerdict, Status
from dossiers.models import AutomaticDecision, ModeSwitch, RiskModel
from dossiers.services.decide_automatically import decide_automatically
from dossiers.services.review_automatic import ask_for_look, review_decision, revoke_decision
from dossiers.services.switch_mode import switch_mode, switch_risk
from notifications.models import Message
from portal.common.errors import RefusedError, StaleVersionError
from tests.dossiers.automatic_scene import automatic_scene, version_with
from tests.dossiers.scene import FRIDAY, Scene
from tests.factories.citizens import CitizenFactory, UserFactory

pytestmark = pytest.mark.django_db
SOON = FRIDAY + timedelta(minutes=1)
REASON = "Giấy khám sức khỏe thuộc người khác"


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def scene() -> Scene:
    return automatic_scene()


@pytest.fixture
def decision(scene: Scene) -> AutomaticDecision:
    scene.submit()
    decide_automatically(now=SOON)
    AutomaticDecision.objects.update(is_sampled=True, is_drawn=True)
    return AutomaticDecision.objects.get()


def judge(
    decision: AutomaticDecision, scene: Scene, verdict: SampleVerdict = SampleVerdict.WRONG
) -> AutomaticDecision:
    return review_decision(
        decision=decision,
        user=scene.officer(),
        version=decision.version,
        verdict=verdict,
        note=REASON,
        now=SOON,
    )


def test_a_verdict_is_kept_with_who_gave_it_and_not_changed(
    decision: AutomaticDecision, scene: Scene
) -> None:
    judged = judge(decision, scene, SampleVerdict.UPHELD)

    assert (judged.verdict, judged.note, judged.reviewed_at) == ("upheld", REASON, SOON)
    with pytest.raises(StaleVersionError):
        judge(decision, scene)
    with pytest.raises(RefusedError):
        judge(judged, scene)


def test_only_what_is_sampled_is_judged_and_wrong_needs_a_note(
    decision: AutomaticDecision, scene: Scene
) -> None:
    officer = scene.officer()
    AutomaticDecision.objects.update(is_sampled=False)
    with pytest.raises(RefusedError, match="wait"):
        judge(decision, scene)
    AutomaticDecision.objects.update(is_sampled=True)
    with pytest.raises(RefusedError, match="reason"):
        review_decision(
            decision=decision,
            user=officer,
            version=decision.version,
            verdict=SampleVerdict.WRONG,
            note=" ",
            now=SOON,
        )


@pytest.mark.parametrize("who", ["other role", "family", "nobody"])
def test_who_may_not_decide_may_not_judge(
    who: str, decision: AutomaticDecision, scene: Scene
) -> None:
    users: dict[str, Callable[[], User]] = {
        "other role": lambda: scene.officer(Role.RECEPTIONIST),
        "family": lambda: scene.officer(pin=scene.citizen.pin),
        "nobody": lambda: UserFactory(of_official=True),
    }
    user = users[who]()

    with pytest.raises(RefusedError):
        review_decision(
            decision=decision,
            user=user,
            version=decision.version,
            verdict=SampleVerdict.UPHELD,
            note="",
            now=SOON,
        )


def test_what_was_found_wrong_is_revoked_by_another_and_the_citizen_told_why(
    decision: AutomaticDecision, scene: Scene
) -> None:
    wrong = judge(decision, scene)
    FactChange.objects.all().delete()

    revoked = revoke_decision(
        decision=wrong, user=scene.officer(Role.HEAD_OF_UNIT), version=wrong.version, now=SOON
    )

    scene.licence.refresh_from_db()
    assert scene.licence.status == CredentialStatus.REVOKED
    assert scene.licence.details["revoked_because"] == REASON
    assert FactChange.objects.filter(object_id=scene.licence.pk).exists()
    told = Message.objects.get(topic="decision_revoked")
    assert (told.recipient_id, told.params["reason"]) == (scene.citizen.pk, REASON)
    revoked.dossier.refresh_from_db()
    assert revoked.dossier.status == Status.DONE
    with pytest.raises(RefusedError):
        revoke_decision(
            decision=revoked,
            user=scene.officer(Role.HEAD_OF_UNIT),
            version=revoked.version,
            now=SOON,
        )


def test_what_a_later_dossier_renewed_is_not_revoked_with_the_older_decision(
    decision: AutomaticDecision, scene: Scene
) -> None:
    wrong = judge(decision, scene)
    paper = scene.licence
    paper.refresh_from_db()
    later = SOON.date() + timedelta(days=30)
    store_credential(
        holder=paper.holder,
        kind=paper.kind,
        register=paper.register_id,
        number=paper.number,
        category=paper.category,
        issued_on=later,
        expires_on=later + timedelta(days=3650),
        issuer=paper.issuer,
        unit=paper.unit,
        as_of=later,
        details={"dossier": "a later one"},
        previous=paper,
    )

    revoke_decision(
        decision=wrong, user=scene.officer(Role.HEAD_OF_UNIT), version=wrong.version, now=SOON
    )

    paper.refresh_from_db()
    assert paper.status == CredentialStatus.VALID
    assert "revoked_because" not in paper.details


def test_nobody_revokes_their_own_finding_nor_what_nobody_found_wrong(
    decision: AutomaticDecision, scene: Scene
) -> None:
    head = scene.officer(Role.HEAD_OF_UNIT)
    with pytest.raises(RefusedError):
        revoke_decision(decision=decision, user=head, version=decision.version, now=SOON)
    wrong = review_decision(
        decision=decision,
        user=head,
        version=decision.version,
        verdict=SampleVerdict.WRONG,
        note=REASON,
        now=SOON,
    )
    with pytest.raises(RefusedError, match="another person"):
        revoke_decision(decision=wrong, user=head, version=wrong.version, now=SOON)
    with pytest.raises(RefusedError):
        revoke_decision(decision=wrong, user=scene.officer(), version=wrong.version, now=SOON)
    with pytest.raises(IntegrityError, match="by_two"), transaction.atomic():
        AutomaticDecision.objects.update(revoked_by=head, revoked_at=SOON)


def test_the_citizen_asks_for_a_look_once_and_nobody_else_for_them(
    decision: AutomaticDecision, scene: Scene
) -> None:
    AutomaticDecision.objects.update(is_sampled=False, is_drawn=False)

    with pytest.raises(RefusedError):
        ask_for_look(decision=decision, citizen=CitizenFactory(), now=SOON)
    assert ask_for_look(decision=decision, citizen=scene.citizen, now=SOON)
    assert not ask_for_look(decision=decision, citizen=scene.citizen, now=SOON)

    decision.refresh_from_db()
    assert (decision.is_sampled, decision.is_drawn, decision.asked_at) == (True, False, SOON)


def test_the_switch_is_only_added_to_and_wants_a_reason_and_a_released_version() -> None:
    scene = automatic_scene(is_on=False)
    procedure, user = scene.version.procedure, UserFactory(of_official=True)

    def press(*, is_on: bool, reason: str = "Chạy thử") -> ModeSwitch:
        return switch_mode(procedure=procedure, is_on=is_on, reason=reason, user=user, now=FRIDAY)

    for wrong in ({"is_on": False}, {"is_on": True, "reason": " "}):
        with pytest.raises(RefusedError):
            press(**wrong)
    press(is_on=True)
    press(is_on=False, reason="Có nghi vấn")
    assert list(ModeSwitch.objects.values_list("is_on", "reason")) == [
        (True, "Chạy thử"),
        (False, "Có nghi vấn"),
    ]
    version_with(scene, automatic=None)
    scene.version.valid = "empty"
    scene.version.save(update_fields=["valid"])
    with pytest.raises(RefusedError, match="by two"):
        press(is_on=True)


@pytest.mark.parametrize(
    ("measured", "is_used"),
    [
        ({"brier": 0.03, "baseline_brier": 0.04}, True),
        ({"brier": 0.04, "baseline_brier": 0.04}, False),
        ({}, False),
    ],
)
def test_weights_are_used_only_when_they_foresee_better_than_the_baseline(
    measured: dict[str, float], is_used: bool
) -> None:
    user = UserFactory(of_official=True)
    with pytest.raises(RefusedError):
        switch_risk(is_on=True, user=user, now=SOON)
    RiskModel.objects.create(
        is_on=False, weights={"amount": 1.0}, baseline=0.05, measured=measured, happened_at=FRIDAY
    )

    if not is_used:
        with pytest.raises(RefusedError, match="no better"):
            switch_risk(is_on=True, user=user, now=SOON)
        return
    assert switch_risk(is_on=True, user=user, now=SOON).is_on
    assert not switch_risk(is_on=False, user=user, now=SOON).is_on
    assert RiskModel.objects.count() == 3
