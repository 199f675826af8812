"""Requests about one's data: days shown first, sent once, read by oneself, the copy at once."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
import time_machine

from citizens.enums import DataRequestKind, Role
from citizens.models import AccessLog, Agency, DataRequest, User
from citizens.registers.declared import FORMATS
from citizens.registers.formats import Target
from citizens.workflow import request_code
from dossiers.services import (
    answer_data_request,
    extend_data_request,
    finish_data_request,
    refuse_data_request,
)
from notifications.selectors import opted_out_parties
from portal.common import clock
from portal.common.errors import StaleVersionError
from portal.web.presenters.kinds import TABLES
from tests.factories.citizens import (
    AgencyFactory,
    AuthorityFactory,
    CitizenFactory,
    GrantFactory,
    OfficialFactory,
    RegisterRecordFactory,
)
from tests.web.scene import FRIDAY, PHONE, Scene, stranger

K = DataRequestKind
LIST = "/my/requests/"


@pytest.fixture
def hall(scene: Scene) -> Agency:
    """The People's Committee of Mrs Lan's ward."""
    hall: Agency = AgencyFactory(kind__key="ubnd_xa", unit=scene.ward, name_vi="UBND phường Hoa")
    return hall


@pytest.fixture
def official(hall: Agency) -> User:
    """The head of that unit."""
    official = OfficialFactory(agency=hall)
    GrantFactory(official=official, role=Role.HEAD_OF_UNIT, unit=hall.unit)
    user: User = official.user
    return user


def new(kind: DataRequestKind) -> str:
    return f"{LIST}new/{kind}/"


def send(scene: Scene, kind: DataRequestKind = K.RESTRICT, **fields: str) -> DataRequest:
    response = scene.client.post(new(kind), {"body": "Số điện thoại cũ", **fields})
    assert response.status_code == 302
    request: DataRequest = DataRequest.objects.latest("pk")
    assert response["Location"] == page_of(request)
    return request


def page_of(request: DataRequest) -> str:
    return f"{LIST}{request.public_id}/"


def html(scene: Scene, address: str) -> str:
    response = scene.client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def signed_in_again(scene: Scene) -> None:
    """A session does not outlive the day."""
    scene.client.force_login(scene.user, backend="django.contrib.auth.backends.ModelBackend")


def test_the_six_rights_stand_in_plain_words(scene: Scene) -> None:
    page = html(scene, LIST)

    for kind in K:
        assert f'href="{new(kind)}"' in page


@pytest.mark.parametrize(
    ("kind", "answered", "done"),
    [
        (K.CORRECT, "24/11/2026", "30/11/2026"),
        (K.RESTRICT, "24/11/2026", "07/12/2026"),  # the fifteenth day is a Saturday
        (K.OBJECT, "24/11/2026", "07/12/2026"),
    ],
)
def test_both_days_are_shown_before_it_is_sent(
    scene: Scene, kind: DataRequestKind, answered: str, done: str
) -> None:
    page = html(scene, new(kind))

    assert answered in page
    assert done in page
    assert not DataRequest.objects.exists()


@pytest.mark.parametrize(
    ("kind", "tells"), [(K.RESTRICT, True), (K.OBJECT, True), (K.CORRECT, False)]
)
def test_what_software_does_and_what_an_official_must_do_is_said_first(
    scene: Scene, kind: DataRequestKind, tells: bool
) -> None:
    page = html(scene, new(kind))

    assert ("Cổng tự dừng ba việc" in page) == tells
    assert ("Cổng không tự sửa hoặc khóa dữ liệu" in page) == tells


@pytest.mark.usefixtures("hall")
def test_a_request_is_sent_once_and_shown(scene: Scene) -> None:
    request = send(scene)
    again = send(scene)

    page = html(scene, page_of(request))
    assert request.pk == again.pk
    assert request_code(request.public_id) in page
    assert "UBND phường Hoa" in page
    assert "Số điện thoại cũ" in page
    assert "24/11/2026" in page
    assert request_code(request.public_id) in html(scene, LIST)


@pytest.mark.usefixtures("hall")
def test_a_correction_without_words_keeps_the_page(scene: Scene) -> None:
    response = scene.client.post(new(K.CORRECT), {"body": " "})

    assert response.status_code == 422
    assert "điều gì sai" in response.content.decode()
    assert not DataRequest.objects.exists()


def test_without_an_office_the_words_are_kept(scene: Scene) -> None:
    response = scene.client.post(new(K.OBJECT), {"body": "Không gửi khảo sát"})

    assert response.status_code == 422
    assert "Không gửi khảo sát" in response.content.decode()


def test_no_other_kind_is_there(scene: Scene) -> None:
    assert scene.client.get(f"{LIST}new/delete/").status_code == 404


def test_answer_extension_and_end_are_read(scene: Scene, official: User) -> None:
    request = send(scene)
    answered = answer_data_request(
        request=request, user=official, version=1, answer="Sẽ báo công an phường.", now=FRIDAY
    )
    extended = extend_data_request(
        request=answered, user=official, version=2, days=7, reason="Chờ trả lời.", now=FRIDAY
    )

    page = html(scene, page_of(request))
    assert "Sẽ báo công an phường." in page
    assert "Gia hạn đến 14/12/2026" in page
    assert "Chờ trả lời." in page

    finish_data_request(request=extended, user=official, version=3, note="Đã báo xong.", now=FRIDAY)
    page = html(scene, page_of(request))
    assert "Đã báo xong." in page
    assert "Đang có hiệu lực" in page
    assert f"{page_of(request)}cancel/" not in page
    assert opted_out_parties("credential_expiring").filter(party=scene.lan.party).exists()


def test_a_refusal_gives_reason_and_law(scene: Scene, official: User) -> None:
    request = send(scene)
    refuse_data_request(
        request=request,
        user=official,
        version=1,
        reason="Đang cần cho hồ sơ.",
        legal_basis="Điều 19 Luật 91/2025/QH15",
        now=FRIDAY,
    )

    page = html(scene, page_of(request))

    assert "Đang cần cho hồ sơ." in page
    assert "Điều 19 Luật 91/2025/QH15" in page
    assert "Cổng tự dừng" not in page


@pytest.mark.usefixtures("hall")
def test_she_takes_it_back(scene: Scene) -> None:
    request = send(scene)
    address = f"{page_of(request)}cancel/"
    assert "Rút yêu cầu này?" in html(scene, address)

    response = scene.client.post(address, {"version": "1"}, follow=True)

    request.refresh_from_db()
    assert request.state == "cancelled"
    assert "Đã rút yêu cầu" in response.content.decode()
    assert scene.client.get(address).status_code == 302


def test_taking_back_on_an_old_page_says_so(scene: Scene, official: User) -> None:
    request = send(scene)
    answer_data_request(request=request, user=official, version=1, answer="Vâng.", now=FRIDAY)

    response = scene.client.post(f"{page_of(request)}cancel/", {"version": "1"}, follow=True)

    request.refresh_from_db()
    assert request.state == "answered"
    assert str(StaleVersionError("vừa được thay đổi")) in response.content.decode()


@pytest.mark.usefixtures("hall")
@pytest.mark.parametrize("end", ["", "cancel/", "copy/", "copy.json"])
def test_what_others_asked_does_not_exist(scene: Scene, end: str) -> None:
    request = send(scene, K.COPY, at_once="1")
    _citizen, client = stranger()

    assert client.get(page_of(request) + end).status_code == 404
    assert client.post(page_of(request) + end).status_code in (404, 405)
    assert not AccessLog.objects.exists()


@pytest.mark.usefixtures("hall")
def test_late_is_said(scene: Scene) -> None:
    request = send(scene)

    with time_machine.travel(FRIDAY + timedelta(days=6), tick=True):
        signed_in_again(scene)
        assert "Đã quá hạn" in html(scene, page_of(request))


# ------------------------------------------------------------------------------------- the copy
@pytest.mark.usefixtures("hall")
def test_the_copy_is_there_at_once_for_people_and_machines(scene: Scene) -> None:
    request = send(scene, K.COPY, at_once="1")
    assert (request.state, request.handled_by) == ("done", None)

    page = html(scene, f"{page_of(request)}copy/")
    file = scene.client.get(f"{page_of(request)}copy.json")

    pin = scene.lan.pin or "?"
    assert pin in page
    assert PHONE in page
    assert "Giấy tờ và giấy phép" in page or "Giấy tờ" in page
    read = json.loads(file.content)
    assert read["sections"]["person"][0]["personal_id"] == pin
    assert file["Content-Disposition"].startswith("attachment")
    assert "no-store" in file["Cache-Control"]
    assert "private" in file["Cache-Control"]


@pytest.mark.usefixtures("hall")
def test_every_section_has_a_heading_and_every_code_its_words(scene: Scene) -> None:
    request = send(scene, K.ACCESS, at_once="1")
    scene.client.post(scene.page, {"delivery": "Trực tiếp"})

    page = html(scene, f"{page_of(request)}copy/")

    main = page.split("<main", 1)[1].split("</main>", 1)[0]
    assert main.count("<h2") == 21
    terms = re.findall(r"<dt>([^<]+)</dt>", main)
    assert terms
    assert not [term for term in terms if "_" in term]
    assert "service_offers" not in main


@pytest.mark.usefixtures("hall")
def test_records_are_read_in_the_language_of_the_page(scene: Scene) -> None:
    check = {"date": "2026-11-01", "place": "Bệnh viện Hoa"}
    RegisterRecordFactory(subject=scene.lan.party, body=check)
    land = {"area": 120.7, "parcel": "12"}
    RegisterRecordFactory(
        subject=scene.lan.party, register__code="LAND", kind="certificate", body=land
    )
    request = send(scene, K.COPY, at_once="1")

    page = html(scene, f"{page_of(request)}copy/")

    assert "Giấy khám sức khỏe lái xe" in page
    assert "Ngày: 01/11/2026; Nơi: Bệnh viện Hoa" in page
    assert "Giấy chứng nhận quyền sử dụng đất" in page
    assert "Diện tích (m²): 120,7" in page


def test_no_kind_of_record_comes_in_two_registers() -> None:
    kept = [
        table.kind
        for table in FORMATS.values()
        if table.also_record or table.target in {Target.PERSON, Target.RECORD}
    ]

    assert sorted(TABLES) == sorted(kept)


@pytest.mark.usefixtures("hall")
def test_each_opening_stands_in_who_saw_my_data(scene: Scene) -> None:
    request = send(scene, K.COPY, at_once="1")
    html(scene, f"{page_of(request)}copy/")

    page = html(scene, "/my/views/")

    assert f"Tài khoản của {scene.user.display_name}" in page
    assert request_code(request.public_id) in page


@pytest.mark.usefixtures("hall")
def test_a_day_later_a_new_copy_is_asked_for(scene: Scene) -> None:
    request = send(scene, K.COPY, at_once="1")

    with time_machine.travel(FRIDAY + timedelta(hours=25), tick=True):
        signed_in_again(scene)
        response = scene.client.get(f"{page_of(request)}copy/", follow=True)

    assert response.redirect_chain == [(page_of(request), 302)]
    assert "hết thời gian mở" in response.content.decode()


@pytest.mark.usefixtures("hall")
def test_a_question_beyond_the_copy_goes_to_the_office(scene: Scene) -> None:
    request = send(scene, K.ACCESS, body="Cơ quan nào đã nhận dữ liệu của tôi?")
    assert request.state == "received"

    response = scene.client.post(new(K.ACCESS), {"body": ""})

    assert response.status_code == 422
    assert DataRequest.objects.count() == 1


# ------------------------------------------------------------------------------- for others, links
@pytest.mark.usefixtures("hall")
def test_a_guardian_asks_for_the_child(scene: Scene) -> None:
    child = CitizenFactory(minor=True, unit=scene.ward, given_name="Bống")
    AuthorityFactory(actor=scene.lan, for_party=child.party)

    response = scene.client.post(
        f"{new(K.RESTRICT)}?for={child.party.public_id}", {"body": ""}, follow=True
    )

    assert DataRequest.objects.get().citizen == child
    assert "Bống" in response.content.decode()


@pytest.mark.usefixtures("hall")
def test_nobody_asks_for_a_stranger(scene: Scene) -> None:
    other, _client = stranger()

    response = scene.client.post(f"{new(K.COPY)}?for={other.party.public_id}", {"at_once": "1"})

    assert response.status_code == 404
    assert not DataRequest.objects.exists()


@pytest.mark.usefixtures("hall")
def test_the_message_leads_to_the_request(scene: Scene) -> None:
    request = send(scene)
    letter = scene.lan.party.messages.get(topic="data_request_received")
    letter.state, letter.channel, letter.sent_at = "sent", "inbox", clock.now()
    letter.save()

    page = html(scene, f"/my/inbox/{letter.public_id}/")

    assert page_of(request) in page
    assert request_code(request.public_id) in page


def test_my_matters_leads_here(scene: Scene) -> None:
    page = html(scene, "/my/")

    assert 'href="/my/choices/"' in page
    assert f'href="{LIST}"' in page
