"""One stage for many services: shown before, written once, and nobody's writing is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from citizens.enums import Role
from citizens.models import Agency, Unit, User
from portal.common.errors import RefusedError
from portal.reporting.integration.enums import Stage
from portal.reporting.integration.models import ServiceStage
from portal.reporting.integration.setting import MOST_AT_ONCE, Step, set_stages
from tests.office.places import signed_in
from tests.reporting.officials import person
from tests.reporting.test_service_stages import (
    CARD,
    LICENCE,
    NOW,
    TODAY,
    procedure,
    written,
)

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
PAGE = "admin:office_service_stages"


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def posted(
    department: Agency, *services: str, act: str = "write", **changed: str
) -> dict[str, Any]:
    given = {"stage": "pilot", "effective_on": TODAY.isoformat(), "owner": department.code}
    return given | {"service": list(services), "act": act} | changed


def test_what_it_makes_of_each_is_shown_and_then_written(department: Agency, editor: User) -> None:
    licence, card = procedure(LICENCE), procedure(CARD)
    before = written(department, editor, Stage.PLANNED, procedure=card)
    client, path = signed_in(editor), reverse(PAGE)
    asked = client.get(path, {"service": [licence.pk, card.pk]}).content.decode()
    seen = [f"{licence.pk}:0", f"{card.pk}:{before.pk}"]
    assert all(f'value="{one}"' in asked for one in seen)

    shown = client.post(path, posted(department, *seen, act="show")).content.decode()
    assert "2 dịch vụ sẽ có giai đoạn “Thí điểm”" in shown
    assert ServiceStage.objects.count() == 1
    done = client.post(path, posted(department, *seen, note=" Theo kế hoạch "), follow=True)

    assert "Đã ghi giai đoạn cho 2 dịch vụ" in done.content.decode()
    newest = [one.stages.all()[0] for one in (licence, card)]
    assert {(one.stage, one.owner, one.written_by, one.note) for one in newest} == {
        ("pilot", department, editor, "Theo kế hoạch")
    }
    assert [one.stage for one in card.stages.all()] == ["pilot", "planned"]


def test_what_a_colleague_wrote_meanwhile_stays(department: Agency, editor: User) -> None:
    licence, card = procedure(LICENCE), procedure(CARD)
    seen = {licence.pk: 0, card.pk: 0}
    written(department, editor, Stage.LIVE, procedure=card)

    done = set_stages(seen=seen, step=Step("pilot", TODAY, department.code), user=editor, now=NOW)

    assert (done.count, done.left) == (1, 1)
    assert [one.stage for one in card.stages.all()] == ["live"]


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"stage": "done"}, "dự kiến, thí điểm"),
        ({"effective_on": (TODAY + timedelta(days=1)).isoformat()}, "không sau hôm nay"),
        ({"effective_on": "x"}, "Hãy nêu một ngày"),
        ({"owner": "nowhere"}, "Hãy chọn sở, ngành"),
        ({"service": []}, "Hãy chọn từ 1 đến 100"),
        ({"service": ["x", "1", "1:x", "999999:0"]}, None),
    ],
)
def test_what_no_stage_can_be_writes_nothing(
    department: Agency, editor: User, changed: dict[str, Any], why: str | None
) -> None:
    given = posted(department, f"{procedure().pk}:0") | changed

    answer = signed_in(editor).post(reverse(PAGE), given)

    assert answer.status_code == (422 if why else 302)
    assert why is None or why in answer.content.decode()
    assert not ServiceStage.objects.exists()


def test_more_than_one_press_takes_are_refused(department: Agency, editor: User) -> None:
    many = [str(number) for number in range(1, MOST_AT_ONCE + 2)]

    answer = signed_in(editor).get(reverse(PAGE), {"service": many})

    assert answer.status_code == 422
    with pytest.raises(RefusedError):
        set_stages(
            seen={int(one): 0 for one in many},
            step=Step("pilot", TODAY, department.code),
            user=editor,
            now=NOW,
        )


def test_only_an_editor_of_the_province_sets_them(department: Agency, city: Unit) -> None:
    row = f"{procedure().pk}:0"

    for role in (Role.APPROVER, Role.ADMINISTRATOR):
        client = signed_in(person(city, role))
        assert client.get(reverse(PAGE)).status_code == 403
        assert client.post(reverse(PAGE), posted(department, row)).status_code == 403
        assert 'name="service"' not in client.get(reverse("admin:office_services")).content.decode()


def test_many_take_no_more_questions_than_two(department: Agency, editor: User) -> None:
    keys = [procedure(key).pk for key in (LICENCE, CARD)]
    client = signed_in(editor)

    def asked(chosen: list[int]) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(PAGE), {"service": chosen}).status_code == 200
        return len(queries)

    asked(keys)
    assert asked(keys[:1]) == asked(keys) <= 20
