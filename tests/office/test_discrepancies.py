"""The desk of values in doubt: scope, both sides, decisions, the slower of two, the export."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from citizens.enums import DiscrepancyKind, DiscrepancyState, FactTable, Role, ViewPurpose
from citizens.models import AccessLog, Agency, Citizen, Discrepancy, Register, User
from citizens.services import open_discrepancy
from portal.common import clock
from tests.factories.citizens import (
    AgencyFactory,
    CitizenFactory,
    RegisterFactory,
    RelationFactory,
    UserFactory,
)
from tests.office.places import Place, make_place, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

LIST = "admin:citizens_discrepancy_changelist"


@dataclass
class Matter:
    """A case of the official's commune, and the official's browser."""

    case: Discrepancy
    client: Client
    place: Place

    @property
    def page(self) -> str:
        """The address of the case."""
        return reverse("admin:citizens_discrepancy_change", args=[self.case.pk])

    def post(self, page: str, **fields: Any) -> Any:
        """Press a button of the page as it was opened."""
        address = reverse(f"admin:citizens_discrepancy_{page}", args=[self.case.pk])
        return self.client.post(address, {"version": self.case.version, **fields})


def doubt(citizen: Citizen, **other: Any) -> Discrepancy:
    values: dict[str, Any] = {
        "subject": citizen.party,
        "kind": DiscrepancyKind.CONTESTED,
        "table": FactTable.CITIZEN,
        "object_id": citizen.pk,
        "column": "full_name",
        "register": Register.objects.get(code="NPD"),
        "held_value": citizen.full_name,
        "stated_value": "Trần Thị Ngọc",
        "day": clock.today(),
    }
    return open_discrepancy(**(values | other))


@pytest.fixture
def matter(here: Place) -> Matter:
    user = User.objects.filter(citizen=here.citizen).first()
    raiser = user or UserFactory(citizen=here.citizen)
    case = doubt(here.citizen, raised_by=raiser, note="Giấy khai sinh ghi Ngọc")
    assert case.owner == here.agency
    return Matter(case, signed_in(here.user), here)


def test_the_list_has_figures_and_no_values(matter: Matter) -> None:
    Discrepancy.objects.update(due_on=clock.today() - timedelta(days=1))

    html = matter.client.get(reverse(LIST)).content.decode()

    assert matter.place.citizen.full_name in html
    assert "quá hạn" in html
    assert "Trần Thị Ngọc" not in html
    assert "<b>2</b> đang chờ" in html


def test_an_empty_list_says_what_will_come(here: Place) -> None:
    Discrepancy.objects.all().delete()
    html = signed_in(here.user).get(reverse(LIST)).content.decode()

    assert "Không có thông tin nào cần xem xét." in html


def test_the_page_shows_both_sides_and_is_logged(matter: Matter) -> None:
    RegisterFactory(code="CIVIL", name_vi="Hộ tịch điện tử")
    before = AccessLog.objects.count()

    html = matter.client.get(matter.page).content.decode()

    for said in (matter.place.citizen.full_name, "Trần Thị Ngọc", "Giấy khai sinh ghi Ngọc"):
        assert said in html
    assert (matter.place.citizen.pin or "?") not in html
    (row,) = AccessLog.objects.order_by("pk")[before:]
    assert (row.purpose, row.subject_ids) == (
        ViewPurpose.DATA_QUALITY,
        [matter.place.citizen.pk],
    )
    assert {"held_value", "stated_value", "note"} <= set(row.fields)


def test_other_communes_are_not_there(matter: Matter, elsewhere: Place) -> None:
    foreign = doubt(elsewhere.citizen)
    page = reverse("admin:citizens_discrepancy_change", args=[foreign.pk])
    press = reverse("admin:citizens_discrepancy_settle", args=[foreign.pk])

    assert elsewhere.mark not in matter.client.get(reverse(LIST)).content.decode()
    assert matter.client.get(page)["Location"] == reverse("admin:index")
    assert matter.client.post(press, {"version": 1, "press": "uphold"}).status_code == 404
    foreign.refresh_from_db()
    assert foreign.state == DiscrepancyState.OPEN


def test_cases_of_the_same_person_at_other_offices_are_not_named(
    matter: Matter, elsewhere: Place
) -> None:
    own, foreign = (
        doubt(matter.place.citizen, column=column) for column in ("birth_date", "hometown")
    )
    Discrepancy.objects.filter(pk=foreign.pk).update(owner=elsewhere.agency)

    response = matter.client.get(matter.page)

    shown = list(response.context["past"])
    assert own in shown
    assert foreign not in shown
    html = response.content.decode()
    assert elsewhere.mark not in html
    assert reverse("admin:citizens_discrepancy_change", args=[foreign.pk]) not in html


def test_it_is_put_right_with_one_press(matter: Matter) -> None:
    response = matter.post("settle", press="correct", value="Trần Thị Ngọc", reason="")

    matter.case.refresh_from_db()
    assert response.status_code == 302
    assert matter.case.state == DiscrepancyState.CORRECTED
    assert Citizen.objects.get(pk=matter.place.citizen.pk).full_name == "Trần Thị Ngọc"
    html = matter.client.get(matter.page).content.decode()
    assert "Hiện đang ghi:" in html
    assert "Vụ việc đã giải quyết." in html


@pytest.mark.parametrize("reason", ["", "Giấy khai sinh gốc ghi khác"])
def test_it_is_left_with_a_reason_only(matter: Matter, reason: str) -> None:
    matter.post("settle", press="uphold", reason=reason)

    matter.case.refresh_from_db()
    state = DiscrepancyState.UPHELD if reason else DiscrepancyState.OPEN
    assert (matter.case.state, matter.case.decision) == (state, reason)


def test_the_slower_of_two_is_told_who_was_faster(matter: Matter) -> None:
    faster = matter.place.user
    matter.post("settle", press="uphold", reason="Đúng rồi")
    slower = UserFactory(of_official=True, is_superuser=True)
    matter.client = signed_in(slower)

    response = matter.post("settle", press="correct", value="Trần Thị Ngọc")

    assert response.status_code == 409
    assert f"vừa được {faster} cập nhật" in response.content.decode()
    assert Citizen.objects.get(pk=matter.place.citizen.pk).full_name != "Trần Thị Ngọc"


def test_a_double_click_is_one_decision(matter: Matter) -> None:
    matter.post("settle", press="uphold", reason="Đúng rồi")

    response = matter.post("settle", press="uphold", reason="Đúng rồi")

    assert response.status_code == 302
    matter.case.refresh_from_db()
    assert matter.case.version == 2


def test_family_sees_no_buttons(matter: Matter) -> None:
    kin = CitizenFactory()
    RelationFactory(person=kin, relative=matter.place.citizen)
    matter.place.official.self_pin_index = kin.pin_index
    matter.place.official.save()

    html = matter.client.get(matter.page).content.decode()
    matter.post("settle", press="uphold", reason="Đúng rồi")

    assert 'value="uphold"' not in html
    matter.case.refresh_from_db()
    assert matter.case.state == DiscrepancyState.OPEN


def test_it_is_handed_to_another_office(matter: Matter, city: Any) -> None:
    police: Agency = AgencyFactory(kind__key="cong_an_xa", unit=matter.place.unit)
    Register.objects.filter(code="NPD").update(steward_kind=police.kind)

    matter.post("hand_over", to=police.pk, reason="Thuộc dân cư")

    matter.case.refresh_from_db()
    assert matter.case.owner == police
    assert matter.case.note.endswith(f"chuyển cho {police.name_vi}: Thuộc dân cư")


def test_the_export_runs_no_formula_and_names_nobody_in_full(matter: Matter) -> None:
    Agency.objects.filter(pk=matter.case.owner_id).update(name_vi='=HYPERLINK("x")')
    before = AccessLog.objects.count()

    response = matter.client.get(reverse("admin:citizens_discrepancy_export"), {"state": "open"})

    text = response.content.decode("utf-8-sig")
    heading, _other, row = csv.reader(text.splitlines())
    assert len(heading) == len(row)
    assert '\'=HYPERLINK("x")' in row
    assert matter.place.citizen.full_name not in text
    assert "Ngọc" not in text
    assert AccessLog.objects.count() == before + 1


def test_a_list_asks_the_same_of_many_rows_as_of_few(matter: Matter) -> None:
    counted = []
    for number in (0, 10):
        for _ in range(number):
            doubt(CitizenFactory(unit=matter.place.unit))
        matter.client.get(reverse(LIST))
        with CaptureQueriesContext(connection) as asked:
            assert matter.client.get(reverse(LIST)).status_code == 200
        counted.append(len(asked))

    assert counted[0] == counted[1]


@pytest.mark.parametrize("role", list(Role))
def test_who_opens_the_desk(role: Role, city: Any) -> None:
    place = make_place(city, "Thử", roles=(role,))
    opens = {Role.DATA_STEWARD, Role.CASE_OFFICER, Role.HEAD_OF_UNIT, Role.ADMINISTRATOR}

    status = signed_in(place.user).get(reverse(LIST)).status_code

    assert status == (200 if role in opens else 403)
