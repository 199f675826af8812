"""Helping others to file, on the pages: nobody else's is opened, and an end holds at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from time_machine import TimeMachineFixture

from citizens.models import AccessLog, Authority, Citizen, HelpRequest
from dossiers.models import Dossier, Draft
from notifications.enums import MessageState
from portal.common import clock
from tests.dossiers.scene import FRIDAY, Scene, renewal
from tests.factories.citizens import CitizenFactory, UserFactory

pytestmark = pytest.mark.django_db
KEY = "driving_licence_renewal"
ANSWERS = {"reason": "Sắp hết hạn", "delivery": "Trực tiếp", "phone": "0505 000 001"}


@dataclass
class Two:
    scene: Scene
    helper: Citizen

    @property
    def person(self) -> Citizen:
        return self.scene.citizen

    def page(self, citizen: Citizen) -> Client:
        client = Client()
        client.force_login(citizen.user)
        return client

    def ask(self) -> HelpRequest:
        answer = self.page(self.helper).post(
            reverse("web:helping"),
            {"pin": str(self.person.pin), "kind": "family", "procedure": "", "days": "30"},
        )
        assert answer.status_code == 302
        return HelpRequest.objects.latest("pk")

    def agree(self) -> HelpRequest:
        request = self.ask()
        self.page(self.person).post(
            reverse("web:help_answer", args=[request.public_id]), {"answer": "yes"}
        )
        request.refresh_from_db()
        return request

    @property
    def form_url(self) -> str:
        return f"{reverse('web:filing', args=[KEY])}?for={self.person.party.public_id}"

    @property
    def check_url(self) -> str:
        return f"{reverse('web:filing_check', args=[KEY])}?for={self.person.party.public_id}"


@pytest.fixture
def two(time_machine: TimeMachineFixture) -> Two:
    time_machine.move_to(FRIDAY, tick=False)
    scene = renewal()
    scene.suggestion.recipients.all().delete()
    helper = CitizenFactory(full_name="Lê Văn Giúp")
    UserFactory(citizen=helper)
    return Two(scene, helper)


def test_the_answer_is_the_same_whether_there_is_such_a_person(two: Two) -> None:
    client = two.page(two.helper)
    answers = []
    for pin in (str(two.person.pin), "999999999999"):
        asked = client.post(
            reverse("web:helping"), {"pin": pin, "kind": "family", "procedure": "", "days": "30"}
        )
        page = client.get(asked["Location"])
        tried = client.post(asked["Location"], {"code": "12"})
        name = HelpRequest.objects.latest("pk").public_id
        texts = [one.content.decode().replace(str(name), "") for one in (page, tried)]
        answers.append([asked.status_code, tried.status_code, *map(_without_token, texts)])

    assert answers[0] == answers[1]
    assert two.person.full_name not in str(answers)


def _without_token(text: str) -> str:
    return "\n".join(
        line for line in text.splitlines() if "csrf" not in line and "nonce" not in line
    )


def test_a_helper_files_from_the_persons_data_and_the_person_sees_every_act(two: Two) -> None:
    request = two.agree()
    client = two.page(two.helper)
    helped = client.get(reverse("web:helped", args=[request.public_id]))
    assert two.form_url in helped.content.decode()

    page = client.get(two.form_url)
    assert two.person.full_name in page.content.decode()
    sent = client.post(two.form_url, ANSWERS)
    assert sent.status_code == 302, sent.context["form"].errors
    check = client.get(two.check_url)
    assert check.status_code == 200, check["Location"]
    number = check.context["matter"].number
    filed = client.post(two.check_url, {"number": str(number)})

    dossier = Dossier.objects.get()
    assert filed["Location"] == reverse("web:dossier", args=[dossier.public_id])
    assert (dossier.applicant, dossier.owner_id) == (two.helper, two.person.pk)
    followed = client.get(filed["Location"])
    assert followed.status_code == 200
    assert str(two.person.pin)[4:] not in followed.content.decode()
    assert followed.context["given"] == []
    seen = two.page(two.person).get(reverse("web:helpers")).content.decode()
    assert "Lê Văn Giúp" in seen
    assert dossier.code in seen
    own = two.page(two.person).get(reverse("web:dossier", args=[dossier.public_id]))
    assert "Lê Văn Giúp" in own.content.decode()
    assert AccessLog.objects.filter(page="helper_form", subject_ids=[two.person.pk]).exists()


def test_the_message_that_asks_for_help_leads_to_the_answer(two: Two) -> None:
    two.ask()
    page = two.page(two.person)

    letter = page.get(f"/my/inbox/{_said_to(two, 'help_code')}/").content.decode()

    assert reverse("web:helpers") in letter.split("<main")[1]


def test_what_a_helper_filed_is_one_press_from_the_persons_message(two: Two) -> None:
    two.agree()
    client = two.page(two.helper)
    client.post(two.form_url, ANSWERS)
    number = client.get(two.check_url).context["matter"].number
    client.post(two.check_url, {"number": str(number)})

    letter = two.page(two.person).get(f"/my/inbox/{_said_to(two, 'dossier_submitted')}/")

    dossier = Dossier.objects.get().public_id
    assert reverse("web:dossier", args=[dossier]) in letter.content.decode()


def _said_to(two: Two, topic: str) -> UUID:
    message = two.person.party.messages.get(topic=topic)
    message.state, message.text_version, message.sent_at = MessageState.SENT, 1, clock.now()
    message.save()
    return UUID(str(message.public_id))


def test_a_form_that_a_press_shows_again_is_written_down_as_a_look(two: Two) -> None:
    two.agree()
    client = two.page(two.helper)
    before = AccessLog.objects.filter(page="helper_form").count()

    again = client.post(two.form_url, {"phone": "không nhớ"})
    kept = client.post(
        f"{reverse('web:filing_draft', args=[KEY])}?for={two.person.party.public_id}", ANSWERS
    )

    assert (again.status_code, kept.status_code) == (422, 200)
    assert two.person.full_name in again.content.decode()
    assert AccessLog.objects.filter(page="helper_form").count() == before + 1


def test_ended_in_the_middle_of_the_form_the_next_press_files_nothing(two: Two) -> None:
    request = two.agree()
    client = two.page(two.helper)
    client.post(two.form_url, ANSWERS)
    number = client.get(two.check_url).context["matter"].number
    assert Draft.objects.exists()

    two.page(two.person).post(reverse("web:help_end", args=[request.public_id]))

    for answer in (
        client.post(two.check_url, {"number": str(number)}),
        client.get(two.form_url),
        client.post(two.form_url, ANSWERS),
    ):
        assert answer["Location"] == reverse("web:helping")
    assert "Việc giúp này đã chấm dứt." in client.get(reverse("web:helping")).content.decode()
    kept = client.post(two.form_url, ANSWERS, headers={"HX-Request": "true"})
    assert kept.status_code == 404
    assert not Dossier.objects.exists()
    assert not Draft.objects.exists()
    ended = client.get(reverse("web:helped", args=[request.public_id]))
    assert ended["Location"] == reverse("web:helping")


PRESSES: dict[str, Callable[[Client, HelpRequest], int]] = {
    "code": lambda client, row: (
        client.get(reverse("web:help_code", args=[row.public_id])).status_code
    ),
    "helped": lambda client, row: (
        client.get(reverse("web:helped", args=[row.public_id])).status_code
    ),
    "answer": lambda client, row: (
        client.post(reverse("web:help_answer", args=[row.public_id]), {"answer": "yes"}).status_code
    ),
    "end": lambda client, row: (
        client.post(reverse("web:help_end", args=[row.public_id])).status_code
    ),
}


@pytest.mark.parametrize("press", PRESSES)
@pytest.mark.parametrize("is_agreed", [True, False])
def test_what_is_between_two_people_does_not_exist_for_a_third(
    press: str, is_agreed: bool, two: Two
) -> None:
    row = two.agree() if is_agreed else two.ask()
    before = list(Authority.objects.values_list("pk", "revoked_at"))
    third = CitizenFactory()
    UserFactory(citizen=third)

    assert PRESSES[press](two.page(third), row) == 404

    assert list(Authority.objects.values_list("pk", "revoked_at")) == before


def test_a_helper_agrees_to_nothing_in_the_persons_place(two: Two) -> None:
    row = two.ask()

    answer = two.page(two.helper).post(
        reverse("web:help_answer", args=[row.public_id]), {"answer": "yes"}
    )

    assert answer.status_code == 404
    assert not Authority.objects.filter(basis="helper").exists()


def test_the_pages_of_the_helper_show_nothing_of_the_person(two: Two) -> None:
    two.agree()
    client = two.page(two.helper)

    for name in ("papers", "my_data", "inbox", "calendar", "matters", "choices", "views", "drafts"):
        page = client.get(reverse(f"web:{name}"))
        assert page.status_code == 200, name
        text = page.content.decode()
        assert two.person.full_name not in text, name
        assert str(two.person.pin) not in text, name
    stranger = f"?for={CitizenFactory().party.public_id}"
    assert client.get(reverse("web:filing", args=[KEY]) + stranger).status_code == 404


def test_a_helper_reads_that_an_answer_is_known_not_what_it_is(two: Two) -> None:
    two.agree()
    form, own = two.page(two.helper).get(two.form_url), two.page(two.person)
    licence = str(two.scene.licence.number)

    assert licence not in form.content.decode()
    assert "đã có, chỉ hiện cho người được giúp" in form.content.decode()
    assert licence in own.get(reverse("web:filing", args=[KEY])).content.decode()
