"""From the commit of a death on: nothing is sent to, or shown about, the person (F21)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from citizens.enums import AuthorityBasis, Gender
from citizens.models import Authority, Citizen, Credential, LifeEvent
from citizens.selectors import bereaved_of
from dossiers.models import Dossier
from dossiers.services import submit_dossier
from notifications.enums import MessageState
from notifications.models import Message, Topic
from notifications.services import enqueue
from portal.common import clock
from procedures.models import Suggestion
from procedures.services.scan_changes import scan_changes
from tests.citizens.importing.scene import TODAY as IMPORTED_ON
from tests.citizens.importing.scene import Row, bring
from tests.factories.citizens import (
    AuthorityFactory,
    CitizenFactory,
    CredentialFactory,
    GrantFactory,
    HouseholdFactory,
    HouseholdMemberFactory,
    OfficialFactory,
    RegisterFactory,
    RelationFactory,
    UserFactory,
)
from tests.factories.notifications import reminder_params
from tests.factories.procedures import SuggestionFactory
from tests.web.scene import DUE, FRIDAY, TODAY, Scene

BACKEND = "django.contrib.auth.backends.ModelBackend"
ANSWERS = {"reason": "Sắp hết hạn", "delivery": "Trực tiếp", "phone": "0505 000 001"}
MAY_SPEAK = "dossier_approved"


@dataclass
class Family:
    """Mrs Lan with an open dossier and another suggestion; her son acts for her by her wish."""

    scene: Scene
    son: Citizen
    client: Client
    dossier: Dossier
    suggestion: Suggestion
    folder: Path

    @property
    def notice(self) -> Row:
        """A hospital's notice that she died today."""
        died_on = f"{TODAY:%d/%m/%Y}"
        return {"code": "BT-1", "pin": str(self.scene.lan.pin), "died_on": died_on}

    def tell(self, **changes: str) -> None:
        """Let the hospital's delivery come in."""
        bring(self.folder, "HEALTH.death_notice", {**self.notice, **changes}, day=IMPORTED_ON)

    def say(self, key: str, *, to: Citizen, about: Citizen | None, topic: str) -> Message:
        """Queue a message in the thread `key`."""
        listed = Topic.objects.get(pk=topic).params
        params = reminder_params() | {
            "code": self.dossier.code,
            "procedure": "Đổi giấy phép lái xe",
        }
        said = enqueue(
            topic=topic,
            recipient=to.party,
            about=about.party if about else None,
            params={name: params.get(name, "1") for name in listed},
            dedupe_key=f"test:{key}",
            thread_key=key,
            due_at=clock.now() + timedelta(hours=1),
        )
        assert said is not None
        return said


@pytest.fixture
def family(scene: Scene, tmp_path: Path) -> Family:
    RegisterFactory(code="HEALTH")
    dossier = submit_dossier(
        applicant=scene.lan,
        suggestion=scene.suggestion,
        version=scene.version,
        answers=ANSWERS,
        now=FRIDAY,
    )
    lan = scene.lan
    son = CitizenFactory(gender=Gender.MALE, full_name="Trần Văn Con", unit=scene.ward, age=41)
    RelationFactory(person=lan, relative=son)
    basis = AuthorityBasis.POWER_OF_ATTORNEY
    AuthorityFactory(actor=son, for_party=lan.party, basis=basis)
    HouseholdMemberFactory(household=HouseholdFactory(head=lan), citizen=son)
    other = CredentialFactory(holder=lan, expires_on=DUE + timedelta(days=5), unit=scene.ward)
    suggestion = SuggestionFactory(citizen=lan, credential=other, recipients=[lan, son])
    client = Client()
    client.force_login(UserFactory(citizen=son), backend=BACKEND)
    return Family(scene, son, client, dossier, suggestion, tmp_path)


def one_bell() -> None:
    scan_changes(now=clock.now())


def state_of(message: Message) -> tuple[str, str]:
    message.refresh_from_db()
    return message.state, message.reason


class TestMessages:
    def test_after_one_bell_nothing_waits_to_or_about_the_person(self, family: Family) -> None:
        lan, son = family.scene.lan, family.son
        matter = f"suggestion:{family.suggestion.pk}"
        gone = [
            family.say(matter, to=lan, about=None, topic="credential_expiring"),
            family.say(f"dossier:{family.dossier.pk}", to=lan, about=None, topic=MAY_SPEAK),
            family.say("thread:9", to=son, about=lan, topic="supplement_requested"),
        ]
        kept = family.say("thread:8", to=son, about=None, topic=MAY_SPEAK)

        family.tell()
        one_bell()

        (state, _reason), *others = [state_of(message) for message in gone]
        assert state == "withdrawn"
        assert others == [("withdrawn", "deceased"), ("withdrawn", "about_deceased")]
        assert state_of(kept)[0] == MessageState.QUEUED

    def test_a_topic_may_speak_of_the_deceased_to_the_family(self, family: Family) -> None:
        Topic.objects.filter(pk=MAY_SPEAK).update(about_may_be_deceased=True)
        condolence = family.say("death:1", to=family.son, about=family.scene.lan, topic=MAY_SPEAK)

        family.tell()
        one_bell()

        assert state_of(condolence)[0] == MessageState.QUEUED

    def test_what_a_sender_already_holds_is_not_tried_again(self, family: Family) -> None:
        held = family.say("thread:7", to=family.scene.lan, about=None, topic=MAY_SPEAK)
        later = clock.now() + timedelta(minutes=1)
        sending = {"state": MessageState.SENDING, "lease_until": later, "attempt": 1}
        Message.objects.filter(pk=held.pk).update(**sending, handed_at=clock.now())

        family.tell()
        one_bell()

        held.refresh_from_db()
        assert held.state == MessageState.SENDING
        assert held.not_after is not None
        assert held.not_after <= clock.now()

    def test_news_of_the_living_take_nothing_back(self, family: Family) -> None:
        waiting = family.say("thread:6", to=family.scene.lan, about=None, topic=MAY_SPEAK)
        family.tell()
        Citizen.objects.filter(pk=family.scene.lan.pk).update(died_on=None)

        one_bell()

        assert state_of(waiting)[0] == MessageState.QUEUED


