"""Every page of the desk renders, obeys the content security policy and asks a constant number."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings

from citizens.enums import Role
from citizens.models import Grant, Holiday, Official, Unit, User
from dossiers.models import Dossier
from portal.common import clock
from portal.office.clock_colours import SIGNS, Day
from tests.dossiers.scene import FRIDAY
from tests.factories.citizens import CitizenFactory, CredentialFactory, OfficialFactory
from tests.factories.dossiers import DossierFactory
from tests.factories.notifications import MessageFactory
from tests.factories.procedures import SuggestionFactory
from tests.office.places import Place, make_place, signed_in

# A crawl of the whole desk: seconds a test.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.ignore_template_errors,
    pytest.mark.slow,
]

DESKS = sorted(admin.site._registry, key=lambda model: model._meta.label)
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>\s*[^\s<]|\son[a-z]+=\"|javascript:")
FOREIGN = re.compile(r"(?:src|href|action)=\"(?:https?:)?//(?!testserver)")
MOST_QUERIES = 20
DUE_DATES = (None, date(2026, 11, 19), date(2026, 11, 20), date(2026, 11, 24), date(2027, 1, 1))


def _name(model: type[Model], page: str) -> str:
    return f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"


@pytest.fixture
def administrator(here: Place) -> Client:
    """The first administrator's browser."""
    user = User.objects.create_superuser("quan-tri", "x", display_name="Quản trị")
    return signed_in(user)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_renders_for_the_administrator(administrator: Client, language: str) -> None:
    administrator.cookies["django_language"] = language
    Holiday.objects.create(day=date(2027, 1, 1), name_vi="Tết Dương lịch")
    addresses = [reverse("admin:index"), reverse("admin:office_queue")]
    for model in DESKS:
        addresses.append(reverse(_name(model, "changelist")))
        row = model._default_manager.first()
        if row is not None:
            addresses += [
                reverse(_name(model, page), args=[row.pk]) for page in ("change", "history")
            ]

    for address in addresses:
        response = administrator.get(address)
        said = response.content.decode()
        assert response.status_code == 200, address
        assert f'<html lang="{language}"' in said, address
        assert not INLINE_SCRIPT.findall(said), address
        assert not FOREIGN.findall(said), address
    assert len(addresses) > 2 * len(DESKS)


def test_the_policy_is_relaxed_under_admin_only(administrator: Client) -> None:
    inside = administrator.get(reverse("admin:index"))["Content-Security-Policy"]
    outside = administrator.get(reverse("account_login"))

    assert "script-src 'self' 'unsafe-eval'" in [part.strip() for part in inside.split(";")]
    assert "unsafe" not in outside.headers["Content-Security-Policy"]


def _queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize(
    "page",
    [
        "index",
        "office_queue",
        "citizens_citizen_changelist",
        "citizens_credential_changelist",
        "procedures_suggestion_changelist",
        "notifications_message_changelist",
        "citizens_official_changelist",
        "citizens_grant_changelist",
    ],
)
def test_a_list_asks_the_same_of_many_rows_as_of_few(page: str, here: Place) -> None:
    client = signed_in(here.user)
    address = reverse(f"admin:{page}")
    DossierFactory(owner_citizen=here.citizen, competent=here.agency)
    few = _queries(client, address)

    for number in range(6):
        citizen = CitizenFactory(unit=here.unit)
        licence = CredentialFactory(holder=citizen)
        SuggestionFactory(citizen=citizen, credential=licence)
        MessageFactory(recipient=citizen.party)
        DossierFactory(owner_citizen=citizen, competent=here.agency)
        colleague = OfficialFactory(agency=here.agency)
        Grant.objects.create(
            official=colleague,
            role=Role.RECEPTIONIST,
            unit=here.unit,
            valid=here.unit.valid,
            granted_by=here.user if number % 2 else colleague.user,
        )

    assert _queries(client, address) == few
    assert few <= MOST_QUERIES


@pytest.mark.parametrize(
    ("fee", "told"),
    [(None, "The catalogue names none"), (0, "Free of charge"), (135_000, "135,000\xa0đ")],
)
def test_the_desk_tells_an_unknown_fee_from_none(fee: int | None, told: str, here: Place) -> None:
    Dossier.objects.filter(pk=here.dossier.pk).update(fee_vnd=fee)
    client = signed_in(here.user)
    client.cookies["django_language"] = "en"

    said = client.get(reverse("admin:office_dossier", args=[here.dossier.public_id]))

    assert f"Fee: {told}" in said.content.decode()


