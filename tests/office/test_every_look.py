"""Whatever page of the desk names a person writes that person into the log, or is not shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import Random

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from benchmarks.tampering import seeded
from citizens.enums import LifeEventKind, RelationKind
from citizens.models import AccessLog, Citizen, Discrepancy, EventParty, User
from citizens.selectors import views_of
from dossiers.models import Dossier
from portal.common import clock
from portal.common.db_roles import APP_ROLE
from portal.web.presenters.looks import FIELDS
from tests.factories.citizens import (
    CitizenFactory,
    HouseholdMemberFactory,
    LifeEventFactory,
    RegisterFactory,
    RelationFactory,
)
from tests.factories.dossiers import DossierFactory
from tests.factories.notifications import MessageFactory
from tests.factories.procedures import SuggestionFactory
from tests.office.crawling import addresses, says, shown_in
from tests.office.looks import LOOKS, SHORTENS_NAMES, something_sealed
from tests.office.places import Place, signed_in
from tests.sizes import of_storms

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

NAMES = ("Kim Tước", "Hoàng Yến", "Vàng Anh", "Sơn Ca", "Họa Mi", "Chích Chòe", "Bạc Má", "Cu Gáy")


@pytest.fixture
def people(here: Place) -> list[Citizen]:
    """A family of canaries, each of whom some page of the desk names in a way of its own."""
    mother, father, child, granny, lodger, gone, cousin, teller = (
        CitizenFactory(unit=here.unit, given_name=name, age=age)
        for name, age in zip(NAMES, (40, 42, 8, 70, 30, 81, 20, 50), strict=True)
    )
    for parent, kind in ((mother, RelationKind.MOTHER), (father, RelationKind.FATHER)):
        RelationFactory(person=parent, relative=child, kind=kind)
    RelationFactory(person=granny, relative=mother, kind=RelationKind.MOTHER)
    household = here.citizen.memberships.get().household
    for member in (mother, lodger):
        HouseholdMemberFactory(household=household, citizen=member)
    event = LifeEventFactory(kind=LifeEventKind.DEATH_REGISTERED, subject=gone.party)
    EventParty.objects.create(event=event, party=mother.party, role="spouse")
    SuggestionFactory(citizen=child, recipients=[mother, father])
    MessageFactory(recipient=mother.party, about=child.party, rendered=f"Về {child.full_name}")
    _dossiers(here, mother, child, f"{father.full_name}, sinh năm 1984", gone, lodger)
    _case(here, cousin, f"Tên đúng là {cousin.full_name}")
    MessageFactory(recipient=teller.party, rendered="Kính gửi ông/bà")
    something_sealed(here, [mother, teller])
    return [mother, father, child, granny, lodger, gone, cousin, teller]


def _dossiers(
    here: Place, mother: Citizen, child: Citizen, father: str, gone: Citizen, lodger: Citizen
) -> None:
    forms: tuple[tuple[str, Citizen, dict[str, str]], ...] = (
        ("passport_issue", child, {"father": father, "mother": mother.full_name}),
        ("residence_removal", mother, {"person_removed": gone.full_name.upper()}),
        ("permanent_residence", mother, {"household_head": f"{lodger.full_name}\nkhác"}),
        ("driving_licence_renewal", mother, {"reason": "Sắp hết hạn"}),
    )
    for key, owner, fields in forms:
        DossierFactory(
            procedure_key=key,
            owner_citizen=owner,
            applicant=mother,
            competent=here.agency,
            fields=fields,
        )


def _case(here: Place, person: Citizen, stated: str) -> None:
    Discrepancy.objects.create(
        subject=person.party,
        kind="name",
        table="citizen",
        object_id=person.pk,
        column="full_name",
        register=RegisterFactory(),
        held_value=person.full_name,
        stated_value=stated,
        owner=here.agency,
        opened_on=clock.today(),
        due_on=clock.today() + timedelta(days=10),
    )


@pytest.fixture
def client(here: Place) -> Client:
    return signed_in(here.user)


# ------------------------------------------------------------------------------ the crawl
@pytest.mark.slow
@pytest.mark.parametrize("kind", ["official", "administrator"])
def test_every_page_that_names_a_person_is_logged(
    kind: str, here: Place, people: list[Citizen]
) -> None:
    user = here.user
    if kind == "administrator":
        user = User.objects.create_superuser("quan-tri", "x", display_name="Quản trị")
    client = signed_in(user)
    named: set[int] = set()
    pages = 0

    sample = {"rows": of_storms(2, 3), "one_of": of_storms(9, 1)}
    for address in addresses(people[0].given_name, **sample):
        before = AccessLog.objects.count()
        response = client.get(address)
        assert response.status_code < 500, address
        shown = shown_in(says(response), people)
        logged = _logged(before)
        assert shown <= logged, (address, shown - logged)
        pages += bool(shown)
        named |= shown

    assert named == {person.pk for person in people}
    assert pages > of_storms(30, 40)
    written = AccessLog.objects.values_list("fields", flat=True)
    assert {field for fields in written for field in fields} <= set(FIELDS)


def _logged(before: int) -> set[int]:
    """Return the people in the rows that were written since there were `before`."""
    rows = AccessLog.objects.order_by("pk")[before:]
    return {subject for row in rows for subject in row.subject_ids}


def test_everyone_in_a_form_is_logged_with_its_owner(
    here: Place, people: list[Citizen], client: Client
) -> None:
    mother, father, child = people[:3]
    dossier = Dossier.objects.get(owner=child.party)
    before = AccessLog.objects.count()

    client.get(reverse("admin:office_dossier", args=[dossier.public_id]))

    assert _logged(before) == {mother.pk, father.pk, child.pk}


def test_a_number_that_the_citizen_typed_is_found(
    here: Place, people: list[Citizen], client: Client
) -> None:
    mother, lodger = people[0], people[4]
    dossier = DossierFactory(
        procedure_key="driving_licence_renewal",
        owner_citizen=people[7],
        competent=here.agency,
        fields={"reason": f"Giúp {lodger.pin}"},
    )
    before = AccessLog.objects.count()

    client.get(reverse("admin:office_dossier", args=[dossier.public_id]))

    assert _logged(before) == {people[7].pk, lodger.pk}
    assert mother.pk not in _logged(before)


def test_who_was_overtaken_is_logged_too(
    here: Place, people: list[Citizen], client: Client
) -> None:
    before = AccessLog.objects.count()

    response = client.post(
        reverse("admin:office_dossier_step", args=[here.dossier.public_id]),
        {"press": "receive", "version": "99"},
    )

    assert response.status_code == 409
    assert _logged(before) == {here.citizen.pk}


# ------------------------------------------------------------------- what cannot be logged
@contextmanager
def log_refuses() -> Iterator[None]:
    """Take the application's right to write into the log away, as a full disk would."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute(f"REVOKE INSERT ON citizens_accesslog FROM {APP_ROLE}")
        cursor.execute(f"SET ROLE {APP_ROLE}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute(f"GRANT INSERT ON citizens_accesslog TO {APP_ROLE}")
        cursor.execute(f"SET ROLE {APP_ROLE}")


@pytest.mark.parametrize("look", LOOKS)
def test_what_cannot_be_logged_is_not_shown(
    look: str, here: Place, people: list[Citizen], client: Client
) -> None:
    asked = LOOKS[look](here, people)
    opened = asked.by(client)
    assert opened.status_code == 200
    assert shown_in(says(opened), [here.citizen, *people]) or look in SHORTENS_NAMES
    before = AccessLog.objects.count()

    with log_refuses(), pytest.raises(ProgrammingError, match="accesslog"), transaction.atomic():
        says(asked.by(client))

    assert AccessLog.objects.count() == before


def test_the_file_of_requests_names_nobody(
    here: Place, people: list[Citizen], client: Client
) -> None:
    before = AccessLog.objects.count()

    said = says(client.get(reverse("admin:citizens_datarequest_export")))

    assert here.agency.name_vi in said
    assert shown_in(said, [here.citizen, *people]) == set()
    assert AccessLog.objects.count() == before


def test_the_lost_race_is_not_shown_either(
    here: Place, people: list[Citizen], client: Client
) -> None:
    step = reverse("admin:office_dossier_step", args=[here.dossier.public_id])

    with log_refuses(), pytest.raises(ProgrammingError, match="accesslog"), transaction.atomic():
        client.post(step, {"press": "receive", "version": "99"})


# --------------------------------------------------------------- what the citizens then see
@pytest.mark.parametrize("number", [of_storms(30, 300)])
def test_random_looks_are_all_visible_to_those_concerned(
    number: int, here: Place, people: list[Citizen], client: Client
) -> None:
    random = seeded(number)
    kinds = list(LOOKS.values())
    own = [here.citizen, *people]
    looks = 0

    while looks < number:
        before = set(AccessLog.objects.values_list("pk", flat=True))
        response = random.choice(kinds)(here, _shuffled(people, random)).by(client)
        shown = shown_in(says(response), own)
        if not shown:
            continue
        looks += 1
        for person in own:
            seen = set(views_of(citizen=person).values_list("pk", flat=True)) - before
            assert bool(seen) or person.pk not in shown, (looks, person)


def _shuffled(people: list[Citizen], random: Random) -> list[Citizen]:
    """Return the people, sometimes with the last in front: both of them have a message."""
    first, last = people[0], people[-1]
    return people if random.random() < 0.5 else [last, *people[1:-1], first]


def test_a_look_is_visible_at_once(here: Place, people: list[Citizen], client: Client) -> None:
    LOOKS["detail"](here, people).by(client)

    assert views_of(citizen=people[0]).first().page == "admin:citizens_citizen_change"  # type: ignore[union-attr]
