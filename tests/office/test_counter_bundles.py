"""A bundle begun at the counter files all its first steps; a step left out is offered later."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from citizens.enums import Role
from dossiers.enums import BundleStepState, Origin
from dossiers.models import BundleCase, BundleStep, CounterVisit, Dossier
from notifications.models import Message
from procedures.enums import FilingChannel
from procedures.models import Suggestion
from tests.dossiers.bundle_scene import BIRTH, CARD, EXEMPT, FRIDAY, Case, answered, birth, house
from tests.factories.citizens import AgencyFactory, GrantFactory, OfficialFactory
from tests.office.places import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture(autouse=True)
def on_friday() -> Iterator[None]:
    with time_machine.travel(FRIDAY, tick=False):
        yield


def clerk(scene: Case, kind: str = "so_xay_dung") -> Client:
    """A receptionist of any office of the ward."""
    official = OfficialFactory(agency=AgencyFactory(kind__key=kind, unit=scene.ward))
    GrantFactory(official=official, role=Role.RECEPTIONIST, unit=scene.ward)
    return signed_in(official.user)


def test_one_press_files_all_first_steps_for_the_person_at_the_counter() -> None:
    # Given a family that builds a house, for which the law spares the permit
    scene = house(EXEMPT)
    offer = scene.offer()
    desk = clerk(scene)
    visit = desk.post("/admin/counter/", {"card": scene.citizen.pin})["Location"]

    # When the visit is led through its stages and confirmed
    form = desk.post(f"{visit}choose/", {"suggestion": str(scene.suggestion.public_id)})["Location"]
    answers = answered(scene.form(offer))
    for _stage in range(4):
        if CounterVisit.objects.get().steps.filter(ended_at=None, step="confirm").exists():
            break
        assert desk.post(form, answers).status_code == 302
    desk.post(form, {"confirmed": "yes"})

    # Then each first step is a dossier of one case, filed by the official with the person's word
    case = BundleCase.objects.get()
    filed = Dossier.objects.filter(bundle_case=case)
    assert filed.count() == len(offer.versions) > 1
    assert {(one.channel, one.origin) for one in filed} == {(FilingChannel.DIRECT, Origin.OFFICIAL)}
    for one in filed:
        first = one.events.order_by("pk")[0]
        assert first.citizen == scene.citizen
        assert "xác nhận" in first.note
    assert case.steps.filter(state=BundleStepState.FILED).count() == filed.count()
    visit_row = CounterVisit.objects.get()
    assert visit_row.ended_at is not None
    said = desk.get(f"{visit}done/").content.decode()
    for one in filed:
        assert one.code in said


def test_a_house_is_begun_at_the_counter_by_a_wish() -> None:
    # Given somebody for whom nothing waits, and the life event of a house
    scene = house({})
    scene.suggestion.recipients.all().delete()
    scene.suggestion.delete()
    desk = clerk(scene)
    visit = desk.post("/admin/counter/", {"card": scene.citizen.pin})["Location"]
    assert 'name="wish"' in desk.get(visit).content.decode()

    # When the person wishes it, with what only they can say
    stated = {f"house_build-{name}": value for name, value in EXEMPT.items()}
    form = desk.post(f"{visit}choose/", {"wish": "house_build", **stated})["Location"]

    # Then it is prepared for them, the law spares the permit, and the form is open
    begun = Suggestion.objects.get()
    assert begun.stated == EXEMPT
    assert str(begun.public_id) in form
    page = desk.get(form)
    assert page.status_code == 200
    assert "được miễn theo luật" in page.content.decode()
    assert desk.post(f"{visit}choose/", {"wish": "nothing"}).status_code == 404


def test_an_office_offers_the_family_a_step_that_was_left_out_once() -> None:
    # Given a birth whose optional card was left out, and the official who decides
    scene = birth()
    case = scene.file()
    dossier = Dossier.objects.get(bundle_case=case, procedure_version__procedure__code=BIRTH)
    card = BundleStep.objects.get(case=case, procedure__code=CARD)
    assert card.state == BundleStepState.DROPPED
    client = signed_in(scene.officer(dossier))
    address = reverse("admin:office_case_offer", args=[dossier.public_id, card.pk])
    page = reverse("admin:office_dossier", args=[dossier.public_id])
    assert address in client.get(page).content.decode()

    # When it is offered twice, and a step that runs is offered by a forged press
    for _press in range(2):
        assert client.post(address).status_code == 302
    running = BundleStep.objects.get(case=case, procedure__code=BIRTH)
    client.post(reverse("admin:office_case_offer", args=[dossier.public_id, running.pk]))

    # Then the family is told once, and decides itself
    told = Message.objects.filter(topic="bundle_step_offered")
    assert [message.recipient_id for message in told] == [scene.citizen.pk]
    card.refresh_from_db()
    assert card.state == BundleStepState.DROPPED


def test_what_is_known_stands_under_headings_and_the_papers_are_told_before_filing() -> None:
    scene = birth()
    desk = clerk(scene)
    visit = desk.post("/admin/counter/", {"card": scene.citizen.pin})["Location"]
    form = desk.post(f"{visit}choose/", {"suggestion": str(scene.suggestion.public_id)})["Location"]

    page = desk.get(form)

    said = page.content.decode()
    headings = [str(heading) for heading, _rows in page.context["known"]]
    assert headings[0] == f"Người nộp: {scene.citizen.full_name}"
    assert {"Về trẻ", "Về việc này"} <= set(headings)
    assert "Giấy tờ của hồ sơ này" in said
    for paper in page.context["matter"].form.papers:
        assert escape(paper.name_vi) in said
