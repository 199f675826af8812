"""At the desk: steps of the work, colleagues, delegated signatures, absences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from citizens.enums import Role
from dossiers.enums import Action, Status
from dossiers.models import Absence, Delegation, Dossier
from dossiers.selectors import field_of
from tests.dossiers.office_scene import TODAY, elsewhere, processing
from tests.dossiers.scene import FRIDAY, Scene, renewal, step
from tests.factories.citizens import AgencyFactory, UnitFactory
from tests.factories.dossiers import catalogued_version
from tests.office.places import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

PAGE = "admin:office_standing_in"


@pytest.fixture
def scene() -> Iterator[Scene]:
    """A licence, its suggestion and the office, on a Friday morning."""
    with time_machine.travel(FRIDAY, tick=False):
        yield renewal()


def _to(dossier: Dossier, page: str = "office_dossier") -> str:
    return reverse(f"admin:{page}", args=[dossier.public_id])


def test_a_dossier_goes_on_and_over_at_the_desk(scene: Scene) -> None:
    officer = scene.officer(Role.CASE_OFFICER)
    colleague = scene.officer(Role.CASE_OFFICER)
    dossier = processing(scene, officer)
    client = signed_in(officer)
    last = dossier.stages.last()
    assert last is not None
    assert last.name_vi in client.get(_to(dossier)).content.decode()

    # On to the decision, with the colleague
    given: dict[str, object] = {
        "version": dossier.version,
        "stage": last.pk,
        "to": colleague.pk,
    }
    client.post(_to(dossier, "office_hand_on"), given)
    dossier.refresh_from_db()
    last.refresh_from_db()
    assert (dossier.assignee, last.official) == (colleague.official, colleague.official)

    # A second press on the old page changes nothing
    client.post(_to(dossier, "office_hand_over"), given | {"to": officer.pk, "note": "Chia việc"})
    dossier.refresh_from_db()
    assert dossier.assignee == colleague.official

    # And over, with a reason that the citizen does not read
    given = {"version": dossier.version, "to": officer.pk, "note": "Chia việc nội bộ"}
    client.post(_to(dossier, "office_hand_over"), given)
    dossier.refresh_from_db()
    assert dossier.assignee == officer.official
    followed = signed_in(scene.user).get(reverse("web:dossier", args=[dossier.public_id]))
    said = followed.content.decode()
    assert "Chia việc nội bộ" not in said
    assert last.name_vi in said


def test_the_office_that_received_a_dossier_finds_it_and_passes_it_on(scene: Scene) -> None:
    clerk, stranger = elsewhere(scene), elsewhere(scene)
    dossier = step(scene.submit(), Action.RECEIVE, clerk)

    queue = f"{reverse('admin:office_queue')}?where=unit"
    assert dossier.code in signed_in(clerk).get(queue).content.decode()
    assert dossier.code not in signed_in(stranger).get(queue).content.decode()
    assert signed_in(stranger).get(_to(dossier)).status_code == 404
    pressed = signed_in(stranger).post(_to(dossier, "office_pass_on"), {"version": 2})
    assert pressed.status_code == 404

    said = signed_in(clerk).get(_to(dossier)).content.decode()
    assert _to(dossier, "office_pass_on") in said
    signed_in(clerk).post(_to(dossier, "office_pass_on"), {"version": dossier.version})

    assert dossier.events.filter(action=Action.FORWARD).exists()
    assert _to(dossier, "office_pass_on") not in signed_in(clerk).get(_to(dossier)).content.decode()


def test_a_head_reads_a_delegation_before_it_stands_and_takes_it_back(scene: Scene) -> None:
    # Given a head, a deputy, and a dossier that waits for its signature
    head, deputy = scene.officer(Role.HEAD_OF_UNIT), scene.officer(Role.CASE_OFFICER)
    dossier = processing(scene, deputy)
    client = signed_in(head)
    given = {
        "deputy": deputy.pk,
        "domain_vi": field_of(dossier),
        "first": TODAY.isoformat(),
        "last": (TODAY + timedelta(days=9)).isoformat(),
        "ceiling_count": "3",
        "decision_number": "12/QĐ-CSGT",
    }

    # When it is only read
    read = client.post(reverse("admin:office_delegate"), given | {"press": "read"})
    assert "12/QĐ-CSGT" in read.content.decode()
    assert not Delegation.objects.exists()

    # When it is confirmed, the deputy's page says for whom the decision is signed
    client.post(reverse("admin:office_delegate"), given | {"press": "confirm"})
    delegation = Delegation.objects.get()
    said = signed_in(deputy).get(_to(dossier)).content.decode()
    assert str(head.official) in said
    press = {"press": "approve", "version": dossier.version, "note": ""}
    signed_in(deputy).post(_to(dossier, "office_dossier_step"), press)
    dossier.refresh_from_db()
    assert dossier.status == Status.DONE
    assert dossier.events.get(action=Action.APPROVE).delegation == delegation
    assert "1 / 3" in client.get(reverse(PAGE)).content.decode()

    # When the deputy tries to revoke it, and then the head
    revoke = {"delegation": delegation.pk, "version": delegation.version}
    signed_in(deputy).post(reverse("admin:office_delegation_revoke"), revoke)
    delegation.refresh_from_db()
    assert delegation.revoked_at is None
    client.post(reverse("admin:office_delegation_revoke"), revoke)
    delegation.refresh_from_db()
    assert delegation.revoked_at == FRIDAY


def test_only_a_head_delegates(scene: Scene) -> None:
    officer, other = scene.officer(Role.CASE_OFFICER), scene.officer(Role.CASE_OFFICER)
    given = {
        "deputy": other.pk,
        "domain_vi": "",
        "first": TODAY.isoformat(),
        "last": TODAY.isoformat(),
        "decision_number": "1/QĐ",
        "press": "confirm",
    }

    answer = signed_in(officer).post(reverse("admin:office_delegate"), given)

    assert answer.status_code == 422
    assert not Delegation.objects.exists()
    assert reverse("admin:office_delegate") not in (
        signed_in(officer).get(reverse(PAGE)).content.decode()
    )


def test_an_absence_is_entered_shown_and_ended(scene: Scene) -> None:
    officer = scene.officer(Role.CASE_OFFICER)
    cover = scene.officer(Role.RECEPTIONIST, unit=scene.commune)
    dossier = processing(scene, officer)
    client = signed_in(officer)
    given = {
        "official": officer.pk,
        "cover": cover.pk,
        "first": TODAY.isoformat(),
        "last": (TODAY + timedelta(days=2)).isoformat(),
        "reason": "Nghỉ phép",
    }
    assert signed_in(cover).get(_to(dossier)).status_code == 404

    client.post(reverse("admin:office_absence"), given)

    absence = Absence.objects.get()
    assert "Nghỉ phép" in client.get(reverse(PAGE)).content.decode()
    assert signed_in(cover).get(_to(dossier)).status_code == 200
    client.post(reverse("admin:office_absence_end"), {"absence": absence.pk, "version": 1})
    assert signed_in(cover).get(_to(dossier)).status_code == 404


def test_another_agencys_head_sees_and_ends_nothing_here(scene: Scene) -> None:
    officer, cover = scene.officer(Role.CASE_OFFICER), scene.officer(Role.CASE_OFFICER)
    stranger = elsewhere(scene, Role.HEAD_OF_UNIT)
    absence = Absence.objects.create(
        official=officer.official, cover=cover.official, away=(TODAY, None), reason="Nghỉ phép"
    )

    said = signed_in(stranger).get(reverse(PAGE)).content.decode()
    answer = signed_in(stranger).post(
        reverse("admin:office_absence_end"), {"absence": absence.pk, "version": 1}
    )

    assert "Nghỉ phép" not in said
    assert answer.status_code == 404


def test_who_decides_for_the_absent_is_named_on_the_step(scene: Scene) -> None:
    # Given a dossier whose official is away, and a colleague who stands in
    absent, cover = scene.officer(Role.CASE_OFFICER), scene.officer(Role.CASE_OFFICER)
    dossier = processing(scene, absent)
    Absence.objects.create(official=absent.official, cover=cover.official, away=(TODAY, None))
    before = signed_in(cover).get(_to(dossier)).content.decode()

    # When the colleague approves it
    dossier = step(dossier, Action.APPROVE, cover)

    # Then the step says for whom
    assert dossier.events.get(action=Action.APPROVE).cover_for == absent.official
    assert dossier.events.get(action=Action.START_PROCESSING).cover_for is None
    said = signed_in(cover).get(_to(dossier)).content.decode()
    told = f"làm thay {absent.official}"
    assert told in said
    assert told not in before


def test_a_signature_by_delegation_is_named_on_the_step(scene: Scene) -> None:
    head, deputy = scene.officer(Role.HEAD_OF_UNIT), scene.officer(Role.CASE_OFFICER)
    dossier = processing(scene, deputy)
    Delegation.objects.create(
        agency=scene.agency,
        holder=head.official,
        deputy=deputy.official,
        valid=(TODAY, None),
        decision_number="12/QĐ-CSGT",
    )

    dossier = step(dossier, Action.APPROVE, deputy)

    said = signed_in(deputy).get(_to(dossier)).content.decode()
    assert f"ký thay {head.official} theo quyết định 12/QĐ-CSGT" in said


def test_a_delegation_is_offered_in_own_fields_to_who_may_decide(scene: Scene) -> None:
    # Given a head, a deciding colleague and a receptionist; and a field of other agencies
    head, deputy = scene.officer(Role.HEAD_OF_UNIT), scene.officer(Role.CASE_OFFICER)
    desk = scene.officer(Role.RECEPTIONIST)
    other = catalogued_version("birth_registration")
    client = signed_in(head)

    # When the form is opened
    form = client.get(reverse(PAGE)).context["delegation_form"]

    # Then it lists the colleague and the own field only
    assert list(form.fields["deputy"].queryset) == [deputy.official]
    fields = [name for name, _label in form.fields["domain_vi"].choices]
    assert field_of(scene.submit()) in fields
    assert other.definition["domain_vi"] not in fields
    given = {"deputy": desk.pk, "first": TODAY, "last": TODAY, "decision_number": "1/QĐ"}
    assert client.post(reverse("admin:office_delegate"), given).status_code == 422


def test_turned_round_days_are_said_beside_the_last_at_the_first_press(scene: Scene) -> None:
    head, deputy = scene.officer(Role.HEAD_OF_UNIT), scene.officer(Role.CASE_OFFICER)
    given = {
        "deputy": deputy.pk,
        "first": (TODAY + timedelta(days=9)).isoformat(),
        "last": TODAY.isoformat(),
        "decision_number": "1/QĐ",
        "press": "read",
    }

    answer = signed_in(head).post(reverse("admin:office_delegate"), given)

    assert answer.status_code == 422
    assert "last" in answer.context["delegation_form"].errors


def test_a_dossier_that_came_to_the_wrong_agency_is_given_to_the_competent_one(
    scene: Scene,
) -> None:
    # Given another agency of the same kind, and one of another kind
    officer = scene.officer(Role.CASE_OFFICER)
    right = AgencyFactory(kind=scene.agency.kind, unit=UnitFactory(province=True))
    wrong = AgencyFactory(kind__key="so_y_te", unit=scene.city)
    dossier, client = scene.submit(), signed_in(officer)
    assert _to(dossier, "office_give_competence") in client.get(_to(dossier)).content.decode()

    # When no reason is given, or an agency that cannot be competent
    given = {"version": dossier.version, "agency": right.pk, "note": " "}
    client.post(_to(dossier, "office_give_competence"), given)
    given |= {"agency": wrong.pk, "note": "Thuộc thẩm quyền nơi khác"}
    client.post(_to(dossier, "office_give_competence"), given)

    # Then it stays; and goes when both are right
    dossier.refresh_from_db()
    assert dossier.competent == scene.agency
    client.post(_to(dossier, "office_give_competence"), given | {"agency": right.pk})
    dossier.refresh_from_db()
    assert dossier.competent == right
    assert dossier.events.get(action=Action.FORWARD).note == "Thuộc thẩm quyền nơi khác"
