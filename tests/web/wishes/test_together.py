"""A bundle without a linked procedure: one confirmation, a dossier for each ready step."""

from __future__ import annotations

import pytest

from dossiers.models import BundleCase, Dossier
from procedures.enums import SuggestionState
from procedures.models import OpenMatter, Suggestion
from tests.web.scene import Scene
from tests.web.wishes.scene import POWER, SUPPLY, WATER, connect, said


@pytest.fixture
def matter(scene: Scene) -> Suggestion:
    """Electricity and water after a permit."""
    return connect(scene)


def page_of(matter: Suggestion) -> str:
    return f"/my/suggestions/{matter.public_id}/"


def test_each_question_is_asked_once(scene: Scene, matter: Suggestion) -> None:
    asked = scene.client.get(page_of(matter)).context["form"].fields

    assert list(asked) == list(SUPPLY)
    assert list(dict(asked[f"{WATER}-purpose"].choices)) == [
        "Sinh hoạt",
        "Kinh doanh",
        "Sản xuất",
        "Công trình",
    ]


def test_what_is_not_shared_is_asked_by_each(scene: Scene) -> None:
    matter = connect(scene, shared_fields=[])

    asked = scene.client.get(page_of(matter)).context["form"].fields

    assert f"{WATER}-supply_address" in asked


def test_one_press_files_both(scene: Scene, matter: Suggestion) -> None:
    response = scene.client.post(page_of(matter), SUPPLY, follow=True)

    power, water = Dossier.objects.order_by("pk")
    case = BundleCase.objects.get()
    assert response.redirect_chain == [(f"/my/dossiers/{power.public_id}/", 302)]
    assert (power.suggestion, water.suggestion) == (matter, None)
    assert (power.bundle_case, water.bundle_case) == (case, case)
    assert (case.bundle, case.owner) == (matter.rule.bundle, scene.lan.party)
    assert len(case.tracking_code) == 24
    assert power.competent != water.competent
    assert water.form["supply_address"]["value"] == "12 Trần Phú"
    assert water.form["purpose"]["value"] == "Sinh hoạt"
    assert "phases" not in water.form
    html = response.content.decode()
    assert f"Lắp đặt, đấu nối nước sạch, mã {water.code}" in html
    assert OpenMatter.objects.filter(party=scene.lan.party).count() == 2
    matter.refresh_from_db()
    assert matter.state == SuggestionState.ACCEPTED


def test_each_dossier_leads_to_the_other(scene: Scene, matter: Suggestion) -> None:
    scene.client.post(page_of(matter), SUPPLY)
    power, water = Dossier.objects.order_by("pk")

    for here, there in ((power, water), (water, power)):
        html = scene.client.get(f"/my/dossiers/{here.public_id}/").content.decode()
        assert f'href="/my/dossiers/{there.public_id}/"' in html
        assert "Cùng nộp trong một lần xác nhận" in html


def test_a_second_press_files_nothing_more(scene: Scene, matter: Suggestion) -> None:
    first = scene.client.post(page_of(matter), SUPPLY)
    second = scene.client.post(page_of(matter), SUPPLY)

    assert first.headers["Location"] == second.headers["Location"]
    assert Dossier.objects.count() == 2


@pytest.mark.parametrize("without", list(SUPPLY))
def test_a_missing_answer_files_nothing_at_all(
    scene: Scene, matter: Suggestion, without: str
) -> None:
    answers = {name: value for name, value in SUPPLY.items() if name != without}

    response = scene.client.post(page_of(matter), answers)

    assert response.status_code == 422
    assert f'href="#id_{without}' in response.content.decode()
    assert not Dossier.objects.exists()
    assert not OpenMatter.objects.exists()


def test_what_the_service_refuses_stands_beside_its_field(scene: Scene, matter: Suggestion) -> None:
    response = scene.client.post(page_of(matter), SUPPLY | {"capacity_kw": "nhiều"})

    assert response.status_code == 422
    assert response.context["form"].errors["capacity_kw"]
    assert not Dossier.objects.exists()


def test_after_a_withdrawal_only_the_rest_is_filed_again(scene: Scene, matter: Suggestion) -> None:
    scene.client.post(page_of(matter), SUPPLY)
    power, water = Dossier.objects.order_by("pk")
    scene.client.post(f"/my/dossiers/{power.public_id}/withdraw/", {"version": power.version})

    scene.client.post(page_of(matter), SUPPLY)

    again = Dossier.objects.latest("pk")
    assert Dossier.objects.count() == 3
    assert again.procedure_version.procedure.code == POWER
    water.refresh_from_db()
    assert again.bundle_case == water.bundle_case == BundleCase.objects.get()


def test_terms_are_told_of_each(scene: Scene, matter: Suggestion) -> None:
    page = said(scene.client.get(page_of(matter)).content.decode())

    assert "5 ngày làm việc" in page.replace("\u00a0", " ")
    assert "10 ngày làm việc" in page.replace("\u00a0", " ")


def test_a_step_for_whoever_wishes_is_not_filed(scene: Scene) -> None:
    steps = [{"procedure": POWER}, {"procedure": WATER, "optional": True}]
    matter = connect(scene, steps=steps, shared_fields=[])

    page = said(scene.client.get(page_of(matter)).content.decode())
    scene.client.post(page_of(matter), SUPPLY)

    assert "Chưa nộp lần này" in page
    assert Dossier.objects.get().procedure_version.procedure.code == POWER


def test_a_step_that_nobody_offers_later_is_said_to_be_theirs(scene: Scene) -> None:
    steps = [{"procedure": POWER}, {"procedure": WATER, "after": POWER}]
    matter = connect(scene, steps=steps, shared_fields=[])
    matter.rule.is_active = False
    matter.rule.save()

    page = said(scene.client.get(page_of(matter)).content.decode())

    assert "Ông/bà tự nộp bước này" in page


def test_a_question_of_each_says_whose_it_is(scene: Scene, matter: Suggestion) -> None:
    asked = scene.client.get(page_of(matter)).context["form"].fields

    assert asked["purpose"].label == "Mục đích sử dụng · Cấp điện mới từ lưới điện hạ áp"
    assert asked[f"{WATER}-purpose"].label == "Mục đích sử dụng · Lắp đặt, đấu nối nước sạch"
    assert asked["phases"].label == "Số pha"
