"""Who looked at my data: in plain words, at once, also at my child's, and as a file."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from citizens.enums import ViewPurpose
from citizens.models import AccessLog, Citizen, Official
from citizens.services import record_access
from citizens.services.seal_views import seal_views
from portal.common import clock
from portal.common.spreadsheets import protect
from portal.web.templatetags.portal_format import civil_hour, vi_date
from portal.web.views.looks import ON_A_PAGE
from tests.factories.citizens import (
    AgencyFactory,
    AuthorityFactory,
    CitizenFactory,
    OfficialFactory,
    OrganisationFactory,
)
from tests.factories.dossiers import DossierFactory
from tests.web.scene import Scene, stranger

PAGE, FILE = "/my/views/", "/my/views/file/"


@pytest.fixture
def officer(scene: Scene) -> Official:
    officer: Official = OfficialFactory(agency=scene.office, position="Chuyên viên một cửa")
    return officer


def _look(
    officer: Official,
    *people: int,
    purpose: ViewPurpose = ViewPurpose.DOSSIER,
    reference: str = "",
) -> None:
    record_access(
        actor=officer.user,
        purpose=purpose,
        page="admin:office_dossier",
        fields=["full_name", "birth_date", "status", "state"],
        subject_ids=people,
        reference=reference,
    )


def _html(client: Client, query: str = "") -> str:
    response = client.get(PAGE + query)
    assert response.status_code == 200
    return response.content.decode()


def test_a_look_is_told_in_plain_words_at_once(scene: Scene, officer: Official) -> None:
    _look(officer, scene.lan.pk, CitizenFactory().pk, CitizenFactory().pk)

    html = _html(scene.client)

    at = AccessLog.objects.get().recorded_at
    for words in (
        "Phòng CSGT",
        "Chuyên viên một cửa",
        "Giải quyết hồ sơ",
        "họ và tên, ngày sinh, trạng thái</dd>",
        vi_date(at),
        civil_hour(at),
        "2 người khác",
    ):
        assert words in html, words
    assert officer.user.display_name not in html
    assert "Về ai" not in html


def test_a_copy_that_one_opened_oneself_belongs_to_no_office(scene: Scene) -> None:
    record_access(
        actor=scene.user,
        purpose=ViewPurpose.SUPPORT,
        page="web:request_copy",
        fields=["data_copy"],
        subject_ids=[scene.lan.pk],
    )

    response = scene.client.get(PAGE)

    assert response.context["days"][0].looks[0].office.endswith(scene.user.display_name)
    assert response.context["offices"] == [("0", "Không thuộc cơ quan nào")]


def test_a_case_is_told_by_its_number(scene: Scene, officer: Official) -> None:
    _look(officer, scene.lan.pk, purpose=ViewPurpose.DATA_QUALITY, reference="discrepancy 12")

    assert "trường hợp số 12" in _html(scene.client)


def test_nobody_reads_the_looks_at_others(scene: Scene, officer: Official) -> None:
    _look(officer, scene.lan.pk)
    _other, client = stranger()

    assert "Phòng CSGT" not in _html(client)
    assert "Phòng CSGT" not in client.get(FILE).content.decode()
    assert "Chưa có ai xem" in _html(client)


def test_the_position_of_a_former_post_is_not_told(scene: Scene, officer: Official) -> None:
    _look(officer, scene.lan.pk)
    officer.agency = AgencyFactory(unit=scene.city, kind__key="so_y_te")
    officer.save()

    html = _html(scene.client)

    assert "Phòng CSGT" in html
    assert officer.position not in html


def test_a_mother_sees_who_looked_at_her_child(scene: Scene, officer: Official) -> None:
    child = CitizenFactory(minor=True, full_name="Trần Văn Tí")
    firm = OrganisationFactory(name="Hợp tác xã Sông Hàn")
    for party, basis in ((child.party, "parent"), (firm.party, "representative")):
        AuthorityFactory(actor=scene.lan, for_party=party, basis=basis)
    _look(officer, child.pk, scene.lan.pk)
    _look(officer, firm.pk)

    (day,) = scene.client.get(PAGE).context["days"]

    assert [look.about for look in day.looks] == [
        "Hợp tác xã Sông Hàn",
        "chính ông/bà, Trần Văn Tí",
    ]
    assert [look.shared for look in day.looks] == [0, 0]


def test_an_ended_right_shows_no_more_looks(scene: Scene, officer: Official) -> None:
    child = CitizenFactory(minor=True)
    right = AuthorityFactory(actor=scene.lan, for_party=child.party)
    _look(officer, child.pk)
    assert scene.client.get(PAGE).context["days"]

    right.revoked_at = clock.now()
    right.save()

    assert not scene.client.get(PAGE).context["days"]


def test_a_dossier_leads_to_its_page_where_it_is_mine(scene: Scene, officer: Official) -> None:
    mine = DossierFactory(owner_citizen=scene.lan)
    foreign = DossierFactory()
    for dossier in (mine, foreign):
        _look(officer, scene.lan.pk, reference=dossier.code)

    html = _html(scene.client)

    assert f'href="/my/dossiers/{mine.public_id}/">{mine.code}</a>' in html
    assert f'<span class="figures">{foreign.code}</span>' in html
    assert str(foreign.public_id) not in html


def test_looks_are_grouped_by_civil_day(scene: Scene, officer: Official) -> None:
    for hours in (0, 8, 10, 30):
        at = clock.now() - timedelta(hours=hours)
        AccessLog.objects.create(
            actor=officer.user,
            office=scene.office,
            purpose=ViewPurpose.COUNTER,
            page="x",
            subject_ids=[scene.lan.pk],
            recorded_at=at,
        )

    days = scene.client.get(PAGE).context["days"]

    assert [(f"{day.day:%d/%m}", len(day.looks)) for day in days] == [("20/11", 2), ("19/11", 2)]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", 3),
        ("?purpose=counter", 1),
        ("?office={office}", 2),
        ("?office={office}&purpose=counter", 0),
        ("?office=0", 0),
        ("?office=x&purpose=x", 3),
        ("?office=99999999999999999999", 3),
    ],
)
def test_looks_can_be_narrowed(query: str, shown: int, scene: Scene, officer: Official) -> None:
    counter = OfficialFactory(
        agency=AgencyFactory(unit=scene.ward, kind__key="mot_cua", name_vi="Bộ phận một cửa")
    )
    _look(officer, scene.lan.pk)
    _look(officer, scene.lan.pk)
    _look(counter, scene.lan.pk, purpose=ViewPurpose.COUNTER)

    response = scene.client.get(PAGE + query.format(office=scene.office.pk))

    assert sum(len(day.looks) for day in response.context["days"]) == shown
    assert len(response.context["offices"]) == 2
    assert ("Không có lượt xem nào như vậy" in response.content.decode()) is (shown == 0)


def test_the_filter_goes_along_from_page_to_page(scene: Scene, officer: Official) -> None:
    for _ in range(ON_A_PAGE + 1):
        _look(officer, scene.lan.pk)

    html = _html(scene.client, "?purpose=dossier")

    assert 'href="?purpose=dossier&amp;page=2"' in html
    assert _html(scene.client, "?purpose=dossier&page=2").count("Phòng CSGT</strong>") == 1


def test_the_page_says_how_the_list_is_protected_and_whom_to_ask(
    scene: Scene, officer: Official, settings: Settings, tmp_path: Path
) -> None:
    settings.LOG_ROOT = str(tmp_path)
    before = _html(scene.client)
    AgencyFactory(kind__key="ubnd_xa", unit=scene.ward, name_vi="UBND phường Hải Châu")
    _look(officer, scene.lan.pk)
    seal_views(now=clock.now())

    html = _html(scene.client).replace("\xa0", " ")

    assert "Lần niêm phong gần nhất" not in before
    assert "niêm phong bằng chữ ký số" in before
    assert "Lần niêm phong gần nhất: 09:00 20/11/2026." in html
    assert "hỏi UBND phường Hải Châu" in html
    assert "hỏi UBND" not in before


def test_the_file_holds_what_the_page_says(scene: Scene, officer: Official) -> None:
    scene.office.name_vi = "=Phòng;+CSGT"
    scene.office.save()
    _look(officer, scene.lan.pk, CitizenFactory().pk, reference="H17.1-20261120-0000001")

    response = scene.client.get(FILE)

    text = response.content.decode("utf-8-sig")
    header, row = csv.reader(io.StringIO(text))
    assert response["Content-Disposition"].startswith("attachment")
    assert header[:4] == ["Ngày giờ", "Cơ quan", "Chức vụ", "Mục đích"]
    assert row[1:6] == [
        "'=Phòng;'+CSGT",
        "Chuyên viên một cửa",
        "Giải quyết hồ sơ",
        "H17.1-20261120-0000001",
        "họ và tên, ngày sinh, trạng thái",
    ]
    assert row[7] == "1"


def test_the_file_takes_the_filter_along(scene: Scene, officer: Official) -> None:
    _look(officer, scene.lan.pk)
    _look(officer, scene.lan.pk, purpose=ViewPurpose.AUDIT)

    text = scene.client.get(f"{FILE}?purpose=audit").content.decode()

    assert f"{FILE}?purpose=audit&amp;" in _html(scene.client, "?purpose=audit")
    assert len(text.strip().splitlines()) == 2


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("a;=1", "a;'=1"),
        (" =1", "' =1"),
        ("\t=1", "'\t=1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-2", "-2"),
        (-2, "-2"),
        ("H17.1-20261120-1", "H17.1-20261120-1"),
        ("họ và tên", "họ và tên"),
    ],
)
def test_no_cell_is_computed(cell: object, written: str) -> None:
    assert protect(str(cell)) == written


def test_the_page_asks_the_same_of_many_looks_as_of_few(scene: Scene, officer: Official) -> None:
    def queries(people: list[Citizen]) -> int:
        for person in people:
            _look(officer, scene.lan.pk, person.pk)
        with CaptureQueriesContext(connection) as asked:
            scene.client.get(PAGE)
        return len(asked)

    few = queries([CitizenFactory()])

    assert queries([CitizenFactory() for _ in range(8)]) == few


def test_visitors_sign_in_first(db: None, client: Client) -> None:
    for address in (PAGE, FILE):
        assert client.get(address).status_code == 302
