"""Delegated signatures: in a field, between dates, up to a ceiling, revocable, never for kin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils.translation import override

from citizens.enums import RelationKind, Role
from citizens.models import Citizen, Official, User
from dossiers.documents.facts.frame import Paper, signer_role
from dossiers.enums import Action, Actor, FormKind, Status
from dossiers.models import Delegation, Dossier
from dossiers.selectors import field_of, offered_actions
from dossiers.selectors.delegations import days_saved
from dossiers.services.delegate import delegate, revoke_delegation
from portal.common.errors import RefusedError, StaleVersionError
from procedures.services import open_matter
from tests.dossiers.office_scene import MONDAY, TODAY, elsewhere, processing
from tests.dossiers.scene import FRIDAY, Scene, renewal, step
from tests.dossiers.test_concurrency import at_once
from tests.factories.citizens import CitizenFactory, RelationFactory
from tests.factories.dossiers import DossierFactory

pytestmark = pytest.mark.django_db


@dataclass
class Signing:
    """A head, a deputy who is a case officer only, and a dossier ready to be decided."""

    scene: Scene
    head: User
    deputy: User
    dossier: Dossier

    def delegate(self, **changes: object) -> Delegation:
        """Let the deputy sign in the dossier's field for ten days."""
        told: dict[str, object] = {
            "holder": self.head.official,
            "deputy": self.deputy.official,
            "domain_vi": field_of(self.dossier),
            "first": TODAY,
            "last": TODAY + timedelta(days=9),
            "ceiling_count": None,
            "decision_number": "12/QĐ-CSGT",
            "now": FRIDAY,
        }
        return delegate(**(told | changes))  # type: ignore[arg-type]

    def refusal(self, user: User, action: Action = Action.APPROVE) -> str:
        """Try to decide, see it refused, and return the reason."""
        with override("en"), pytest.raises(RefusedError) as error:
            step(self.dossier, action, user, note="Không đủ điều kiện")
        self.dossier.refresh_from_db()
        assert self.dossier.status == Status.PROCESSING
        return str(error.value)


@pytest.fixture
def signing() -> Signing:
    scene = renewal()
    deputy = scene.officer(Role.CASE_OFFICER)
    return Signing(scene, scene.officer(Role.HEAD_OF_UNIT), deputy, processing(scene, deputy))


@pytest.mark.parametrize("action", [Action.APPROVE, Action.STOP])
def test_a_deputy_signs_as_head_and_the_step_names_the_delegation(
    action: Action, signing: Signing
) -> None:
    delegation = signing.delegate()

    decided = step(signing.dossier, action, signing.deputy, note="Không đủ điều kiện")

    event = decided.events.get(action=action)
    assert (event.actor_role, event.delegation, event.official) == (
        Actor.HEAD_OF_UNIT,
        delegation,
        signing.deputy,
    )


def test_a_reserved_field_is_signed_by_the_holder_and_deputies_only(signing: Signing) -> None:
    signing.delegate()
    third = signing.scene.officer(Role.CASE_OFFICER)

    offers = offered_actions(dossier=signing.dossier, user=third, day=TODAY)

    assert Action.APPROVE not in {offer.action for offer in offers}
    assert "office holder signs" in signing.refusal(third)
    decided = step(signing.dossier, Action.APPROVE, signing.head)
    assert decided.events.get(action=Action.APPROVE).delegation is None


@pytest.mark.parametrize(
    ("post", "words"),
    [
        ("Phó Trưởng phòng", "KT. Trưởng phòng\nPhó Trưởng phòng"),
        ("Chuyên viên", "TUQ. Trưởng phòng\nChuyên viên"),
    ],
)
def test_a_paper_says_in_whose_place_somebody_signs(
    post: str, words: str, signing: Signing
) -> None:
    Official.objects.filter(pk=signing.head.official.pk).update(position="Trưởng phòng")
    Official.objects.filter(pk=signing.deputy.official.pk).update(position=post)
    signing.delegate()
    decided = step(signing.dossier, Action.APPROVE, signing.deputy)

    event = decided.events.select_related("official__official").get(action=Action.APPROVE)

    assert signer_role(Paper(decided, FormKind.RESULT, event, "")) == words


@pytest.mark.parametrize("how", ["revoked", "over", "not yet", "left office", "other agency"])
def test_a_delegation_counts_only_while_it_stands(how: str, signing: Signing) -> None:
    delegation = signing.delegate()
    match how:
        case "revoked":
            revoke_delegation(
                delegation=delegation, by=signing.head.official, version=1, now=FRIDAY
            )
        case "over":
            Delegation.objects.update(valid=(TODAY - timedelta(days=9), TODAY))
        case "not yet":
            Delegation.objects.update(valid=(TODAY + timedelta(days=1), None))
        case "left office":
            signing.head.official.grants.all().delete()
        case _:
            signing.deputy.official.agency = elsewhere(signing.scene).official.agency
            signing.deputy.official.save()

    signing.refusal(signing.deputy)