@pytest.mark.parametrize(
    ("days", "working", "decision", "kept"),
    [
        (date(2026, 1, 2), False, "QĐ 1/2026", True),  # a Friday off
        (date(2026, 1, 10), True, "QĐ 1/2026", True),  # a Saturday worked on
        (date(2026, 1, 2), False, "", False),  # without a decision
        (date(2026, 1, 2), True, "QĐ 1/2026", False),  # a Friday works anyway
        (date(2026, 1, 11), False, "QĐ 1/2026", False),  # a Sunday is off anyway
    ],
)
@pytest.mark.usefixtures("others_templates")
def test_the_calendar_is_corrected_with_a_decision(
    days: date, working: bool, decision: str, kept: bool, here: Place
) -> None:
    client = signed_in(here.user)
    given: dict[str, Any] = {
        "day": f"{days:%d/%m/%Y}",
        "name_vi": "Nghỉ bù",
        "name_en": "",
        "decision": decision,
    }

    client.post(
        reverse("admin:citizens_holiday_add"), given | ({"is_working": "on"} if working else {})
    )

    assert Holiday.objects.filter(day=days, is_working=working, is_correction=True).exists() is kept


@pytest.mark.parametrize(
    ("day", "listed", "put_back"),
    [
        (date(2026, 1, 2), False, True),  # a Friday that the list calls off
        (date(2026, 1, 10), True, False),  # a Saturday that the list says is worked on
    ],
)
def test_a_mistake_in_the_calendar_can_be_put_right(
    day: date, listed: bool, put_back: bool, here: Place
) -> None:
    row = Holiday.objects.create(day=day, is_working=listed, name_vi="Nhầm")
    given = {"day": f"{day:%d/%m/%Y}", "name_vi": "Sửa", "name_en": "", "decision": "QĐ 2/2026"}

    signed_in(here.user).post(
        reverse("admin:citizens_holiday_change", args=[row.pk]),
        given | ({"is_working": "on"} if put_back else {}),
    )

    row.refresh_from_db()
    assert (row.is_working, row.is_correction) == (put_back, True)


def test_a_receptionist_reads_the_calendar_and_changes_nothing(city: Unit) -> None:
    client = signed_in(make_place(city, "Đông", roles=(Role.RECEPTIONIST,)).user)
    holiday = Holiday.objects.create(day=date(2027, 1, 1), name_vi="Tết Dương lịch")
    address = reverse("admin:citizens_holiday_change", args=[holiday.pk])

    assert client.get(address).status_code == 200
    assert client.post(address, {"name_vi": "Không nghỉ", "day": "01/01/2027"}).status_code == 403
    assert client.get(reverse("admin:citizens_holiday_add")).status_code == 403
    holiday.refresh_from_db()
    assert holiday.name_vi == "Tết Dương lịch"


@pytest.mark.parametrize(
    ("granter", "owner", "confirmed"),
    [("other", "other", True), ("self", "other", False), ("other", "self", False)],
)
def test_a_grant_is_confirmed_by_a_second_official(
    granter: str, owner: str, confirmed: bool, here: Place
) -> None:
    colleague = OfficialFactory(agency=here.agency)
    people: dict[str, Official] = {"self": here.official, "other": colleague}
    grant = Grant.objects.create(
        official=people[owner],
        role=Role.RECEPTIONIST,
        unit=here.unit,
        valid=here.unit.valid,
        granted_by=people[granter].user,
    )

    signed_in(here.user).post(
        reverse("admin:citizens_grant_changelist"),
        {"action": "confirm_grants", "_selected_action": [grant.pk]},
    )

    grant.refresh_from_db()
    assert (grant.confirmed_by == here.user) is confirmed


def test_a_grant_that_is_ended_no_longer_opens_the_desk(here: Place) -> None:
    colleague = make_place(here.unit, "Tây", roles=(Role.RECEPTIONIST,))
    (grant,) = colleague.official.grants.all()

    signed_in(here.user).post(
        reverse("admin:citizens_grant_changelist"),
        {"action": "end_grants", "_selected_action": [grant.pk]},
    )

    arrived = signed_in(colleague.user).get(reverse("admin:index"), follow=True)
    grant.refresh_from_db()
    assert grant.valid.upper == clock.today()
    assert arrived.status_code == 403


def test_officials_need_a_second_factor_where_it_is_demanded(
    here: Place, settings: Settings
) -> None:
    settings.OFFICE_REQUIRES_MFA = True
    client = signed_in(here.user)

    for page in ("index", "office_queue", "citizens_citizen_changelist"):
        assert client.get(reverse(f"admin:{page}")).url == reverse("mfa_index")  # type: ignore[attr-defined]


def test_every_colour_is_the_same_in_python_and_in_sql(here: Place) -> None:
    started = {"clock_started_on": FRIDAY.date()}
    for status in range(1, 11):
        for due_on in (
            None,
            date(2026, 11, 19),
            date(2026, 11, 20),
            date(2026, 11, 24),
            date(2027, 1, 1),
        ):
            for extra in ({}, started):
                made = DossierFactory(
                    owner_citizen=here.citizen, competent=here.agency, ledgers=False, status=status
                )
                Dossier.objects.filter(pk=made.pk).update(due_on=due_on, **extra)
    day = Day.of(FRIDAY.date())

    by_sql = {
        colour: set(Dossier.objects.filter(day.condition(colour)).values_list("pk", flat=True))
        for colour in SIGNS
    }

    assert sum(len(keys) for keys in by_sql.values()) == Dossier.objects.count()
    for dossier in Dossier.objects.all():
        assert dossier.pk in by_sql[day.colour(dossier)]
