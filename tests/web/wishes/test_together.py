"""A bundle without a linked procedure: one confirmation, a dossier for each ready step."""

from __future__ import annotations

from typing import Any

import pytest

from dossiers.models import BundleCase, Dossier
from procedures.enums import SuggestionState
from procedures.models import OpenMatter, Suggestion
from tests.factories.dossiers import catalogued_version
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
    assert response.redirect_chain == [(f"/my/cases/{case.public_id}/", 302)]
    assert (power.suggestion, water.suggestion) == (matter, None)
    assert (power.bundle_case, water.bundle_case) == (case, case)
    assert (case.bundle, case.owner) == (matter.rule.bundle, scene.lan.party)
    assert len(case.tracking_code) == 24
    assert power.competent != water.competent
    assert water.form["supply_address"]["value"] == "12 Trần Phú"
    assert water.form["purpose"]["value"] == "Sinh hoạt"
    assert "phases" not in water.form
    html = response.content.decode()
    assert "Hồ sơ của ông/bà đã được nộp" in html
    assert case.tracking_code in html
    assert power.code in html
    assert water.code in html
    assert [step.state for step in case.steps.all()] == ["filed", "filed"]
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

    case = BundleCase.objects.get()
    page = scene.client.get(page_of(matter), follow=True)
    assert page.redirect_chain == [(f"/my/cases/{case.public_id}/", 302)]
    step = case.steps.get(procedure__code=POWER)
    scene.client.post(
        f"/my/cases/{case.public_id}/{step.position}/decide/",
        {"move": "retry", "version": step.version},
    )

    again = Dossier.objects.latest("pk")
    assert Dossier.objects.count() == 3
    assert again.procedure_version.procedure.code == POWER
    assert again.form["capacity_kw"]["value"] == "5"
    water.refresh_from_db()
    step.refresh_from_db()
    assert again.bundle_case == water.bundle_case == case
    assert (step.state, step.dossier) == ("filed", again)


def test_terms_are_told_of_each(scene: Scene, matter: Suggestion) -> None:
    page = said(scene.client.get(page_of(matter)).content.decode())

    assert "5 ngày làm việc" in page.replace("\u00a0", " ")
    assert "10 ngày làm việc" in page.replace("\u00a0", " ")


def test_a_step_for_whoever_wishes_is_not_filed(scene: Scene) -> None:
    steps = [{"procedure": POWER}, {"procedure": WATER, "optional": True}]
    matter = connect(scene, steps=steps, shared_fields=[])

    page = said(scene.client.get(page_of(matter)).content.decode())
    scene.client.post(page_of(matter), SUPPLY)

    assert "Nếu ông/bà muốn" in page
    assert Dossier.objects.get().procedure_version.procedure.code == POWER


def test_a_step_that_is_wished_is_asked_and_filed_with_the_rest(scene: Scene) -> None:
    steps = [{"procedure": POWER}, {"procedure": WATER, "optional": True}]
    matter = connect(scene, steps=steps, shared_fields=[])

    asked = scene.client.get(page_of(matter), {"with": WATER}).context["form"].fields
    scene.client.post(page_of(matter), SUPPLY | {"with": WATER})
    assert f"{WATER}-purpose" in asked
    assert not Dossier.objects.exists()  # its own place is not shared here, and was not told
    scene.client.post(
        page_of(matter), SUPPLY | {"with": WATER, f"{WATER}-supply_address": "9 Trần Phú"}
    )

    codes = Dossier.objects.order_by("pk").values_list("procedure_version__procedure__code")
    assert [code for (code,) in codes] == [POWER, WATER]


def test_a_wished_step_is_answered_still_when_the_page_was_open_without_it(scene: Scene) -> None:
    # Given what was typed with the step, and then on the page as it opens without it
    steps = [{"procedure": POWER}, {"procedure": WATER, "optional": True}]
    matter = connect(scene, steps=steps, shared_fields=[])
    kept = f"{page_of(matter)}draft/"
    place = {f"{WATER}-supply_address": "9 Trần Phú"}
    scene.client.post(kept, SUPPLY | place | {"with": WATER})
    scene.client.post(kept, SUPPLY)

    # When the step is wished again
    asked = scene.client.get(page_of(matter), {"with": WATER}).context["form"].initial

    # Then nothing has to be typed a second time
    assert asked | place == asked


def test_what_follows_is_told_and_asked_at_once(scene: Scene) -> None:
    steps = [{"procedure": POWER}, {"procedure": WATER, "after": POWER}]
    matter = connect(scene, steps=steps)

    response = scene.client.get(page_of(matter))
    scene.client.post(page_of(matter), SUPPLY)

    assert "Tự động nộp khi có kết quả “Cấp điện mới" in said(response.content.decode())
    assert list(response.context["form"].fields) == list(SUPPLY)
    assert Dossier.objects.get().procedure_version.procedure.code == POWER
    case = BundleCase.objects.get()
    assert [step.state for step in case.steps.all()] == ["filed", "waiting"]
    assert case.form[WATER]["purpose"] == "Sinh hoạt"


@pytest.mark.parametrize(
    ("water", "whole"),
    [
        ([{"amount_vnd": 30_000, "channel": "any"}], "150.000\u00a0đ"),
        ([], "120.000\u00a0đ, và 1 bước mà danh mục chưa nêu mức phí"),
    ],
    ids=["both known", "one unknown"],
)
def test_the_fee_of_all_steps_is_told_with_each_part(
    scene: Scene, water: list[dict[str, Any]], whole: str
) -> None:
    catalogued_version("electricity_new_supply", fees=[{"amount_vnd": 120_000, "channel": "any"}])
    catalogued_version("water_new_supply", fees=water)
    matter = connect(scene, steps=[{"procedure": POWER}, {"procedure": WATER, "after": POWER}])

    terms = dict(scene.client.get(page_of(matter)).context["terms"])

    assert terms["Phí, lệ phí của cả nhóm"] == whole
    assert terms["Cấp điện mới từ lưới điện hạ áp"].startswith("Phí, lệ phí: 120.000\u00a0đ · ")
    assert terms["Lắp đặt, đấu nối nước sạch"].startswith("Phí, lệ phí: ")


def test_a_question_of_each_says_whose_it_is(scene: Scene, matter: Suggestion) -> None:
    asked = scene.client.get(page_of(matter)).context["form"].fields

    assert asked["purpose"].label == "Mục đích sử dụng · Cấp điện mới từ lưới điện hạ áp"
    assert asked[f"{WATER}-purpose"].label == "Mục đích sử dụng · Lắp đặt, đấu nối nước sạch"
    assert asked["phases"].label == "Số pha"
