"""What the registers hold, and saying that it is wrong: own values only, nothing waits."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from citizens.enums import FactTable, Role
from citizens.models import Citizen, Discrepancy
from citizens.selectors import Origin
from citizens.services import settle_discrepancy
from dossiers.models import Dossier
from portal.web.origins import token_of
from portal.web.presenters.inbox import matter_url
from procedures.services.scan_changes import scan_changes
from tests.factories.citizens import (
    AgencyFactory,
    AuthorityFactory,
    CitizenFactory,
    CredentialFactory,
    GrantFactory,
    HouseholdFactory,
    OfficialFactory,
    OrganisationFactory,
    RegisterRecordFactory,
)
from tests.web.scene import FRIDAY, Scene, stranger

MY_DATA = "/my/data/"


@pytest.fixture
def office(scene: Scene) -> None:
    AgencyFactory(kind__key="ubnd_xa", unit=scene.ward, name_vi="UBND phường")


def name_of(citizen: Citizen) -> Origin:
    return Origin(FactTable.CITIZEN, citizen.pk, "full_name")


def contest_page(origin: Origin, reader: Citizen) -> str:
    return reverse("web:contest", args=[token_of(origin=origin, citizen=reader)])


def disputes(html: str) -> list[str]:
    """Return the addresses behind "Không đúng?"."""
    return re.findall(r'href="(/my/data/[^"]+/contest/[^"]*)"', html)


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def test_the_page_shows_what_each_register_holds_and_since_when(scene: Scene, office: None) -> None:
    HouseholdFactory(head=scene.lan, address="Tổ 5")
    html = read(scene.client, MY_DATA)

    assert "Trần Thị Lan" in html
    assert "20/06/1956" in html
    assert "Nữ" in html
    assert "Tính đến ngày 20/11/2026" in html
    assert "Cơ sở dữ liệu NPD" in html
    assert "Chủ hộ" in html
    assert "•••0001" in html
    assert (scene.lan.pin or "?") not in html
    assert len(disputes(html)) >= 7


def test_of_a_register_with_several_kinds_each_stands_under_its_name(scene: Scene) -> None:
    check = {"date": "2026-11-01", "place": "Bệnh viện Hoa"}
    RegisterRecordFactory(subject=scene.lan.party, body=check)
    RegisterRecordFactory(subject=scene.lan.party, kind="cme", body={"hours": 24})
    RegisterRecordFactory(
        subject=scene.lan.party, register__code="LAND", kind="certificate", body={"area": 120.7}
    )

    html = read(scene.client, MY_DATA)

    headings = re.findall(r"<h2>([^<]+)</h2>", html)
    assert {"Giấy khám sức khỏe lái xe", "Cập nhật kiến thức y khoa liên tục"} <= set(headings)
    assert "Cơ sở dữ liệu LAND" in headings
    assert "Cơ sở dữ liệu HEALTH · Tính đến ngày" in html
    assert "120,7" in html


def test_a_child_and_a_firm_are_there_strangers_are_not(scene: Scene) -> None:
    child, firm = CitizenFactory(minor=True, unit=scene.ward), OrganisationFactory()
    other = CitizenFactory(full_name="Đỗ Văn Khách")
    for party in (child.party, firm.party):
        AuthorityFactory(actor=scene.lan, for_party=party)

    html = read(scene.client, MY_DATA)

    assert child.full_name in html
    assert firm.name in html
    assert other.full_name not in html


def test_queries_do_not_grow_with_what_is_held(scene: Scene) -> None:
    with CaptureQueriesContext(connection) as few:
        read(scene.client, MY_DATA)
    for _ in range(5):
        RegisterRecordFactory(subject=scene.lan.party, body={"number": "1", "area": 2})
        child = CitizenFactory(minor=True, unit=scene.ward)
        AuthorityFactory(actor=scene.lan, for_party=child.party)
    with CaptureQueriesContext(connection) as many:
        read(scene.client, MY_DATA)

    assert len(many) <= len(few) + 1


def test_from_the_suggestion_to_a_case_and_back(scene: Scene, office: None) -> None:
    before = read(scene.client, scene.page)
    pages = {address: read(scene.client, address) for address in disputes(before)}
    address, page = next(one for one in pages.items() if "Họ và tên" in one[1])
    assert "Trần Thị Lan" in page
    assert "UBND phường xem xét và trả lời trước thứ\u00a0Sáu, 04/12/2026." in page

    response = scene.client.post(
        address, {"stated": "Trần Thị Lam", "note": "Xem giấy khai sinh"}, follow=True
    )

    html = response.content.decode()
    assert response.redirect_chain == [(scene.page, 302)]
    assert "Trần Thị Lam" in html
    assert "Đã báo chưa đúng, UBND phường sẽ trả lời trước thứ\u00a0Sáu, 04/12/2026." in html
    assert "Cơ sở dữ liệu đang ghi: Trần Thị Lan." in html
    assert len(disputes(html)) == len(disputes(before)) - 1
    case = Discrepancy.objects.get()
    assert (case.raised_by, case.note) == (scene.user, "Xem giấy khai sinh")


def test_nothing_waits_for_a_case(scene: Scene, office: None) -> None:
    scene.client.post(contest_page(name_of(scene.lan), scene.lan), {"stated": "Trần Thị Lam"})

    response = scene.client.post(scene.page, {"delivery": "Bưu chính công ích"}, follow=True)

    entry = Dossier.objects.get().form["full_name"]
    assert (entry["value"], entry["source"], entry["held"]) == (
        "Trần Thị Lam",
        "contested",
        "Trần Thị Lan",
    )
    assert "Ông/bà tự khai, khác với cơ sở dữ liệu" in response.content.decode()


def test_the_decision_and_its_reason_are_read_on_the_page(scene: Scene, office: None) -> None:
    scene.client.post(contest_page(name_of(scene.lan), scene.lan), {"stated": "Trần Thị Lam"})
    official = OfficialFactory()
    GrantFactory(official=official, role=Role.DATA_STEWARD, unit=scene.ward)
    case = Discrepancy.objects.get()
    settle_discrepancy(
        case=case,
        user=official.user,
        version=1,
        right_value=None,
        reason="Giấy khai sinh gốc ghi Lan",
        now=FRIDAY,
    )
    scan_changes(now=FRIDAY)

    html = read(scene.client, MY_DATA)
    letter = scene.lan.party.messages.get()

    assert "Giấy khai sinh gốc ghi Lan" in html
    assert f'id="case-{case.public_id}"' in html
    assert matter_url(scene.lan, letter.thread_key) == f"/my/data/#case-{case.public_id}"
    assert matter_url(stranger()[0], letter.thread_key) == ""
    assert disputes(html)
    scene.client.cookies["django_language"] = "en"
    assert '<p lang="vi">Giấy khai sinh gốc ghi Lan</p>' in read(scene.client, MY_DATA)


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [
        ({"stated": "", "note": ""}, "Xin ghi thông tin đúng."),
        ({"stated": "Trần Thị Lan"}, "Cơ sở dữ liệu đang lưu đúng như vậy."),
        ({"stated": "Trần 4"}, "Họ tên chỉ gồm chữ cái."),
        ({"stated": "x" * 201}, "200"),
        ({"stated": "Trần Thị Lam", "note": "x" * 1001}, "1000"),
    ],
)
def test_what_cannot_be_right_is_said_beside_the_field(
    scene: Scene, office: None, posted: dict[str, str], sentence: str
) -> None:
    response = scene.client.post(contest_page(name_of(scene.lan), scene.lan), posted)

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Discrepancy.objects.exists()


def test_papers_have_the_same_way_to_object(scene: Scene, office: None) -> None:
    html = read(scene.client, "/my/papers/")
    address = disputes(html)[2]

    response = scene.client.post(address, {"stated": "2028-01-19"}, follow=True)

    case = Discrepancy.objects.get()
    assert (case.table, case.column, case.stated_value) == (
        "credential",
        "expires_on",
        "2028-01-19",
    )
    assert response.redirect_chain == [(MY_DATA, 302)]
    assert "Đã báo chưa đúng" in read(scene.client, "/my/papers/")


def test_a_mother_contests_for_her_child(scene: Scene, office: None) -> None:
    child = CitizenFactory(minor=True, unit=scene.ward)
    AuthorityFactory(actor=scene.lan, for_party=child.party)

    scene.client.post(contest_page(name_of(child), scene.lan), {"stated": "Trần Văn Tý"})

    assert Discrepancy.objects.get().subject == child.party


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_others_does_not_exist(scene: Scene, office: None, method: str) -> None:
    someone, client = stranger()
    paper = CredentialFactory(holder=someone)
    record = RegisterRecordFactory(subject=someone.party, body={"area": 1})
    foreign = [
        contest_page(name_of(someone), scene.lan),
        contest_page(Origin(FactTable.CREDENTIAL, paper.pk, "expires_on"), scene.lan),
        contest_page(Origin(FactTable.RECORD, record.pk, "area"), scene.lan),
        contest_page(Origin(FactTable.CITIZEN, 0, "full_name"), scene.lan),
        contest_page(Origin(FactTable.CITIZEN, scene.lan.pk, "survivor"), scene.lan),
        contest_page(name_of(scene.lan), someone),  # sealed for somebody else
        f"{contest_page(name_of(scene.lan), scene.lan)}?suggestion=x",
        f"/my/data/{'A' * 60}/contest/",
    ]

    for address in foreign:
        posted = {"data": {"stated": "X"}} if method == "post" else {}
        answer = getattr(scene.client, method)(address, **posted)
        assert answer.status_code == 404, address
    own = f"{contest_page(name_of(someone), someone)}?suggestion={scene.suggestion.public_id}"
    assert client.get(own).status_code == 404
    assert not Discrepancy.objects.exists()


def test_what_was_reported_already_is_said_and_more_can_be_added(
    scene: Scene, office: None
) -> None:
    address = contest_page(name_of(scene.lan), scene.lan)
    scene.client.post(address, {"stated": "Trần Thị Lam"})

    assert "đã được báo chưa đúng ngày 20/11/2026" in read(scene.client, address)
    scene.client.post(address, {"stated": "Trần Thị Lam", "note": "Có giấy khai sinh"})

    assert Discrepancy.objects.get().note == "Có giấy khai sinh"
