"""Letters for the village: those of the official's own place, and each one shown is logged."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from citizens.enums import Role
from citizens.models import AccessLog
from tests.factories.notifications import MessageFactory
from tests.office.places import CANARY, Place, make_place, signed_in

pytestmark = pytest.mark.django_db
ADDRESS = "admin:office_letters_print"


def test_letters_of_the_own_place_are_printed_and_logged(here: Place, elsewhere: Place) -> None:
    # Given messages here and next door
    ours = MessageFactory(recipient=here.citizen.party, state="failed")
    theirs = MessageFactory(recipient=elsewhere.citizen.party, state="failed")
    asked = [str(one.public_id) for one in (ours, theirs)] + ["no id", str(uuid.uuid4())]

    # When an official prints them all
    answer = signed_in(here.user).post(reverse(ADDRESS), {"message": asked})

    # Then there is one letter, and one row in the log of views
    html = answer.content.decode()
    assert html.count("<article") == 1
    assert here.citizen.full_name in html
    assert CANARY not in html
    row = AccessLog.objects.latest("pk")
    assert row.subject_ids == [here.citizen.pk]
    assert "address" in row.fields


def test_who_does_not_open_the_desk_prints_nothing(city: object, here: Place) -> None:
    message = MessageFactory(recipient=here.citizen.party)
    place = make_place(here.unit.parent, "Khác", roles=(Role.CATALOGUE_EDITOR,))  # type: ignore[arg-type]

    answer = signed_in(place.user).get(reverse(ADDRESS), {"message": str(message.public_id)})

    assert answer.status_code == 403
    assert here.citizen.full_name not in answer.content.decode()


def test_nothing_asked_is_nothing_printed(here: Place) -> None:
    answer = signed_in(here.user).get(reverse(ADDRESS))

    assert answer.status_code == 200
    assert "<article" not in answer.content.decode()
