"""F34 and F35: an official of one commune never sees or reaches anything of another one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import ForeignKey, Model
from django.test import Client
from django.urls import resolve, reverse

from citizens.enums import Role
from citizens.models import AccessLog, Citizen, Grant, User
from portal.office.base import Scoped
from portal.office.roles import SEES, Desk
from portal.office.standing import standing_on
from tests.factories.citizens import OfficialFactory, UserFactory
from tests.office.crawling import REASONS, addresses, posted, says, without_a_row
from tests.office.places import CANARY, Place, make_place, make_rarer_rows, signed_in

# A crawl of the whole desk: seconds a test.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.ignore_template_errors,
    pytest.mark.slow,
]

DESKS = sorted(admin.site._registry, key=lambda model: model._meta.label)
UNIT_DESKS = [
    model
    for model in DESKS
    if isinstance(desk := admin.site._registry[model], Scoped) and desk.has_place()
]
# Feedback may be about any commune; a rule is released for all, by what it means in each: counts.
NAMES_COMMUNES = ("office_feedback_new", "office_rehearsal", "office_rehearsal_file")
PROBES = ("full_name", "unit__name_vi", "parent__name_vi", "actor__display_name", "user__username")


def _name(model: type[Model], page: str) -> str:
    return f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"


def _says(client: Client, address: str) -> str:
    """Return everything the page says, its headers too."""
    response = client.get(address)
    assert response.status_code < 500, address
    return response.content.decode() + str(dict(response.headers))


def _lists(model: type[Model]) -> Iterator[str]:
    address = reverse(_name(model, "changelist"))
    yield address
    yield f"{address}?q={CANARY[:-2]}"
    yield f"{address}?_facets=True"
    yield f"{address}?all=&p=1"
    for probe in PROBES:
        yield f"{address}?{probe}__startswith={CANARY[:3]}"
    for entry in admin.site._registry[model].list_filter:
        path = entry[0] if isinstance(entry, tuple) else entry
        if isinstance(path, str):
            yield f"{address}?{path}__isnull=False"


@pytest.mark.parametrize("model", DESKS, ids=lambda model: model._meta.label)
def test_lists_name_nobody_of_another_commune(
    model: type[Model], here: Place, elsewhere: Place
) -> None:
    client = signed_in(here.user)

    for address in _lists(model):
        assert CANARY not in _says(client, address), address


def test_pages_of_foreign_rows_do_not_open(here: Place, elsewhere: Place) -> None:
    client = signed_in(here.user)
    opened = 0

    for row in elsewhere.rows:
        if type(row) not in admin.site._registry:
            continue
        for page in ("change", "history", "delete"):
            address = reverse(_name(type(row), page), args=[row.pk])
            assert client.get(address).status_code in (302, 403), address
            assert CANARY not in _says(client, address), address
        opened += 1

    assert opened > len(UNIT_DESKS)


def test_pages_of_own_rows_open_and_name_nobody_else(here: Place, elsewhere: Place) -> None:
    # A mother here, her child registered there: the child is not named
    from tests.factories.citizens import RelationFactory

    RelationFactory(person=elsewhere.citizen, relative=here.citizen, kind="guardian")
    client = signed_in(here.user)

    for row in here.rows:
        if type(row) not in admin.site._registry:
            continue
        address = reverse(_name(type(row), "change"), args=[row.pk])
        said = _says(client, address)
        assert client.get(address).status_code == 200, address
        assert CANARY not in said, address


def test_the_desk_pages_leave_the_other_commune_out(here: Place, elsewhere: Place) -> None:
    client = signed_in(here.user)
    queue = reverse("admin:office_queue")
    dossier = reverse("admin:office_dossier", args=[elsewhere.dossier.public_id])
    step = reverse("admin:office_dossier_step", args=[elsewhere.dossier.public_id])

    for address in (reverse("admin:index"), queue, f"{queue}?due=not_started", f"{queue}?status=1"):
        said = _says(client, address)
        assert CANARY not in said, address
        assert here.mark in said or address.endswith("status=1"), address
    assert elsewhere.dossier.code not in _says(client, f"{queue}?q={elsewhere.dossier.code[-7:]}0")
    assert client.get(dossier).status_code == 404
    assert client.post(step, {"press": "receive", "version": "1"}).status_code == 404
    elsewhere.dossier.refresh_from_db()
    assert elsewhere.dossier.version == 1


def test_no_address_of_the_desk_says_anything_of_another_commune(
    here: Place, elsewhere: Place
) -> None:
    """Every page, also with keys of foreign rows, as a window to choose from, and as a file.

    But for the other office's own name, since a dossier is handed to the office that is competent,
    and the commune's where that is no secret (NAMES_COMMUNES).
    """
    make_rarer_rows(here)
    make_rarer_rows(elsewhere)
    client = signed_in(here.user)
    client.raise_request_exception = False
    office = elsewhere.dossier.competent.name_vi
    opened = 0

    for address in addresses(searched=CANARY[:-2]):
        response = client.get(address)
        said = says(response).replace(office, "")
        if resolve(address.partition("?")[0]).url_name in NAMES_COMMUNES:
            said = said.replace(elsewhere.unit.name_vi, "")
        assert CANARY not in said, address
        opened += response.status_code == 200

    assert opened > 100


def test_every_address_has_a_row_or_a_reason(here: Place, elsewhere: Place) -> None:
    make_rarer_rows(here)
    make_rarer_rows(elsewhere)

    assert without_a_row() == set(REASONS)
    for reason in REASONS.values():
        told = reason.partition(": ")[2]
        assert not told or Path(__file__).with_name(f"{told}.py").exists(), reason


def test_no_press_on_a_foreign_row_says_anything_of_it(here: Place, elsewhere: Place) -> None:
    """Whatever is pressed without an answer to any question, with keys of both communes."""
    make_rarer_rows(here)
    make_rarer_rows(elsewhere)
    client = signed_in(here.user)
    client.raise_request_exception = False
    office = elsewhere.dossier.competent.name_vi
    refused = 0

    for address in posted(rows=2):
        response = client.post(address)
        assert CANARY not in says(response).replace(office, ""), address
        refused += response.status_code in (403, 404)

    assert refused > 100


@pytest.mark.parametrize("model", DESKS, ids=lambda model: model._meta.label)
def test_no_action_takes_foreign_rows(model: type[Model], here: Place, elsewhere: Place) -> None:
    client = signed_in(here.user)
    desk = admin.site._registry[model]
    foreign = [row.pk for row in elsewhere.rows if type(row) is model]
    rows = model._default_manager.filter(pk__in=foreign).order_by("pk")
    before = list(rows.values())

    for action in [
        *(getattr(one, "__name__", one) for one in desk.actions or ()),
        "delete_selected",
    ]:
        response = client.post(
            reverse(_name(model, "changelist")), {"action": action, "_selected_action": foreign}
        )
        followed = client.get(response["Location"]) if response.status_code == 302 else response
        assert CANARY not in says(followed), action

    assert list(rows.values()) == before


def test_autocomplete_and_choices_stay_inside(here: Place, elsewhere: Place) -> None:
    client = signed_in(here.user)
    address = reverse("admin:autocomplete")
    asked = 0

    for model in DESKS:
        for name in admin.site._registry[model].autocomplete_fields:
            query = f"app_label={model._meta.app_label}&model_name={model._meta.model_name}"
            query += f"&field_name={name}"
            for term in ("", CANARY):
                assert CANARY not in _says(client, f"{address}?{query}&term={term}"), query
                asked += 1
    assert asked >= 4
    assert CANARY not in _says(client, reverse("admin:citizens_grant_add"))
    for model in DESKS:
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey):
                query = f"app_label={model._meta.app_label}&model_name={model._meta.model_name}"
                said = _says(client, f"{address}?{query}&field_name={field.name}&term={CANARY}")
                assert CANARY not in said, f"{model._meta.label}.{field.name}"


@pytest.mark.parametrize("field", ["unit", "official"])
@pytest.mark.usefixtures("others_templates")
def test_a_forged_grant_over_another_commune_is_refused(
    field: str, here: Place, elsewhere: Place
) -> None:
    client = signed_in(here.user)
    second = OfficialFactory(agency=here.agency)
    given: dict[str, Any] = {
        "official": second.pk,
        "unit": here.unit.pk,
        "role": Role.CASE_OFFICER.value,
        "valid_0": "01/01/2026",
        "valid_1": "01/01/2027",
    }
    before = Grant.objects.count()

    response = client.post(
        reverse("admin:citizens_grant_add"), given | {field: getattr(elsewhere, field).pk}
    )
    assert response.status_code == 200
    assert Grant.objects.count() == before

    client.post(reverse("admin:citizens_grant_add"), given)
    made = Grant.objects.get(official=second)
    assert (made.granted_by, made.confirmed_by) == (here.user, None)


def test_an_action_on_foreign_rows_changes_nothing(here: Place, elsewhere: Place) -> None:
    client = signed_in(here.user)
    foreign = Grant.objects.filter(unit=elsewhere.unit)
    before = list(foreign.order_by("pk").values_list("valid", "confirmed_by"))

    for action in ("confirm_grants", "end_grants", "delete_selected"):
        client.post(
            reverse("admin:citizens_grant_changelist"),
            {"action": action, "_selected_action": [grant.pk for grant in foreign]},
        )

    assert list(foreign.order_by("pk").values_list("valid", "confirmed_by")) == before


@pytest.mark.parametrize("model", UNIT_DESKS, ids=lambda model: model._meta.label)
def test_nothing_is_seen_without_a_grant(model: type[Model], here: Place) -> None:
    desk = admin.site._registry[model]
    assert isinstance(desk, Scoped)
    today = standing_on(here.user, here.dossier.submitted_at.date())
    leaver = OfficialFactory(agency=here.agency)

    assert desk.visible_to(today).exists()
    assert not desk.visible_to(standing_on(leaver.user, today.day)).exists()
    assert not desk.visible_to(standing_on(UserFactory(), today.day)).exists()


@pytest.mark.parametrize("role", Role)
def test_each_role_opens_its_desks_and_no_other(role: Role, city: Any) -> None:
    place = make_place(city, "Hạ", roles=(role,))
    client = signed_in(place.user)

    for model in DESKS:
        desk = admin.site._registry[model]
        expected = 200 if role in SEES[desk.desk] else 403  # type: ignore[attr-defined]
        response = client.get(reverse(_name(model, "changelist")))
        assert response.status_code == expected, model
    expected = 200 if role in SEES[Desk.QUEUE] else 403
    assert client.get(reverse("admin:office_queue")).status_code == expected
    assert client.get(reverse("admin:index")).status_code == 200


@pytest.mark.parametrize("page", ["index", "office_queue", "citizens_citizen_changelist"])
def test_the_door(page: str, here: Place) -> None:
    address = reverse(f"admin:{page}")
    citizen = UserFactory(citizen=here.citizen)
    without_grant = OfficialFactory(agency=here.agency).user

    for user in (citizen, without_grant):
        client = signed_in(user)
        arrived = client.get(address, follow=True)
        assert arrived.status_code == 403
        assert here.mark not in arrived.content.decode()
    anonymous = Client().get(address, follow=True)
    assert anonymous.redirect_chain[-1][0].startswith(reverse("account_login"))
    assert AccessLog.objects.filter(actor__in=[citizen, without_grant]).count() == 0


def test_other_packages_bring_no_desk() -> None:
    assert User not in admin.site._registry
    assert Citizen in admin.site._registry
    assert all(isinstance(desk, Scoped) for desk in admin.site._registry.values())
