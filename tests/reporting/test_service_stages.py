"""Services on their way into use: each stage kept, the newest decides; the national list beside."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
import time_machine
from django.db import ProgrammingError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from citizens.enums import Role
from citizens.models import Agency, Unit, User
from portal.common.errors import RefusedError, StaleVersionError
from portal.reporting.integration.enums import Stage
from portal.reporting.integration.models import ServiceStage
from portal.reporting.integration.reading import chosen_services, figures, with_parts
from portal.reporting.integration.setting import set_stage
from procedures.models import Procedure, ProcedureVersion
from tests.factories.citizens import AgencyFactory, UnitFactory
from tests.factories.procedures import ProcedureVersionFactory, procedure_definition
from tests.office.places import signed_in
from tests.reporting.officials import person

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
NOW = datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
TODAY = NOW.date()
LICENCE, CARD = "driving_licence_renewal", "identity_card_replace_at_age"
LIST = "admin:office_services"


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def procedure(key: str = LICENCE) -> Procedure:
    """Return a procedure of the catalogue that has its version."""
    held = ProcedureVersion.objects.filter(procedure__key=key).first()
    found: Procedure = (held or ProcedureVersionFactory(procedure__key=key)).procedure
    return found


def written(owner: Agency, by: User, stage: Stage = Stage.LIVE, **changed: Any) -> ServiceStage:
    of = changed.pop("procedure", None) or procedure()
    newest = ServiceStage.objects.filter(procedure=of).first()
    facts: dict[str, Any] = {
        "procedure": of,
        "stage": stage,
        "effective_on": TODAY,
        "owner": owner.code,
        "user": by,
        "note": "",
        "seen": newest.pk if newest else 0,
        "now": NOW,
    }
    return set_stage(**(facts | changed))


def found(**asked: str) -> set[str]:
    return {one.key for one in chosen_services(day=TODAY, **asked)}


# ------------------------------------------------------------------------------- stages
def test_the_newest_stage_decides_and_those_before_are_its_history(
    department: Agency, editor: User
) -> None:
    written(department, editor, Stage.PLANNED, effective_on=TODAY + timedelta(days=30))
    written(department, editor, Stage.PILOT)
    written(department, editor, Stage.LIVE, effective_on=TODAY - timedelta(days=3), note=" Xong ")

    (service,) = with_parts(chosen_services(day=TODAY, stage="live"))
    assert service.stage is not None
    assert (service.stage.stage, service.stage.note) == ("live", "Xong")
    assert service.stage.effective_on == TODAY - timedelta(days=3)
    history = procedure().stages.values_list("stage", "owner", "written_by")
    assert list(history) == [
        (one, department.pk, editor.pk) for one in ("live", "pilot", "planned")
    ]
    assert found(stage="pilot") == set()


def test_what_was_written_is_never_changed(department: Agency, editor: User) -> None:
    written(department, editor)

    with pytest.raises(ProgrammingError), transaction.atomic():
        ServiceStage.objects.update(stage=Stage.PILOT)
    with pytest.raises(ProgrammingError), transaction.atomic():
        ServiceStage.objects.all().delete()


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"stage": "done"}, "dự kiến, thí điểm"),
        ({"stage": "planned", "effective_on": TODAY - timedelta(days=1)}, "từ hôm nay"),
        ({"stage": "pilot", "effective_on": TODAY + timedelta(days=1)}, "không sau hôm nay"),
        ({"effective_on": TODAY + timedelta(days=1)}, "không sau hôm nay"),
        ({"effective_on": None}, "Hãy nêu một ngày"),
        ({"effective_on": date(1026, 11, 20)}, "Hãy nêu một ngày"),
        ({"note": "x" * 501}, "không quá 500"),
    ],
)
def test_what_no_stage_can_be_is_refused(
    department: Agency, editor: User, changed: dict[str, Any], why: str
) -> None:
    with pytest.raises(RefusedError, match=why):
        written(department, editor, **changed)

    assert not ServiceStage.objects.exists()


def test_an_office_of_a_commune_owns_no_service(city: Unit, editor: User) -> None:
    commune = AgencyFactory(unit=UnitFactory(parent=city))
    closed = AgencyFactory(unit=city, valid=DateRange(date(2025, 7, 1), TODAY))

    for owner in (commune, closed, Agency(code="nowhere")):
        with pytest.raises(RefusedError, match="Hãy chọn sở, ngành"):
            written(owner, editor)


def test_of_two_editors_the_second_is_told(department: Agency, editor: User) -> None:
    written(department, editor, Stage.PILOT)

    with pytest.raises(StaleVersionError):
        written(department, editor, Stage.LIVE, seen=0)

    assert ServiceStage.objects.get().stage == Stage.PILOT


def test_a_plan_is_missed_from_the_day_after(department: Agency, editor: User) -> None:
    plan = written(department, editor, Stage.PLANNED)

    assert not plan.is_missed(TODAY)
    assert plan.is_missed(TODAY + timedelta(days=1))


# -------------------------------------------------------------------------------- desk
def test_the_catalogue_s_desk_reads_and_an_editor_writes(
    city: Unit, department: Agency, editor: User
) -> None:
    row = procedure()
    page = reverse("admin:office_service", args=[row.pk])
    posted = {
        "seen": 0, "stage": "pilot", "effective_on": "2026-11-19", "owner": department.code,
        "note": "Ở hai phường",
    }  # fmt: skip
    officer = person(UnitFactory(parent=city), Role.CASE_OFFICER)
    narrow = person(UnitFactory(parent=city), Role.CATALOGUE_EDITOR)

    assert signed_in(officer).get(page).status_code == 200
    for reader in (officer, narrow):
        assert signed_in(reader).post(page, posted).status_code == 403
    assert signed_in(person(city, Role.OPERATOR)).get(page).status_code in {302, 403}
    assert not ServiceStage.objects.exists()
    shown = signed_in(editor).post(page, posted, follow=True).content.decode()

    assert ServiceStage.objects.get().effective_on == date(2026, 11, 19)
    assert "Ở hai phường" in shown
    assert "từ 19/11/2026" in shown
    again = signed_in(editor).post(page, posted)
    assert again.status_code == 200
    assert "Đồng nghiệp vừa thay đổi" in again.content.decode()
    assert ServiceStage.objects.count() == 1


def test_the_list_is_found_by_words_without_accents_stage_and_owner(
    department: Agency, editor: User
) -> None:
    procedure(CARD)
    written(department, editor, Stage.PILOT)

    assert found(typed="giay phep lai xe") == {LICENCE}
    assert found(typed=procedure().code) == {LICENCE}
    assert found(typed="khong co gi") == set()
    assert found(owner=department.code) == found(stage="pilot") == {LICENCE}
    assert CARD in found(stage="none")
    shown = signed_in(editor).get(reverse(LIST), {"q": "không có gì"}).content.decode()
    assert "Không có dịch vụ nào như vậy" in shown


def test_values_to_be_confirmed_are_marked_until_they_are(city: Unit, editor: User) -> None:
    sure = procedure_definition(LICENCE).to_json() | {"unverified": []}
    doubted = procedure_definition(CARD).to_json() | {"unverified": ["fees", "processing.days"]}
    ProcedureVersion.objects.filter(procedure__key__in=(LICENCE, CARD)).delete()
    ProcedureVersionFactory(procedure__key=LICENCE, definition=sure)
    ProcedureVersionFactory(procedure__key=CARD, definition=doubted)
    card = Procedure.objects.get(key=CARD)

    assert CARD in found(only="unverified")
    assert LICENCE not in found(only="unverified")
    assert figures(day=TODAY).unverified == len(found(only="unverified"))
    client = signed_in(editor)
    assert "2 giá trị chờ xác nhận" in client.get(reverse(LIST), {"q": card.code}).content.decode()
    one = client.get(reverse("admin:office_service", args=[card.pk])).content.decode()
    assert "Phí, lệ phí" in one
    assert "Số ngày của thời hạn giải quyết" in one
    assert "processing.days" not in one


def test_the_list_goes_into_files_without_formulas(department: Agency, editor: User) -> None:
    written(department, editor, Stage.LIVE, note="=1+1")
    client, path = signed_in(editor), reverse("admin:office_services_file")

    text = client.get(path, {"stage": "live"}).content.decode("utf-8-sig")
    book = client.get(path, {"stage": "live", "format": "xlsx"}).content

    (line,) = list(csv.reader(io.StringIO(text)))[1:]
    assert line[0] == procedure().code
    assert (line[2], line[3], line[4]) == ("Chính thức", "20/11/2026", "Sở Xây dựng")
    assert line[-1] == "'=1+1"
    cells = list(openpyxl.load_workbook(io.BytesIO(book)).worksheets[0].values)[1]
    assert [cell or "" for cell in cells] == line


def test_two_thousand_services_take_no_more_questions_than_a_few(
    department: Agency, editor: User
) -> None:
    written(department, editor)
    few = questions(editor)
    held = Procedure.objects.count()
    document = procedure_definition().to_json() | {"unverified": ["fees"]}
    made = Procedure.objects.bulk_create(
        Procedure(key=f"made_{number}", code=f"9.{number:06}") for number in range(2_159)
    )
    ProcedureVersion.objects.bulk_create(
        ProcedureVersion(procedure=one, number=1, definition=document, name_vi=f"Thủ tục {at}",
                         valid=DateRange(None, None))
        for at, one in enumerate(made)
    )  # fmt: skip
    ServiceStage.objects.bulk_create(
        ServiceStage(procedure=one, stage=Stage.LIVE, effective_on=TODAY, owner=department,
                     written_by=editor, at=NOW)
        for one in made[:2_000]
    )  # fmt: skip

    many = questions(editor)

    told = figures(day=TODAY)
    assert (told.by_stage["live"], told.services) == (2_001, 2_159 + held)
    assert few == many <= 20
    lines = signed_in(editor).get(reverse("admin:office_services_file")).content.splitlines()
    assert len(lines) == told.services + 1


def questions(user: User) -> int:
    client = signed_in(user)
    client.get(reverse(LIST))
    with CaptureQueriesContext(connection) as asked:
        page = client.get(reverse(LIST), {"page": 1})
    assert page.content.decode().count("queue__open") <= 50
    return len(asked)


def test_the_procedure_s_page_leads_to_its_stage(city: Unit, editor: User) -> None:
    row = procedure()
    address = reverse("admin:procedures_procedure_change", args=[row.pk])

    shown = signed_in(editor).get(address).content.decode()

    assert reverse("admin:office_service", args=[row.pk]) in shown
