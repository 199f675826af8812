"""Satisfaction and savings by agency: what a recount gives, of the own units, without names."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from citizens.models import Unit
from dossiers.enums import Satisfaction, Status
from dossiers.models import Dossier, Rating
from portal.common import clock
from portal.reporting.selectors.outcomes import outcomes
from procedures.enums import FilingChannel
from tests.factories.dossiers import DossierFactory
from tests.office.places import Place, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
ANSWERS = [*Satisfaction, None, Satisfaction.SATISFIED]


def returned(place: Place, answer: Satisfaction | None, words: str = "") -> Dossier:
    """Return a dossier handed over today and answered so."""
    dossier: Dossier = DossierFactory(
        owner_citizen=place.citizen,
        competent=place.agency,
        status=Status.RETURNED,
        channel=FilingChannel.ONLINE,
        returned_by=FilingChannel.DIRECT,
        returned_at=clock.now(),
        field_count=10,
        known_field_count=7,
        ledgers=False,
    )
    if answer:
        Rating.objects.create(
            dossier=dossier,
            citizen=place.citizen,
            answer=answer,
            words=words,
            rated_at=clock.now(),
        )
    return dossier


def test_figures_are_of_the_same_dossiers(here: Place, elsewhere: Place) -> None:
    for answer in ANSWERS:
        returned(here, answer)
    returned(elsewhere, Satisfaction.DISSATISFIED)
    day = clock.today()

    rows = outcomes(units=Unit.objects.all(), first=day, last=day)

    mine = next(row for row in rows if row.agency == here.agency.name_vi)
    assert (mine.returned, mine.rated, mine.satisfied) == (5, 4, 2)
    assert (mine.neutral, mine.dissatisfied, mine.satisfied_share) == (1, 1, 0.5)
    assert (mine.saved.dossiers, mine.saved.trips, mine.saved.told) == (5, 5, 0)
    assert (mine.saved.fields_known, mine.saved.fields) == (35, 50)
    before = day - timedelta(days=1)
    assert outcomes(units=Unit.objects.all(), first=before, last=before) == []


def test_the_desk_shows_words_without_whose_they_are(here: Place, elsewhere: Place) -> None:
    mine = returned(here, Satisfaction.NEUTRAL, "Chờ hơi lâu <b>")
    returned(elsewhere, Satisfaction.SATISFIED, "Không được thấy")
    client: Client = signed_in(here.user)

    said = client.get(reverse("admin:office_outcomes")).content.decode()
    file = client.get(reverse("admin:office_outcomes_file")).content.decode()

    assert "Chờ hơi lâu &lt;b&gt;" in said
    assert "0 / 1" in said
    for page in (said, file):
        assert here.agency.name_vi in page
        assert "Không được thấy" not in page
        assert elsewhere.agency.name_vi not in page
        assert mine.code not in page
        assert here.citizen.full_name not in page
    assert "Chờ hơi lâu" not in file
