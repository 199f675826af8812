"""The page "My choices": nothing ticked, saved with proof, undone by a further statement."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from citizens.definition.consent_texts import consent_texts
from citizens.enums import ConsentPurpose, ContactChannel
from citizens.models import Consent
from citizens.selectors import consents_of
from notifications.models import Message
from notifications.selectors import opted_out_parties
from notifications.services import make_choice, stop_on_request
from procedures.services.scan import scan_day
from tests.factories.citizens import AuthorityFactory, CitizenFactory
from tests.web.scene import TODAY, Scene, stranger

PAGE = "/my/choices/"
UNDO = "/my/choices/undo/"


def html(scene: Scene, address: str = PAGE) -> str:
    response = scene.client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def asked(page: str) -> str:
    """Return the questions of consent; below them stand hours and kinds, which hold as shown."""
    return page.split('aria-labelledby="offers"')[0].split('aria-labelledby="hearing"')[0]


def held(scene: Scene) -> dict[tuple[str, str], bool]:
    return {(c.purpose, c.channel): c.is_given for c in consents_of(citizen=scene.lan)}


def test_nothing_is_ticked_before_she_chose(scene: Scene) -> None:
    page = asked(html(scene))

    assert page.count('type="radio"') == 8  # three purposes and her one channel, yes and no each
    assert " checked" not in page
    assert "Chưa trả lời, coi như không đồng ý" in page
    assert "nhiệm vụ của Nhà nước" in page
    assert "Đang bật: <strong>SMS</strong>" in page


def test_the_words_proved_are_the_words_shown(scene: Scene) -> None:
    page = html(scene)

    scene.client.post(PAGE, {"research": "yes"})

    consent = Consent.objects.get()
    wording = consent_texts().current("research").in_language("vi")
    assert consent.text_sha256 == wording.sha256
    for part in (wording.title, wording.what, wording.who, wording.stop):
        assert part in page


def test_what_she_saves_holds_and_is_told_with_a_way_back(scene: Scene) -> None:
    response = scene.client.post(
        PAGE, {"service_offers": "no", "service_offers-sms": "no", "surveys": "yes"}, follow=True
    )

    page = response.content.decode()
    assert held(scene) == {
        ("service_offers", ""): False,
        ("service_offers", "sms"): False,
        ("surveys", ""): True,
    }
    assert opted_out_parties("credential_expiring").filter(party=scene.lan.party).exists()
    assert "Đã ghi nhận, có hiệu lực từ bây giờ" in page
    assert UNDO in page
    assert asked(page).count(" checked") == 3


def test_undo_is_a_further_statement(scene: Scene) -> None:
    scene.client.post(PAGE, {"service_offers": "no", "surveys": "yes"})

    response = scene.client.post(UNDO, follow=True)

    assert held(scene) == {("service_offers", ""): True, ("surveys", ""): False}
    assert Consent.objects.count() == 4
    assert not opted_out_parties("credential_expiring").exists()
    assert UNDO not in response.content.decode()
    scene.client.post(UNDO)
    assert Consent.objects.count() == 4


def test_saying_the_same_again_is_no_further_statement(scene: Scene) -> None:
    scene.client.post(PAGE, {"research": "no"})

    response = scene.client.post(PAGE, {"research": "no"}, follow=True)

    assert Consent.objects.count() == 1
    assert "Không có gì thay đổi" in response.content.decode()


@pytest.mark.parametrize("answers", [{"research": "perhaps"}, {"service_offers": "1"}])
def test_anything_but_yes_and_no_is_refused(scene: Scene, answers: dict[str, str]) -> None:
    assert scene.client.post(PAGE, answers).status_code == 422
    assert not Consent.objects.exists()


def test_forged_fields_change_nothing(scene: Scene) -> None:
    scene.client.post(PAGE, {"recorded_by": "1", "citizen": "2", "advertising": "yes"})

    assert not Consent.objects.exists()


def test_statutory_notices_are_named_and_have_no_switch(scene: Scene) -> None:
    page = html(scene)

    assert "Điều không tắt được" in page
    assert "Hồ sơ đã có kết quả" in page
    assert "Giấy tờ sắp hết hạn" not in page.split("Điều không tắt được")[1]


def test_every_statement_stays_with_its_words_and_digest(scene: Scene) -> None:
    scene.client.post(PAGE, {"research": "yes"})
    scene.client.post(PAGE, {"research": "no"})

    page = html(scene)

    for consent in Consent.objects.all():
        assert consent.text_sha256 in page
    assert page.count("Câu chữ đã hiện lúc đó (bản 1)") == 2
    assert "data-print" in page


def test_words_shown_in_vietnamese_are_marked_on_an_english_page(scene: Scene) -> None:
    scene.client.post(PAGE, {"research": "yes"})
    scene.client.cookies["django_language"] = "en"

    shown = html(scene).split('id="statements"')[1]

    wording = consent_texts().current("research").in_language("vi")
    for part in (wording.what, wording.who, wording.stop):
        assert f'<p lang="vi">{part}</p>' in shown


def test_what_a_request_stopped_says_so(scene: Scene) -> None:
    stop_on_request(citizen=scene.lan, by=scene.user, language="vi")

    assert "Đã dừng theo yêu cầu của ông/bà" in html(scene)


def test_after_saying_no_the_scan_tells_her_nothing(scene: Scene) -> None:
    scene.client.post(PAGE, {"service_offers": "no"})

    scan_day(on_date=TODAY)

    assert not Message.objects.filter(topic__is_optional=True).exists()


class TestForAChild:
    def child(self, scene: Scene, **values: Any) -> str:
        child = CitizenFactory(unit=scene.ward, **({"minor": True} | values))
        AuthorityFactory(actor=scene.lan, for_party=child.party)
        return f"{PAGE}?for={child.party.public_id}"

    def test_a_guardian_chooses_for_the_child_and_is_named(self, scene: Scene) -> None:
        address = self.child(scene, given_name="Bống")

        page = scene.client.post(address, {"service_offers": "no"}, follow=True).content.decode()

        consent = Consent.objects.get()
        assert (consent.citizen.given_name, consent.recorded_by) == ("Bống", scene.user)
        assert "Bống" in page
        assert held(scene) == {}

    @pytest.mark.parametrize(("age", "is_asked"), [(6, False), (7, True), (17, True)])
    def test_from_seven_on_the_child_is_to_be_asked(
        self, scene: Scene, age: int, is_asked: bool
    ) -> None:
        page = html(scene, self.child(scene, minor=False, age=age))

        assert ("Xin hỏi cả ý kiến của con" in page) == is_asked

    @pytest.mark.parametrize("wish", ["?for=x", "?for=00000000-0000-4000-8000-000000000000"])
    def test_nobody_else_is_there(self, scene: Scene, wish: str) -> None:
        other, _client = stranger()

        assert scene.client.get(PAGE + wish).status_code == 404
        assert scene.client.get(f"{PAGE}?for={other.party.public_id}").status_code == 404
        refused = scene.client.post(f"{PAGE}?for={other.party.public_id}", {"research": "yes"})
        assert refused.status_code == 404
        assert not Consent.objects.exists()


def test_the_number_of_queries_does_not_grow_with_the_statements(
    scene: Scene, django_assert_max_num_queries: Any
) -> None:
    def state() -> None:
        make_choice(
            citizen=scene.lan,
            purpose=ConsentPurpose.SERVICE_OFFERS,
            channel=ContactChannel.SMS,
            is_given=False,
            by=scene.user,
            language="vi",
        )

    state()
    html(scene)
    with CaptureQueriesContext(connection) as few:
        html(scene)
    for _turn in range(9):
        state()

    with django_assert_max_num_queries(len(few)):
        html(scene)
