"""A newborn registered without a number gets it afterwards, and what waited for it goes on."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.urls import reverse

from citizens.enums import Role, ViewPurpose
from citizens.models import AccessLog, Citizen, RegisterRecord, User
from citizens.services.personal_numbers import give_number
from dossiers.bundle_rules import Move
from dossiers.models import BundleCase, BundleStep, Dossier
from dossiers.services.decide_step import decide_step
from dossiers.services.enter_child_number import enter_child_number, numberless_child
from dossiers.services.file_next_steps import file_next_steps
from portal.common.crypto import keyed_index
from portal.common.errors import RefusedError
from portal.office import child_number
from portal.web.presenters.cases import case_page, needing_cases
from tests.dossiers.bundle_scene import (
    BIRTH,
    CARD,
    FRIDAY,
    GRANT,
    RESIDENCE,
    TODAY,
    Case,
    birth,
    child,
    decide,
)
from tests.factories.citizens import CitizenFactory, GrantFactory, OfficialFactory, UserFactory
from tests.office.places import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
PIN = "999326000777"


@pytest.fixture
def scene() -> Any:
    """A birth, registered without a number on a Friday."""
    with time_machine.travel(FRIDAY, tick=False):
        yield birth()


@pytest.fixture
def case(scene: Case) -> BundleCase:
    """Its case, to which the family added the identity card afterwards."""
    filed = scene.file(child_ethnicity="Cơ Tu")
    decide(scene, child(filed, BIRTH), *GRANT)
    step = BundleStep.objects.get(case=filed, procedure__code=CARD)
    decide_step(
        step=step, citizen=scene.citizen, move=Move.RESTORE, version=step.version, now=FRIDAY
    )
    return filed


def _born() -> Citizen:
    return Citizen.objects.get(full_name="Lê An")


def _card(case: BundleCase) -> BundleStep:
    return BundleStep.objects.get(case=case, procedure__code=CARD)


def _officer(dossier: Dossier, role: Role = Role.CASE_OFFICER) -> User:
    official = OfficialFactory(agency=dossier.competent)
    GrantFactory(official=official, unit=dossier.competent.unit, role=role)
    user: User = official.user
    return user


def test_the_card_waits_and_the_family_reads_for_what_and_from_whom(
    scene: Case, case: BundleCase
) -> None:
    step = _card(case)
    office = child(case, BIRTH).competent.name_vi

    page = case_page(case, [step], TODAY)
    (card,) = page.steps

    assert step.dossier is None
    assert office in card.notes[0]
    assert not card.answer_url
    assert not needing_cases(scene.citizen).exists()
    assert file_next_steps(now=FRIDAY) == 0


def test_the_number_lets_the_step_go_on_and_stands_in_what_is_filed(
    scene: Case, case: BundleCase
) -> None:
    birth_dossier = child(case, BIRTH)
    ethnicity = _born().sensitive.body

    enter_child_number(
        dossier=birth_dossier, user=_officer(birth_dossier), typed="999 326 000 777", now=FRIDAY
    )
    file_next_steps(now=FRIDAY)

    born = _born()
    assert born.pin == PIN
    assert born.sensitive.body == ethnicity
    assert _card(case).reason == "needs_answers"
    for record in RegisterRecord.objects.filter(subject=born.pk, kind__in=("birth", "person")):
        assert bytes(record.key_index) == keyed_index(record.register_id, record.kind, PIN)
    assert numberless_child(dossier=birth_dossier) is None


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "99932600077",
        "99932600077x",
        "003326000777",  # no province
        "999226000777",  # a boy
        "999126000777",  # the last century
        "999325000777",  # another year
    ],
)
def test_a_number_that_cannot_be_the_childs_is_refused(case: BundleCase, typed: str) -> None:
    dossier = child(case, BIRTH)

    with pytest.raises(RefusedError):
        enter_child_number(dossier=dossier, user=_officer(dossier), typed=typed, now=FRIDAY)

    assert _born().pin is None
    assert _card(case).reason


def test_a_number_is_one_persons_and_is_given_once(case: BundleCase) -> None:
    CitizenFactory(pin="999326000778")
    with pytest.raises(RefusedError):
        give_number(child=_born(), typed="999326000778")

    give_number(child=_born(), typed=PIN)

    with pytest.raises(RefusedError):
        give_number(child=_born(), typed="999326000779")
    with pytest.raises(RefusedError):
        give_number(child=CitizenFactory(pin=None), typed="999326000779")


@pytest.mark.parametrize("role", [Role.RECEPTIONIST, Role.AUDITOR])
def test_only_who_handles_the_dossier_enters_it(case: BundleCase, role: Role) -> None:
    dossier = child(case, BIRTH)

    with pytest.raises(RefusedError):
        enter_child_number(dossier=dossier, user=_officer(dossier, role), typed=PIN, now=FRIDAY)


def test_the_residence_of_the_child_is_not_where_its_number_is_entered(case: BundleCase) -> None:
    assert numberless_child(dossier=child(case, RESIDENCE)) is None


def test_the_official_enters_it_on_the_page_and_is_logged(case: BundleCase) -> None:
    # Given the birth's page with the field
    dossier = child(case, BIRTH)
    user = _officer(dossier)
    client = signed_in(user)
    page = reverse("admin:office_dossier", args=[dossier.public_id])
    address = reverse("admin:office_child_number", args=[dossier.public_id])
    assert address in client.get(page).content.decode()

    # When a wrong number is entered, and then the right one
    wrong = client.post(address, {"pin": "999226000777"}, follow=True).content.decode()
    assert "chữ số thứ tư" in wrong.lower()
    client.post(address, {"pin": PIN}, follow=True)

    # Then it is the child's, who entered it stands in the log, and the field is gone
    born = _born()
    assert born.pin == PIN
    (row,) = AccessLog.objects.filter(page="admin:office_child_number")
    assert (row.actor, row.subject_ids, row.purpose) == (user, [born.pk], ViewPurpose.DOSSIER)
    assert address not in client.get(page).content.decode()


def test_nobody_finds_out_here_which_numbers_exist(
    case: BundleCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child_number, "MOST_TRIES", 1)
    dossier = child(case, BIRTH)
    client = signed_in(_officer(dossier))
    address = reverse("admin:office_child_number", args=[dossier.public_id])

    client.post(address, {"pin": "999226000777"})
    answer = client.post(address, {"pin": PIN}, follow=True).content.decode()

    assert "thử quá nhiều" in answer
    assert not _born().pin


def test_a_mother_reads_on_the_births_page_that_the_number_is_awaited(
    scene: Case, case: BundleCase
) -> None:
    dossier = child(case, BIRTH)
    client = signed_in(UserFactory(citizen=scene.citizen))
    page = reverse("web:dossier", args=[dossier.public_id])

    assert "chưa có số định danh" in client.get(page).content.decode()
    give_number(child=_born(), typed=PIN)

    assert "chưa có số định danh" not in client.get(page).content.decode()
