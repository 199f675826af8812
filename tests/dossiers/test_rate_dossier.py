"""One press, changeable for a week, by whom it concerns, after the result was handed over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from citizens.enums import AuthorityBasis
from citizens.models import Citizen
from dossiers.enums import Satisfaction, Status
from dossiers.models import Dossier, Rating
from dossiers.services.rate_dossier import rate_dossier
from portal.common.errors import RefusedError
from tests.dossiers.scene import FRIDAY
from tests.factories.citizens import AuthorityFactory, CitizenFactory
from tests.factories.dossiers import DossierFactory

pytestmark = pytest.mark.django_db


def returned(status: Status = Status.RETURNED) -> Dossier:
    dossier: Dossier = DossierFactory(status=status, ledgers=False)
    return dossier


def rate(
    dossier: Dossier,
    answer: str = "satisfied",
    *,
    days: float = 0,
    words: str | None = None,
    citizen: Citizen | None = None,
) -> Rating:
    return rate_dossier(
        dossier=dossier,
        citizen=citizen or dossier.applicant,
        answer=answer,
        words=words,
        now=FRIDAY + timedelta(days=days),
    )


def test_a_press_a_word_and_another_press_are_one_rating() -> None:
    dossier = returned()

    rate(dossier)
    rate(dossier, words="  Nhanh và rõ ràng \r\n cảm ơn ", days=1)
    rate(dossier, answer="neutral", days=7)

    rating = Rating.objects.get()
    assert (rating.answer, rating.words) == (Satisfaction.NEUTRAL, "Nhanh và rõ ràng \n cảm ơn")
    assert rating.rated_at == FRIDAY


def test_after_a_week_an_answer_stands() -> None:
    dossier = returned()
    rate(dossier)

    with pytest.raises(RefusedError):
        rate(dossier, answer="dissatisfied", days=7.01)

    assert Rating.objects.get().answer == Satisfaction.SATISFIED


@pytest.mark.parametrize("status", [one for one in Status if one is not Status.RETURNED])
def test_nobody_is_asked_before_the_end(status: Status) -> None:
    with pytest.raises(RefusedError):
        rate(returned(status))

    assert not Rating.objects.exists()


@pytest.mark.parametrize(
    ("answer", "words"),
    [("great", None), ("", None), ("satisfied", "x" * 1001), ("satisfied", "a\x00b")],
)
def test_what_is_no_answer_is_refused(answer: str, words: str | None) -> None:
    with pytest.raises(RefusedError):
        rate(returned(), answer, words=words)

    assert not Rating.objects.exists()


def test_a_helper_says_nothing_in_the_place_of_whom_they_help() -> None:
    dossier = DossierFactory(
        status=Status.RETURNED,
        ledgers=False,
        applicant=CitizenFactory(),
        owner=CitizenFactory().party,
    )
    AuthorityFactory(
        actor=dossier.applicant,
        for_party=dossier.owner,
        basis=AuthorityBasis.HELPER,
        confirmed_at=FRIDAY,
    )

    with pytest.raises(RefusedError):
        rate(dossier)

    assert rate(dossier, citizen=dossier.owner.citizen).answer == Satisfaction.SATISFIED


def test_a_stranger_says_nothing() -> None:
    with pytest.raises(RefusedError):
        rate(returned(), citizen=CitizenFactory())