class TestWhatIsShown:
    @pytest.fixture(autouse=True)
    def _told(self, family: Family) -> None:
        said = family.say("thread:5", to=family.son, about=family.scene.lan, topic=MAY_SPEAK)
        Message.objects.filter(pk=said.pk).update(state=MessageState.SENT, sent_at=clock.now())
        # Before the reader was rung: the selectors ask who lives.
        family.tell()

    @pytest.mark.parametrize(
        "page", ["", "dossiers/", "papers/", "inbox/", "data/", "views/", "choices/", "requests/"]
    )
    def test_no_page_of_the_family_names_the_person(self, page: str, family: Family) -> None:
        answer = family.client.get(f"/my/{page}")

        html = answer.content.decode()
        assert answer.status_code == 200
        assert "Trần Thị Lan" not in html
        assert family.dossier.code not in html

    def test_their_own_pages_are_not_there(self, family: Family) -> None:
        lan = family.scene.lan

        pages = [
            f"/my/suggestions/{family.suggestion.public_id}/",
            f"/my/dossiers/{family.dossier.public_id}/",
            f"/my/choices/?for={lan.party.public_id}",
            f"/my/requests/?for={lan.party.public_id}",
        ]

        assert [family.client.get(page).status_code for page in pages] == [404] * 4

    def test_the_family_calendar_counts_the_living(self, family: Family) -> None:
        answer = family.client.get("/my/")

        assert not [day for day in answer.context["dates"] if "Lan" in day.label]

    def test_the_right_to_act_is_kept_but_gives_nothing(self, family: Family) -> None:
        assert Authority.objects.standing(TODAY).filter(actor=family.son).exists()
        filed = family.client.post(f"/my/suggestions/{family.suggestion.public_id}/", ANSWERS)

        assert filed.status_code == 404
        assert Dossier.objects.count() == 1

    def test_the_family_is_known_for_the_bereavement(self, family: Family) -> None:
        lan = Citizen.objects.get(pk=family.scene.lan.pk)

        assert [kin.citizen for kin in bereaved_of(citizen=lan, day=TODAY)] == [family.son]


class TestOffice:
    def test_the_open_dossier_stays_and_is_marked(self, family: Family) -> None:
        official = OfficialFactory(agency=family.scene.office)
        GrantFactory(official=official, unit=family.scene.city)
        desk = Client()
        desk.force_login(official.user, backend=BACKEND)

        family.tell()
        one_bell()

        family.dossier.refresh_from_db()
        assert family.dossier.status == 1
        queue = desk.get(reverse("admin:office_queue")).content.decode()
        page = desk.get(
            reverse("admin:office_dossier", args=[family.dossier.public_id])
        ).content.decode()
        for html in (queue, page):
            assert f"Mất ngày {TODAY:%d/%m/%Y}" in " ".join(html.split())
        assert "note--late" not in page


class TestMistakes:
    def test_what_comes_back_and_what_does_not(self, family: Family) -> None:
        lan = family.scene.lan
        told = family.say("thread:4", to=lan, about=None, topic=MAY_SPEAK)
        family.tell()
        one_bell()
        family.suggestion.refresh_from_db()
        assert (family.suggestion.state, family.suggestion.reason) == ("withdrawn", "died")

        bring(
            family.folder,
            "HEALTH.death_notice",
            {**family.notice, "status": "Đã hủy"},
            as_of=IMPORTED_ON + timedelta(days=1),
            day=IMPORTED_ON + timedelta(days=1),
        )
        one_bell()

        family.suggestion.refresh_from_db()
        assert (family.suggestion.state, family.suggestion.reason) == ("open", "")
        assert not LifeEvent.objects.exists()
        assert state_of(told)[0] == "withdrawn"
        assert "Trần Thị Lan" in family.client.get("/my/").content.decode()
        client = Client()
        client.force_login(family.scene.user, backend=BACKEND)
        assert client.get("/my/").status_code == 200
        assert Credential.objects.filter(holder=lan.party).count() == 2
