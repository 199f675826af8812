"""The page of a case: what waits, what needs the person, and their presses."""

from __future__ import annotations

import pytest

from dossiers.enums import Action
from dossiers.models import BundleCase, BundleStep, Dossier
from dossiers.services import advance
from dossiers.services.file_next_steps import file_next_steps
from portal.web.presenters.inbox import matter_url
from tests.dossiers.scene import bring_papers
from tests.factories.citizens import CitizenFactory, GrantFactory, OfficialFactory
from tests.web.scene import FRIDAY, Scene, stranger
from tests.web.wishes.scene import POWER, SUPPLY, WATER, connect, said

ALL = SUPPLY | {"supply_address": "12 Trần Phú"}


@pytest.fixture
def case(scene: Scene) -> BundleCase:
    """Electricity, and then water, of which nobody kept the answers."""
    matter = connect(scene, steps=[{"procedure": POWER}, {"procedure": WATER, "after": POWER}])
    scene.client.post(f"/my/suggestions/{matter.public_id}/", ALL)
    made = BundleCase.objects.get()
    made.form = {POWER: made.form[POWER]}
    made.save(update_fields=["form_enc"])
    return made


def page_of(case: BundleCase, rest: str = "") -> str:
    return f"/my/cases/{case.public_id}/{rest}"


def press(scene: Scene, case: BundleCase, code: str, move: str) -> str:
    step = BundleStep.objects.get(case=case, procedure__code=code)
    there = page_of(case, f"{step.position}/decide/")
    sent = {"move": move, "version": step.version}
    return said(scene.client.post(there, sent, follow=True).content.decode())


def grant_power() -> None:
    dossier = Dossier.objects.get(procedure_version__procedure__code=POWER)
    official = OfficialFactory(agency=dossier.competent)
    GrantFactory(official=official, unit=dossier.competent.unit)
    bring_papers(dossier)
    for action in (Action.RECEIVE, Action.START_PROCESSING, Action.APPROVE):
        dossier = advance(
            dossier=dossier,
            action=action,
            user=official.user,
            version=dossier.version,
            now=FRIDAY,
        )
    file_next_steps(now=FRIDAY)


def test_the_page_says_what_runs_and_what_waits(scene: Scene, case: BundleCase) -> None:
    page = said(scene.client.get(page_of(case)).content.decode())

    assert case.tracking_code in page
    assert "Đã xong 0/2 bước" in page
    assert "Tự động nộp khi có kết quả “Cấp điện mới từ lưới điện hạ áp”" in page


def test_a_message_about_a_case_leads_to_it(scene: Scene, case: BundleCase) -> None:
    assert matter_url(scene.lan, f"case:{case.pk}") == page_of(case)
    assert matter_url(CitizenFactory(), f"case:{case.pk}") == ""


def test_what_is_missing_is_asked_on_a_page_of_its_own(scene: Scene, case: BundleCase) -> None:
    # Given a step whose turn has come without an answer
    grant_power()
    page = said(scene.client.get(page_of(case)).content.decode())
    assert "Cần ông/bà" in page
    assert "Một bước cần ông/bà" in said(scene.client.get("/my/").content.decode())

    # When the page is opened, sent empty, and sent whole
    form = scene.client.get(page_of(case, "2/"))
    assert list(form.context["form"].fields) == ["supply_address", "purpose"]
    version = BundleStep.objects.get(case=case, position=2).version
    empty = scene.client.post(page_of(case, "2/"), {"version": version})
    answers = {"supply_address": "12 Trần Phú", "purpose": "Sinh hoạt", "version": version}
    whole = scene.client.post(page_of(case, "2/"), answers)

    # Then it is filed once, and the page leads back
    assert (empty.status_code, whole.status_code) == (422, 302)
    water = Dossier.objects.get(procedure_version__procedure__code=WATER)
    assert water.form["purpose"]["value"] == "Sinh hoạt"
    assert scene.client.get(page_of(case, "2/")).status_code == 302


def test_what_is_typed_for_a_step_is_kept_until_it_is_filed(scene: Scene, case: BundleCase) -> None:
    grant_power()
    draft = page_of(case, "2/draft/")

    kept = scene.client.post(draft, {"supply_address": "12 Trần", "purpose": "Bay"})
    found = scene.client.get(page_of(case, "2/")).context["form"]
    pressed = scene.client.post(page_of(case, "2/"), {"purpose": "Sinh hoạt", "save": "1"})
    again = scene.client.get(page_of(case, "2/")).context["form"]

    assert "Đã lưu lúc 09:00." in kept.content.decode()
    assert found.initial == {"supply_address": "12 Trần", "purpose": "Bay"}
    assert list(found.errors) == ["purpose"]
    assert pressed.status_code == 302
    assert again.initial == {"supply_address": "12 Trần", "purpose": "Sinh hoạt"}
    version = BundleStep.objects.get(case=case, position=2).version
    scene.client.post(page_of(case, "2/"), again.initial | {"version": version})
    assert Dossier.objects.count() == 2
    case.refresh_from_db()
    assert set(case.form) == {POWER, WATER}
    assert stranger()[1].post(draft, {"purpose": "Sinh hoạt"}).status_code == 404


def test_a_step_is_left_out_and_taken_up_again(scene: Scene, case: BundleCase) -> None:
    assert "Đã bỏ bước này" in press(scene, case, WATER, "drop")
    assert "Ông/bà đã bỏ bước này" in said(scene.client.get(page_of(case)).content.decode())

    assert "Đã thêm lại bước này" in press(scene, case, WATER, "restore")
    assert BundleStep.objects.get(case=case, position=2).state == "waiting"


@pytest.mark.parametrize("move", ["retry", "replace", "grant", "nonsense", ""])
def test_what_a_step_does_not_allow_changes_nothing(
    scene: Scene, case: BundleCase, move: str
) -> None:
    press(scene, case, WATER, move)

    assert BundleStep.objects.get(case=case, position=2).state == "waiting"


def test_nobody_else_sees_or_changes_it(scene: Scene, case: BundleCase) -> None:
    _citizen, client = stranger()

    assert client.get(page_of(case)).status_code == 404
    assert client.get(page_of(case, "2/")).status_code == 404
    assert client.post(page_of(case, "2/decide/"), {"move": "drop"}).status_code == 404
    assert scene.client.get(page_of(case, "9/")).status_code == 404


def test_its_dossiers_lead_to_it(scene: Scene, case: BundleCase) -> None:
    dossier = Dossier.objects.get()

    html = scene.client.get(f"/my/dossiers/{dossier.public_id}/").content.decode()

    assert f'href="{page_of(case)}"' in html