def test_another_field_is_not_touched(signing: Signing) -> None:
    signing.delegate(domain_vi="Đất đai")

    decided = step(signing.dossier, Action.APPROVE, signing.deputy)

    event = decided.events.get(action=Action.APPROVE)
    assert (event.actor_role, event.delegation) == (Actor.CASE_OFFICER, None)


def test_an_empty_field_stands_for_all_fields(signing: Signing) -> None:
    delegation = signing.delegate(domain_vi="")

    decided = step(signing.dossier, Action.APPROVE, signing.deputy)

    assert decided.events.get(action=Action.APPROVE).delegation == delegation


def _further(signing: Signing) -> Dossier:
    dossier: Dossier = DossierFactory(
        competent=signing.scene.agency,
        owner_citizen=CitizenFactory(unit=signing.scene.commune),
        processing=True,
        submitted_at=FRIDAY,
        fields={"reason": "Sắp hết hạn"},
    )
    open_matter(
        procedure=dossier.procedure_version.procedure,
        party=dossier.owner,
        anchor=0,
        reference=dossier.code,
        day=TODAY,
    )
    return dossier


def test_the_ceiling_refuses_what_lies_beyond(signing: Signing) -> None:
    signing.delegate(ceiling_count=1)
    step(_further(signing), Action.STOP, signing.deputy, note="Không đủ điều kiện")

    assert signing.refusal(signing.deputy) == (
        "The delegation by decision 12/QĐ-CSGT is used up: 1 decisions were signed."
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.fault
def test_the_ceiling_holds_for_two_decisions_at_the_same_moment(signing: Signing) -> None:
    signing.delegate(ceiling_count=1)
    others = [_further(signing) for _ in range(4)]

    def stop(dossier: Dossier) -> Dossier:
        return step(dossier, Action.STOP, signing.deputy, note="Không đủ điều kiện")

    outcomes = at_once(*[lambda one=one: stop(one) for one in others])

    refused = [outcome for outcome in outcomes if isinstance(outcome, RefusedError)]
    assert len(refused) == 3
    assert Dossier.objects.filter(status=Status.STOPPED).count() == 1


@pytest.mark.parametrize("who", ["deputy", "holder"])
def test_nobody_signs_for_family_not_by_delegation_either(who: str, signing: Signing) -> None:
    signing.delegate()
    me: Citizen = CitizenFactory(unit=signing.scene.commune)
    RelationFactory(person=me, relative=signing.scene.citizen, kind=RelationKind.MOTHER)
    official: Official = (signing.deputy if who == "deputy" else signing.head).official
    official.self_pin_index = Citizen.index_of(me.pin or "")
    official.save()

    signing.refusal(signing.deputy)


@pytest.mark.parametrize(
    "changes",
    [
        {"last": TODAY - timedelta(days=1), "first": TODAY - timedelta(days=2)},
        {"last": TODAY, "first": TODAY + timedelta(days=1)},
        {"decision_number": "  "},
        {"ceiling_count": 0},
        {"deputy": "holder"},
        {"holder": "deputy"},
        {"deputy": "elsewhere"},
    ],
)
def test_a_delegation_that_cannot_be_is_refused(
    changes: dict[str, object], signing: Signing
) -> None:
    people = {
        "holder": signing.head.official,
        "deputy": signing.deputy.official,
        "elsewhere": elsewhere(signing.scene).official,
    }
    told = {key: people.get(str(value), value) for key, value in changes.items()}

    with pytest.raises(RefusedError):
        signing.delegate(**told)

    assert not Delegation.objects.exists()


def test_only_a_head_of_the_agency_revokes_and_once(signing: Signing) -> None:
    delegation = signing.delegate()

    with pytest.raises(RefusedError):
        revoke_delegation(delegation=delegation, by=signing.deputy.official, version=1, now=FRIDAY)
    revoke_delegation(delegation=delegation, by=signing.head.official, version=1, now=FRIDAY)
    with pytest.raises(StaleVersionError):
        revoke_delegation(delegation=delegation, by=signing.head.official, version=1, now=FRIDAY)


def test_days_saved_are_counted_against_the_due_date_when_the_holder_signed_little(
    signing: Signing,
) -> None:
    delegation = signing.delegate()
    due_on = signing.dossier.due_on
    assert due_on is not None

    step(signing.dossier, Action.APPROVE, signing.deputy, now=MONDAY)

    # A limit of five working days from Friday; decided on Monday, the first of them.
    saved = days_saved(delegation=delegation)
    assert (saved.signed_count, saved.usual) == (1, None)
    assert saved.days == (due_on - MONDAY.date()).days - (2 if due_on.weekday() < 4 else 0)
