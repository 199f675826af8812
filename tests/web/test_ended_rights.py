"""A right to act that was revoked or has ended opens nothing, whoever was told before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from citizens.models import Authority, Citizen
from dossiers.models import Dossier
from notifications.models import Message
from portal.common import clock
from portal.common.errors import RefusedError
from portal.web.presenters.inbox import matter_url
from procedures.enums import RecipientState
from procedures.models import Recipient, Suggestion
from procedures.services import (
    accept_suggestion,
    dismiss_suggestion,
    restore_suggestion,
    snooze_suggestion,
)
from tests.factories.citizens import AuthorityFactory, CitizenFactory, CredentialFactory, always
from tests.factories.procedures import SuggestionFactory
from tests.web.scene import TODAY, Scene, stranger

EIGHTEEN_YEARS_AGO = TODAY.replace(year=TODAY.year - 18)
PAGES = ("", "snooze/", "dismiss/")
LONG_AGO = date(2010, 1, 1)


@dataclass
class Family:
    """A child with a passport that runs out, and a father who was told of it."""

    child: Citizen
    father: Citizen
    client: Client
    suggestion: Suggestion

    @property
    def page(self) -> str:
        """The address of the suggestion."""
        return f"/my/suggestions/{self.suggestion.public_id}/"


def family(birth_date: date = date(2015, 5, 5), **authority: Any) -> Family:
    father, client = stranger()
    child = CitizenFactory(birth_date=birth_date, full_name="Đỗ Gia Bảo")
    AuthorityFactory(actor=father, for_party=child.party, **authority)
    paper = CredentialFactory(
        holder=child,
        kind="passport",
        category="",
        register__code="XNC",
        expires_on=TODAY + timedelta(days=60),
    )
    suggestion = SuggestionFactory(citizen=child, credential=paper, recipients=[father])
    return Family(child, father, client, suggestion)


ENDED = {
    "revoked": lambda: family(revoked_at=clock.now()),
    "expired": lambda: family(valid=always(LONG_AGO, TODAY)),
    "not begun": lambda: family(valid=always(TODAY + timedelta(days=1))),
    "came of age": lambda: family(EIGHTEEN_YEARS_AGO, valid=always(EIGHTEEN_YEARS_AGO, TODAY)),
}
ended = pytest.mark.parametrize("case", ENDED)


def test_while_the_right_stands_everything_opens(scene: Scene) -> None:
    home = family(valid=always(LONG_AGO, TODAY + timedelta(days=1)))

    assert "Đỗ Gia Bảo" in home.client.get("/my/").content.decode()
    assert [home.client.get(home.page + page).status_code for page in PAGES[1:]] == [200, 200]
    assert matter_url(home.father, f"suggestion:{home.suggestion.pk}") == home.page


@ended
def test_no_page_opens_and_none_names_the_person(scene: Scene, case: str) -> None:
    home = ENDED[case]()

    assert [home.client.get(home.page + page).status_code for page in PAGES] == [404] * 3
    listed = home.client.get("/my/")
    assert listed.status_code == 200
    assert "Đỗ Gia Bảo" not in listed.content.decode()
    assert str(home.suggestion.public_id) not in listed.content.decode()
    assert matter_url(home.father, f"suggestion:{home.suggestion.pk}") == ""


@ended
def test_no_press_is_taken(scene: Scene, case: str) -> None:
    home = ENDED[case]()
    messages = Message.objects.count()

    for page in (*PAGES, "restore/"):
        assert home.client.post(home.page + page, {"days": "7"}).status_code == 404

    home.suggestion.refresh_from_db()
    assert (home.suggestion.state, Message.objects.count()) == ("open", messages)
    assert Recipient.objects.get(citizen=home.father).state == RecipientState.ACTIVE
    assert not Dossier.objects.exists()


@ended
def test_no_service_answers(scene: Scene, case: str) -> None:
    home = ENDED[case]()
    asked: dict[str, Any] = {"suggestion": home.suggestion, "citizen": home.father}

    answers: tuple[Callable[[], object], ...] = (
        lambda: accept_suggestion(**asked, now=clock.now()),
        lambda: snooze_suggestion(**asked, until=TODAY + timedelta(days=7)),
        lambda: dismiss_suggestion(**asked, now=clock.now()),
        lambda: restore_suggestion(**asked),
    )
    for answer in answers:
        Recipient.objects.update(state=RecipientState.ACTIVE)
        with translation.override("en"), pytest.raises(RefusedError, match="not yours"):
            answer()

    home.suggestion.refresh_from_db()
    assert home.suggestion.state == "open"


def test_a_dismissal_is_not_taken_back_by_whoever_lost_the_right(scene: Scene) -> None:
    home = family()
    dismiss_suggestion(suggestion=home.suggestion, citizen=home.father, now=clock.now())
    Authority.objects.update(revoked_at=clock.now())

    with pytest.raises(RefusedError):
        restore_suggestion(suggestion=home.suggestion, citizen=home.father)

    home.suggestion.refresh_from_db()
    assert home.suggestion.state == "dismissed"


def test_the_other_guardians_dossier_stays_hidden(scene: Scene) -> None:
    """The page leads those who filed to their dossier; not whoever lost the right since."""
    father, client = stranger()
    AuthorityFactory(
        actor=father, for_party=scene.lan.party, basis="guardian", revoked_at=clock.now()
    )
    Recipient.objects.create(suggestion=scene.suggestion, citizen=father)
    scene.client.post(scene.page, {"delivery": "Trực tiếp"})
    assert scene.client.get(scene.page).status_code == 302

    response = client.get(scene.page)

    assert response.status_code == 404
    assert "Location" not in response


def test_of_age_the_person_sees_it_once_asked(scene: Scene) -> None:
    home = family(EIGHTEEN_YEARS_AGO, valid=always(EIGHTEEN_YEARS_AGO, TODAY))
    Recipient.objects.create(suggestion=home.suggestion, citizen=home.child)

    dismiss_suggestion(suggestion=home.suggestion, citizen=home.child, now=clock.now())

    assert Recipient.objects.get(citizen=home.child).state == RecipientState.DISMISSED
