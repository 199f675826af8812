"""`/verify/`: yes or no, office, day and kind, and never whose message it is."""

from __future__ import annotations

import re
from datetime import date
from time import thread_time

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from citizens.models import Tries
from notifications.models import Message
from notifications.rules.notices import Notice, NoticeKind
from notifications.rules.wording import grouped
from notifications.services import sign_notice
from portal.common import clock
from portal.web.views.verify import CODES
from procedures.models import Suggestion
from tests.factories.notifications import MessageFactory
from tests.factories.procedures import version_of
from tests.web.scene import Scene

NOBODY = "ZZZZ-9999"
YES, NO = "Đúng, tin này là của Cổng", "Không, không có tin nào của Cổng mang mã này"


@pytest.fixture
def message(scene: Scene) -> Message:
    """A reminder to Mrs Lan about her licence."""
    made: Message = MessageFactory(
        recipient=scene.lan.party,
        short_code="CDFG2345",
        thread_key=f"suggestion:{scene.suggestion.pk}",
        state="delivered",
        sent_at=clock.now(),
    )
    return made


def ask(code: str, client: Client | None = None) -> HttpResponse:
    Tries.objects.all().delete()
    return (client or Client()).post("/verify/", {"code": code})  # type: ignore[return-value]


def main_of(answer: HttpResponse) -> str:
    found = re.search(r"<main.*?</main>", answer.content.decode(), re.DOTALL)
    assert found
    return found[0]


@pytest.mark.parametrize("typed", ["CDFG-2345", "cdfg2345", " CDFG 2345 ", "Mã CDFG–2345"])
def test_a_code_of_ours_is_told_with_office_day_and_kind(message: Message, typed: str) -> None:
    html = main_of(ask(typed))

    for shown in (YES, "CDFG-2345", "Cổng dịch vụ công", "20/11/2026", "Giấy tờ sắp hết hạn"):
        assert shown in html


def test_it_never_says_whose_it_is(scene: Scene, message: Message) -> None:
    html = ask("CDFG-2345").content.decode()

    for hidden in (scene.lan.full_name, scene.lan.given_name, "0505", "Giấy phép lái xe"):
        assert hidden not in html
    assert message.recipient is not None
    assert str(message.public_id) not in html


@pytest.mark.parametrize("typed", [NOBODY, "x" * 5000])
def test_any_other_code_is_not_ours(message: Message, typed: str) -> None:
    assert NO in main_of(ask(typed))


@pytest.mark.parametrize("typed", ["", "abc", "<script>x"])
def test_what_is_no_whole_code_is_asked_for_again(message: Message, typed: str) -> None:
    answer = ask(typed)

    assert answer.status_code == 200
    assert NO not in main_of(answer)
    assert "CDFG-2345. Ông/bà vui lòng nhập lại" in main_of(answer)
    assert "<script>x" not in answer.content.decode()


@pytest.mark.parametrize("typed", ["AAAA-BBBB", "AB1E-0OI5", "AEIO-0000", "cdfg 234o"])
def test_what_can_be_no_code_of_ours_is_not_taken_for_a_slip(db: None, typed: str) -> None:
    page = Client().post("/verify/", {"code": typed}).content.decode()

    assert "không chuyển tiền" in page
    assert "Chưa phải một mã đầy đủ" not in page


def test_the_answer_has_one_shape_and_takes_as_long_either_way(message: Message) -> None:
    # This thread's own time: others work on the machine too. The queries are counted below.
    times: dict[str, list[float]] = {"CDFG-2345": [], NOBODY: []}
    for _turn in range(15):
        for code, spent in times.items():
            began = thread_time()
            answer = ask(code)
            spent.append(thread_time() - began)
            assert (answer.status_code, answer.content.count(b"<dt>")) == (200, 4)

    ours, theirs = map(min, times.values())
    assert abs(ours - theirs) < 0.01


def test_the_office_of_a_dossier_is_named(scene: Scene) -> None:
    scene.client.post(scene.page, {"delivery": "Trực tiếp"})
    told = scene.lan.party.messages.get()

    html = main_of(ask(grouped(told.short_code)))

    assert "Phòng CSGT" in html
    assert "Đã nộp hồ sơ" in html
    assert scene.lan.dossiers.get().code not in html


@pytest.mark.parametrize("why", ["poverty", "words that name nothing", "no matter"])
def test_what_is_sensitive_is_not_named(scene: Scene, message: Message, why: str) -> None:
    if why == "poverty":
        poverty = version_of("poor_household_annual_review")
        Suggestion.objects.filter(pk=scene.suggestion.pk).update(rule_version=poverty)
    elif why == "no matter":
        Message.objects.update(thread_key="suggestion:0")
    else:
        Message.objects.update(topic_id="household_hardship")

    html = main_of(ask("CDFG-2345"))

    assert YES in html
    assert "Việc được Cổng chuẩn bị sẵn" in html
    assert "Giấy tờ sắp hết hạn" not in html
    assert "khó khăn" not in html


def test_who_asks_too_often_waits(db: None, friday: time_machine.Traveller) -> None:
    Tries.objects.all().delete()
    client = Client()
    for _turn in range(CODES.most):
        assert client.post("/verify/", {"code": NOBODY}).status_code == 200

    answer = client.post("/verify/", {"code": NOBODY})

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert "Xin chờ mười phút" in answer.content.decode()
    assert client.get("/verify/").status_code == 200


def test_everybody_finds_it(client: Client, db: None) -> None:
    assert client.get("/").content.decode().count('href="/verify/"') == 2
    assert "CDFG-2345" in main_of(client.get("/verify/"))  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------- papers
def test_a_signed_paper_is_told(scene: Scene) -> None:
    paper = Notice(NoticeKind.LETTER, "CDFG2345", scene.office.code, date(2026, 11, 20))
    text = sign_notice(paper)

    html = main_of(scene.client.get(f"/verify/{text}/"))  # type: ignore[arg-type]

    for shown in ("Đúng, giấy này do Cổng ký", "CDFG-2345", "Phòng CSGT", "20/11/2026", "Thư báo"):
        assert shown in html


@pytest.mark.parametrize("changed", ["code", "signature", "form"])
def test_a_changed_paper_is_not(db: None, friday: time_machine.Traveller, changed: str) -> None:
    text = sign_notice(Notice(NoticeKind.LETTER, "CDFG2345", "", date(2026, 11, 20)))
    false = {
        "code": text.replace("CDFG", "CDFH"),
        "signature": text[:-5] + ("AAAAA" if text[-5:] != "AAAAA" else "BBBBB"),
        "form": "2~x~y",
    }[changed]
    Tries.objects.all().delete()

    html = main_of(Client().get(f"/verify/{false}/"))  # type: ignore[arg-type]

    assert "Không, Cổng không ký giấy này" in html


def test_the_key_is_published(client: Client, db: None) -> None:
    answer = client.get("/verify/key/")

    assert answer["Content-Type"] == "text/plain"
    assert re.fullmatch(r"[A-Za-z0-9+/]{43}=\n", answer.content.decode())


def test_a_look_up_costs_the_same_whoever_asks(message: Message) -> None:
    def queries(code: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            ask(code)
        return len(seen)

    assert queries("CDFG-2345") <= queries(NOBODY) + 4
