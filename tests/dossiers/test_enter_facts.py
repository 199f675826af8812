"""What a decision enters about people: no day that is still to come, and no child twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from citizens.enums import RelationKind
from citizens.models import Citizen, Relation
from dossiers.models import Dossier
from dossiers.services.enter_facts import enter_facts
from portal.common.errors import RefusedError
from tests.dossiers.bundle_scene import BIRTH, TODAY, birth, child

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier() -> Dossier:
    return child(birth().file(), BIRTH)


def state(dossier: Dossier, name: str, value: str) -> None:
    dossier.form = {**dossier.form, name: {**dossier.form[name], "value": value}}
    dossier.save(update_fields=["form_enc"])


@pytest.mark.parametrize("value", ["", "hôm qua", (TODAY + timedelta(days=1)).isoformat()])
def test_a_child_is_not_born_on_a_day_that_is_none_or_to_come(value: str, dossier: Dossier) -> None:
    state(dossier, "child_birth_date", value)
    before = Citizen.objects.count()

    with pytest.raises(RefusedError):
        enter_facts(dossier=dossier, decided_on=TODAY)

    assert Citizen.objects.count() == before


@pytest.mark.parametrize("same", [True, False], ids=["the same name", "a twin"])
def test_a_child_that_a_parent_has_already_is_not_entered_again(
    same: bool, dossier: Dossier
) -> None:
    enter_facts(dossier=dossier, decided_on=TODAY)
    born = Relation.objects.get(person=dossier.applicant, kind=RelationKind.MOTHER).relative
    dossier.code = "the other parent's dossier"
    if not same:
        state(dossier, "child_given_name", "Bình")

    if same:
        with pytest.raises(RefusedError):
            enter_facts(dossier=dossier, decided_on=TODAY)
    else:
        enter_facts(dossier=dossier, decided_on=TODAY)

    children = Citizen.objects.filter(birth_date=born.birth_date, family_name=born.family_name)
    assert children.count() == (1 if same else 2)
