"""The counter without writing: the card opens, what is known is shown, one press files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from citizens.enums import RelationKind, Role, ViewPurpose
from citizens.models import AccessLog, Citizen
from dossiers.counter import medians, number_on
from dossiers.enums import Action, CounterStage, Origin, Status
from dossiers.models import CounterVisit, Dossier, Draft
from procedures.enums import FilingChannel
from tests.dossiers.scene import FRIDAY, Scene, renewal
from tests.factories.citizens import (
    CitizenFactory,
    HouseholdFactory,
    HouseholdMemberFactory,
    RelationFactory,
)
from tests.factories.dossiers import catalogued_version
from tests.factories.procedures import RuleFactory, RuleVersionFactory

COUNTER = "/admin/counter/"
PIN = "999056000001"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (PIN, PIN),
        (" 999 056 000 001 ", PIN),
        ("999.056.000-001", PIN),
        (f"{PIN}|201234567|Trần Thị Lan|20061956|Nữ|Đà Nẵng|01052021", PIN),
        (f"{PIN}||Trần Thị Lan|20061956|Nữ|Đà Nẵng|01052021||", PIN),
        ("", None),
        ("Lan", None),
        ("99905600000", None),
        ("9990560000011", None),
        (f"201234567|{PIN}|Trần Thị Lan", None),
        ("٩٩٩٠٥٦٠٠٠٠٠١", None),
        (PIN + "|" + "x" * 600, None),
    ],
)
def test_what_a_card_says(text: str, number: str | None) -> None:
    assert number_on(text) == number


@pytest.fixture
def friday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(FRIDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def scene(db: None, friday: time_machine.Traveller) -> Scene:
    return renewal()


@pytest.fixture
def desk(scene: Scene) -> Client:
    """A receptionist of the office that decides."""
    client = Client()
    client.force_login(
        scene.officer(Role.RECEPTIONIST), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def opened(desk: Client, person: Citizen) -> str:
    """Open a person by the number of their card; return the address of the visit."""
    response = desk.post(COUNTER, {"card": person.pin})
    assert response.status_code == 302
    address: str = response["Location"]
    return address


def filed_by(desk: Client, scene: Scene, traveller: time_machine.Traveller) -> str:
    """Lead a visit through every stage, ten seconds each; return the address of the end."""
    visit = opened(desk, scene.citizen)
    traveller.shift(10)
    key = str(scene.suggestion.public_id)
    form = desk.post(f"{visit}choose/", {"suggestion": key})["Location"]
    for answers in ({}, {"delivery": "Trực tiếp"}, {}):
        traveller.shift(10)
        assert desk.post(form, answers)["Location"] == form
    traveller.shift(10)
    response = desk.post(form, {"confirmed": "yes"})
    address: str = response["Location"]
    return address


def test_a_card_opens_the_person_and_the_look_is_logged(desk: Client, scene: Scene) -> None:
    visit = opened(desk, scene.citizen)

    html = desk.get(visit).content.decode()

    assert scene.citizen.full_name in html
    assert "Đã chuẩn bị sẵn cho người này" in html
    assert (scene.citizen.pin or "?") not in html + visit
    look = AccessLog.objects.filter(purpose=ViewPurpose.COUNTER).latest("pk")
    assert scene.citizen.pk in look.subject_ids


def test_the_person_only_looks_answers_one_thing_and_confirms(
    desk: Client, scene: Scene, friday: time_machine.Traveller
) -> None:
    end = filed_by(desk, scene, friday)

    dossier = Dossier.objects.get()
    assert (dossier.channel, dossier.origin) == (FilingChannel.DIRECT, Origin.OFFICIAL)
    assert dossier.status == Status.RECEIVED
    assert dossier.received_at == dossier.helped_at == scene.agency
    assert dossier.suggestion == scene.suggestion
    submit, receive = dossier.events.order_by("pk")
    assert (submit.action, receive.action) == (Action.SUBMIT, Action.RECEIVE)
    assert submit.official is not None
    assert submit.official == receive.official
    assert submit.citizen == scene.citizen
    assert "đã xem toàn bộ tại quầy và xác nhận" in submit.note
    html = desk.get(end).content.decode()
    assert dossier.code in html
    assert not Draft.objects.exists()


def test_the_stopwatch_times_every_step(
    desk: Client, scene: Scene, friday: time_machine.Traveller
) -> None:
    filed_by(desk, scene, friday)

    visit = CounterVisit.objects.get()
    found = medians(agency=scene.agency, since=FRIDAY - timedelta(days=1))

    assert {one.stage: one.seconds for one in found} == {
        CounterStage.OPEN: 10,
        CounterStage.CHECK: 10,
        CounterStage.ANSWER: 10,
        CounterStage.PAPERS: 10,
        CounterStage.CONFIRM: 10,
        None: 50,
    }
    assert visit.dossier == Dossier.objects.get()
    assert "0:50" in desk.get(COUNTER).content.decode()


def test_nothing_is_filed_without_the_person_s_word(desk: Client, scene: Scene) -> None:
    visit = opened(desk, scene.citizen)
    key = str(scene.suggestion.public_id)
    form = desk.post(f"{visit}choose/", {"suggestion": key})["Location"]
    for answers in ({}, {"delivery": "Trực tiếp"}, {}, {"press": "confirm"}):
        desk.post(form, answers)

    assert not Dossier.objects.exists()
    assert "Người dân phải xác nhận" in desk.get(form).content.decode()


def test_only_what_nobody_knows_is_asked_and_checked(desk: Client, scene: Scene) -> None:
    visit = opened(desk, scene.citizen)
    key = str(scene.suggestion.public_id)
    form = desk.post(f"{visit}choose/", {"suggestion": key})["Location"]
    desk.post(form)

    refused = desk.post(form, {"delivery": "Bồ câu"})

    required = [name for name, one in refused.context["asked"].fields.items() if one.required]
    assert required == ["delivery"]
    assert refused.status_code == 422


def test_a_procedure_that_nobody_suggested_is_begun_here_too(desk: Client, scene: Scene) -> None:
    catalogued_version("driving_licence_reissue")
    visit = opened(desk, scene.citizen)
    chosen = {
        "procedure": "driving_licence_reissue",
        "owner": str(scene.citizen.party.public_id),
    }
    form = desk.post(f"{visit}choose/", chosen)["Location"]

    for answers in ({}, {"reason": "Khác", "delivery": "Trực tiếp"}, {}, {"confirmed": "yes"}):
        desk.post(form, answers)

    dossier = Dossier.objects.get()
    assert (dossier.suggestion, dossier.status) == (None, Status.RECEIVED)


def test_what_an_answer_makes_needless_is_not_shown_before_the_press(
    desk: Client, scene: Scene
) -> None:
    key = "household_business_registration"
    catalogued_version(key)
    home = HouseholdFactory(head=scene.citizen, unit=scene.commune)
    HouseholdMemberFactory(household=home, citizen=CitizenFactory(unit=scene.commune))
    chosen = {"procedure": key, "owner": str(scene.citizen.party.public_id)}
    form = desk.post(f"{opened(desk, scene.citizen)}choose/", chosen)["Location"]

    def known() -> set[str]:
        return {row.name for _head, rows in desk.get(form).context["known"] for row in rows}

    before, matter = known(), desk.get(form).context["matter"]
    words = {"phone": "0905123456", "money": "1000", "industries": "5610 Quán ăn"}
    answers = {
        field.name: field.choices[0] if field.choices else words.get(field.type, "Đà Nẵng")
        for field in matter.form.missing
    }
    desk.post(form)
    desk.post(form, answers | {"founder_kind": "Cá nhân"})

    assert before - known() == {"members"}


def test_a_broken_off_visit_leaves_the_person_a_draft(desk: Client, scene: Scene) -> None:
    visit = opened(desk, scene.citizen)
    key = str(scene.suggestion.public_id)
    form = desk.post(f"{visit}choose/", {"suggestion": key})["Location"]
    desk.post(form)
    desk.post(form, {"delivery": "Trực tiếp"})

    desk.post(f"{visit}end/")

    assert Draft.objects.get().applicant == scene.citizen
    assert CounterVisit.objects.get().dossier is None
    assert desk.get(form).status_code == 404


def test_nobody_serves_self_or_family(scene: Scene) -> None:
    spouse = CitizenFactory(unit=scene.commune)
    RelationFactory(person=spouse, relative=scene.citizen, kind=RelationKind.SPOUSE)
    client = Client()
    client.force_login(
        scene.officer(Role.RECEPTIONIST, pin=spouse.pin),
        backend="django.contrib.auth.backends.ModelBackend",
    )

    for person in (spouse, scene.citizen):
        assert client.post(COUNTER, {"card": person.pin})["Location"] == COUNTER

    assert not CounterVisit.objects.exists()


def test_a_colleague_has_no_part_in_a_visit(desk: Client, scene: Scene) -> None:
    visit = opened(desk, scene.citizen)
    other = Client()
    other.force_login(
        scene.officer(Role.CASE_OFFICER), backend="django.contrib.auth.backends.ModelBackend"
    )

    for end in ("", "form/", "done/"):
        assert other.get(f"{visit}{end}").status_code == 404


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.CATALOGUE_EDITOR, Role.ADMINISTRATOR])
def test_the_counter_is_for_those_who_serve_people(scene: Scene, role: Role) -> None:
    client = Client()
    client.force_login(scene.officer(role), backend="django.contrib.auth.backends.ModelBackend")

    assert client.get(COUNTER).status_code == 403
    assert client.post(COUNTER, {"card": scene.citizen.pin}).status_code == 403


@pytest.mark.parametrize("card", ["", "123", "999999999998", "x" * 1000, "\x00"])
def test_a_card_of_nobody_opens_nothing(desk: Client, scene: Scene, card: str) -> None:
    response = desk.post(COUNTER, {"card": card}, follow=True)

    assert "gõ đủ 12 chữ số" in response.content.decode()
    assert not CounterVisit.objects.exists()


def test_the_dead_are_not_opened(desk: Client, scene: Scene) -> None:
    scene.citizen.died_on = FRIDAY.date()
    scene.citizen.save()

    assert desk.post(COUNTER, {"card": scene.citizen.pin})["Location"] == COUNTER


def test_who_was_here_yesterday_is_opened_by_their_card_again(desk: Client, scene: Scene) -> None:
    visit = opened(desk, scene.citizen)
    assert desk.get(visit).status_code == 200

    CounterVisit.objects.update(opened_at=FRIDAY - timedelta(days=1))

    assert desk.get(visit).status_code == 404


def test_what_runs_already_is_shown_and_the_same_is_not_begun_unwarned(
    desk: Client, scene: Scene
) -> None:
    # Given an open dossier of the licence
    dossier = scene.submit()

    # When the person is opened, and the same procedure chosen once more
    visit = opened(desk, scene.citizen)
    html = desk.get(visit).content.decode()
    owner = str(scene.citizen.party.public_id)
    chosen = {"procedure": scene.version.procedure.key, "owner": owner}
    form = desk.post(f"{visit}choose/", chosen)["Location"]

    # Then both pages name it
    assert dossier.code in html
    assert dossier.get_status_display() in html
    assert f"/admin/dossiers/{dossier.public_id}/" in html
    assert dossier.code in desk.get(form).content.decode()


def test_nothing_runs_for_who_has_nothing_open(desk: Client, scene: Scene) -> None:
    visit = opened(desk, scene.citizen)

    assert "Hồ sơ đang giải quyết" not in desk.get(visit).content.decode()


def test_what_tells_of_poverty_is_left_out_without_a_word(desk: Client, scene: Scene) -> None:
    # Given an open dossier of a procedure that a rule about poverty offers too
    dossier = scene.submit()
    rule = RuleFactory(key="poor_household_annual_review", procedure=scene.version.procedure)
    RuleVersionFactory(rule=rule)

    # When somebody who may not be told opens the person
    html = desk.get(opened(desk, scene.citizen)).content.decode()

    # Then nothing says that there is one
    assert dossier.code not in html
    assert "Hồ sơ đang giải quyết" not in html


def test_a_childs_card_says_who_acts_and_what_a_child_may_not_file_is_not_offered(
    desk: Client, scene: Scene
) -> None:
    # Given a procedure for those of age, one for everybody, and a child at the counter
    catalogued_version("driving_licence_reissue")
    catalogued_version("identity_card_first_issue_14")
    child = CitizenFactory(birth_date=date(2010, 3, 3), unit=scene.citizen.unit)
    visit = opened(desk, child)

    # When the page is shown, and what is not offered is asked for all the same
    page = desk.get(visit)
    owner = {"owner": str(child.party.public_id), "procedure": "driving_licence_reissue"}
    refused = desk.post(f"{visit}choose/", owner, follow=True)

    # Then it says that a guardian acts, offers the one, and refuses the other in words
    assert "cha mẹ hoặc người giám hộ" in page.content.decode()
    assert [one.key for one in page.context["choices"]] == ["identity_card_first_issue_14"]
    assert "từ đủ 18 tuổi" in refused.content.decode()
