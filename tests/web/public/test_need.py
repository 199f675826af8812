"""“Do I need this?”: yes, likely or no, by a few questions or from what registers say."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from procedures.enums import Answer
from procedures.need import Asked, Because, Said, needed, questions_of
from tests.factories.procedures import (
    ProcedureVersionFactory,
    RuleVersionFactory,
    catalogue,
    procedure_definition,
)
from tests.web.scene import Scene

TODAY = date(2026, 11, 20)
LICENCE, CARD, FIRST = (
    "driving_licence_renewal",
    "identity_card_replace_at_age",
    "identity_card_first_issue_14",
)
SCHOOL, PENSION, BIRTH = "primary_school_admission", "social_pension", "birth_registration"


@pytest.mark.parametrize(
    ("key", "said", "answer", "because"),
    [
        (LICENCE, Said(holds=False), Answer.NO, Because.NO_PAPER),
        (LICENCE, Said(holds=True), Answer.LIKELY, Because.OPEN),
        (LICENCE, Said(expires=date(2026, 11, 19)), Answer.YES, Because.EXPIRED),
        (LICENCE, Said(expires=date(2027, 2, 18)), Answer.YES, Because.EXPIRES_SOON),
        (LICENCE, Said(expires=date(2027, 2, 19)), Answer.NO, Because.EXPIRES_LATER),
        (CARD, Said(born=date(2010, 1, 1)), Answer.NO, Because.TOO_YOUNG),
        (CARD, Said(born=date(1986, 12, 1)), Answer.LIKELY, Because.OF_AGE),
        (
            CARD,
            Said(born=date(1986, 12, 1), issued=date(2021, 5, 1)),
            Answer.YES,
            Because.OF_AGE,
        ),
        (
            CARD,
            Said(born=date(1986, 12, 1), issued=date(2024, 12, 1)),
            Answer.NO,
            Because.FRESH,
        ),
        (FIRST, Said(born=date(2012, 12, 1)), Answer.LIKELY, Because.OF_AGE),
        (FIRST, Said(born=date(2012, 12, 1), holds=False), Answer.YES, Because.OF_AGE),
        (FIRST, Said(born=date(2012, 12, 1), holds=True), Answer.NO, Because.HAS_ONE),
        (PENSION, Said(born=date(1951, 11, 20)), Answer.LIKELY, Because.OF_AGE),
        (PENSION, Said(born=date(1956, 11, 20)), Answer.NO, Because.TOO_YOUNG),
        (SCHOOL, Said(born=date(2020, 5, 5)), Answer.YES, Because.SCHOOL_YEAR),
        (SCHOOL, Said(born=date(2022, 5, 5)), Answer.NO, Because.OTHER_YEAR),
        (BIRTH, Said(happened=True), Answer.YES, Because.HAPPENED),
        (BIRTH, Said(happened=False), Answer.NO, Because.NOTHING),
        (BIRTH, Said(), Answer.LIKELY, Because.OPEN),
    ],
)
def test_three_answers(key: str, said: Said, answer: Answer, because: Because) -> None:
    need = needed(procedure_definition(key), said, TODAY)

    assert need is not None
    assert (need.answer, need.because) == (answer, because)


@pytest.mark.parametrize("key", [LICENCE, CARD, SCHOOL])
def test_two_open_facts_are_no_answer(key: str) -> None:
    assert needed(procedure_definition(key), Said(), TODAY) is None


def test_three_questions_at_most_and_none_about_a_wish() -> None:
    asked = {one.key: questions_of(one) for one in catalogue().procedures}

    assert max(map(len, asked.values())) <= 3
    assert asked["marriage_registration"] == ()
    assert asked[CARD] == (Asked.BORN, Asked.ISSUED)


# ---------------------------------------------------------------------------------- on the page
@pytest.mark.django_db
class TestAVisitor:
    def test_answers_and_is_told_why(self, client: Client, friday: object) -> None:
        ProcedureVersionFactory(procedure__key=LICENCE)

        html = client.post(
            f"/procedures/{LICENCE}/", {"holds": "yes", "expires": "20/01/2027"}
        ).content.decode()

        assert "Có, ông/bà cần làm thủ tục này" in html
        assert "20/01/2027" in html

    def test_a_wrong_day_is_said_and_nothing_is_lost(self, client: Client) -> None:
        ProcedureVersionFactory(procedure__key=LICENCE)

        response = client.post(f"/procedures/{LICENCE}/", {"holds": "yes", "expires": "mai"})

        assert response.status_code == 422
        assert "Xin ghi ngày như 20/11/1956" in response.content.decode()
        assert 'value="mai"' in response.content.decode()

    @pytest.mark.parametrize("born", ["01/01/9999", "01/01/0001", "20/11/56", "21/11/2026"])
    def test_a_day_on_which_nobody_was_born_is_none(
        self, client: Client, friday: object, born: str
    ) -> None:
        ProcedureVersionFactory(procedure__key=CARD)

        response = client.post(f"/procedures/{CARD}/", {"born": born})

        assert response.status_code == 422
        assert "Xin ghi ngày như 20/11/1956" in response.content.decode()

    def test_a_permit_is_answered_by_its_exemptions(self, client: Client, friday: object) -> None:
        key = "construction_permit_house"
        ProcedureVersionFactory(procedure__key=key)
        form = client.get(f"/procedures/{key}/").context["form"]

        html = client.post(
            f"/procedures/{key}/", {"work_kind": "Nhà ở riêng lẻ", "floors": "9"}
        ).content.decode()

        assert 1 <= len(form.fields) <= 4
        assert "Được miễn nếu:" in html

    def test_a_death_is_asked_about_without_colour(self, client: Client) -> None:
        ProcedureVersionFactory(procedure__key="death_registration")

        html = client.post("/procedures/death_registration/", {"happened": "yes"}).content.decode()

        assert "notice tone-quiet" in html
        assert "trong vòng 15 ngày" in html

    def test_what_is_only_a_wish_is_not_asked_about(self, client: Client) -> None:
        ProcedureVersionFactory(procedure__key="marriage_registration")

        response = client.get("/procedures/marriage_registration/")

        assert response.context["form"] is None
        assert "Việc này do ông/bà quyết định" in response.content.decode()


class TestWhoeverIsSignedIn:
    def test_is_led_to_what_registers_say(self, scene: Scene) -> None:
        html = scene.client.get(f"/procedures/{LICENCE}/").content.decode()

        assert html.count(f'="/my/needs/{LICENCE}/"') == 2
        assert 'name="expires"' not in html

    def test_is_answered_from_the_registers(self, scene: Scene) -> None:
        html = scene.client.get(f"/my/needs/{LICENCE}/").content.decode()

        assert "Có, và đã chuẩn bị sẵn cho ông/bà" in html
        assert f"/my/why/{LICENCE}/" in html

    def test_reads_why_not(self, scene: Scene) -> None:
        RuleVersionFactory(rule__key="passport_issue")
        ProcedureVersionFactory(procedure__key="passport_issue")

        assert "Hiện chưa cần" in scene.client.get("/my/needs/passport_issue/").content.decode()

    def test_is_asked_where_no_rule_is_about_them(self, scene: Scene) -> None:
        ProcedureVersionFactory(procedure__key="driving_licence_reissue")

        html = scene.client.get("/procedures/driving_licence_reissue/").content.decode()

        assert 'name="happened"' in html

    def test_the_page_asks_little(self, scene: Scene) -> None:
        with CaptureQueriesContext(connection) as seen:
            scene.client.get(f"/procedures/{LICENCE}/")

        assert len(seen) <= 12

    def test_a_visitor_signs_in_before_any_register_is_asked(self, scene: Scene) -> None:
        assert Client().get(f"/my/needs/{LICENCE}/").status_code == 302
