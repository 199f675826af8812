"""For people of which age something is filed binds every way in: page, counter, and what comes."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils.translation import override

from citizens.enums import Role
from citizens.models import Citizen
from dossiers.models import CodeCounter, Dossier
from dossiers.selectors import age_fault, definition_of
from dossiers.services import submit_dossier
from portal.common.errors import RefusedError
from procedures.definition import ProcedureDefinition
from tests.dossiers.scene import FRIDAY, Scene, renewal
from tests.factories.citizens import AuthorityFactory, CitizenFactory
from tests.factories.dossiers import catalogued_version

pytestmark = pytest.mark.django_db
CHILDS_CARD, OWN_CARD, LICENCE = (
    "identity_card_under_14",
    "identity_card_first_issue_14",
    "driving_licence_reissue",
)


@pytest.fixture
def scene() -> Scene:
    return renewal()


def person(scene: Scene, age: int) -> Citizen:
    born = date(FRIDAY.year - age, 1, 1)
    made: Citizen = CitizenFactory(birth_date=born, unit=scene.citizen.unit)
    return made


@pytest.mark.parametrize(
    ("key", "age", "said"),
    [
        (CHILDS_CARD, 10, "open the card of the parent or guardian"),
        (CHILDS_CARD, 14, "up to the age of 13"),
        (OWN_CARD, 13, "from the age of 14"),
        (OWN_CARD, 14, ""),
        (LICENCE, 17, "from the age of 18"),
        (LICENCE, 18, ""),
    ],
)
def test_who_may_file_for_themselves_at_a_counter(
    key: str, age: int, said: str, scene: Scene
) -> None:
    version = catalogued_version(key)
    who = person(scene, age)

    with override("en"):
        fault = age_fault(
            definition=ProcedureDefinition.from_json(version.definition),
            applicant=who,
            owner=who.party,
            day=FRIDAY.date(),
            is_at_counter=True,
        )

    assert said in fault
    assert bool(fault) is bool(said)


@pytest.mark.parametrize("has_official", [True, False])
def test_what_is_not_for_this_age_is_refused_however_it_comes_in(
    has_official: bool, scene: Scene
) -> None:
    child = person(scene, 17)
    official = scene.officer(Role.RECEPTIONIST) if has_official else None

    with override("en"), pytest.raises(RefusedError, match="from the age of 18") as refused:
        submit_dossier(
            applicant=child,
            suggestion=None,
            version=catalogued_version(LICENCE),
            answers={},
            official=official,
            now=FRIDAY,
        )

    assert child.full_name in str(refused.value)
    assert not Dossier.objects.exists()
    assert not CodeCounter.objects.exists()


def test_a_parent_files_what_the_child_does_not(scene: Scene) -> None:
    child = person(scene, 10)
    AuthorityFactory(actor=scene.citizen, for_party=child.party)
    version = catalogued_version(CHILDS_CARD)

    def file(applicant: Citizen) -> Dossier:
        return submit_dossier(
            applicant=applicant,
            owner=child.party,
            suggestion=None,
            version=version,
            answers={},
            now=FRIDAY,
        )

    with override("en"), pytest.raises(RefusedError, match="your parent or guardian"):
        file(child)
    fault = age_fault(
        definition=ProcedureDefinition.from_json(version.definition),
        applicant=scene.citizen,
        owner=child.party,
        day=FRIDAY.date(),
    )
    assert fault == ""


def test_what_a_rule_suggests_is_for_whom_the_rule_says(scene: Scene) -> None:
    Citizen.objects.filter(pk=scene.citizen.pk).update(birth_date=date(2010, 1, 1))
    scene.citizen.refresh_from_db()

    dossier = scene.submit()

    assert definition_of(dossier=dossier).filed_for is not None
