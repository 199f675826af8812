"""Statements of consent: a proof each, the latest holds, silence is no."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from citizens.definition.consent_texts import consent_texts
from citizens.enums import ConsentPurpose, ConsentSource, ContactChannel
from citizens.models import Citizen, Consent, User
from citizens.selectors import (
    consenting,
    consents_of,
    not_consenting,
    refusing,
    statements_of,
)
from citizens.services import record_consent
from portal.common.errors import RefusedError
from tests.factories.citizens import CitizenFactory, OfficialFactory, UserFactory

pytestmark = pytest.mark.django_db
P = ConsentPurpose


def state(
    citizen: Citizen,
    is_given: bool,
    *,
    purpose: ConsentPurpose = P.RESEARCH,
    channel: ContactChannel | None = None,
    by: User | None = None,
    source: ConsentSource = ConsentSource.WEB,
    language: str = "vi",
) -> Consent:
    return record_consent(
        citizen=citizen,
        purpose=purpose,
        channel=channel,
        is_given=is_given,
        text=consent_texts().current(purpose),
        language=language,
        source=source,
        recorded_by=by
        or User.objects.filter(citizen=citizen).first()
        or UserFactory(citizen=citizen),
    )


def test_a_statement_proves_which_words_were_shown() -> None:
    citizen = CitizenFactory()

    consent = state(citizen, True, language="en-gb")

    text = consent_texts().current(P.RESEARCH)
    assert (consent.text_key, consent.text_version) == ("research", 1)
    assert consent.text_sha256 == text.wordings["en"].sha256
    assert consent.text_sha256 != text.wordings["vi"].sha256
    assert (consent.language, consent.source) == ("en", "web")
    assert consent.recorded_by == citizen.user


def test_the_latest_statement_of_purpose_and_channel_holds() -> None:
    citizen = CitizenFactory()
    state(citizen, True)
    state(citizen, False)
    state(citizen, True, purpose=P.SERVICE_OFFERS, channel=ContactChannel.SMS)
    state(citizen, False, purpose=P.SERVICE_OFFERS, channel=ContactChannel.ZALO)
    state(CitizenFactory(), True)

    held = {(c.purpose, c.channel): c.is_given for c in consents_of(citizen=citizen)}

    assert held == {
        ("research", ""): False,
        ("service_offers", "sms"): True,
        ("service_offers", "zalo"): False,
    }
    assert [c.is_given for c in statements_of(citizen=citizen)] == [False, True, False, True]


def test_silence_is_no_and_so_is_a_yes_taken_back() -> None:
    agreed, silent, back, one_channel = CitizenFactory.create_batch(4)
    state(agreed, False)
    state(agreed, True)
    state(back, True)
    state(back, False)
    state(one_channel, True, channel=ContactChannel.SMS)

    yes = set(Citizen.objects.filter(pk__in=consenting(P.RESEARCH)))
    no = set(Citizen.objects.filter(pk__in=not_consenting(P.RESEARCH)))
    refused = set(Citizen.objects.filter(pk__in=refusing(P.RESEARCH)))

    assert yes == {agreed}
    assert no == {silent, back, one_channel}
    assert refused == {back}


def test_the_sets_are_one_query_each(django_assert_num_queries: object) -> None:
    for citizen in CitizenFactory.create_batch(3):
        state(citizen, True)

    with django_assert_num_queries(1):  # type: ignore[operator]
        assert Citizen.objects.filter(pk__in=consenting(P.RESEARCH)).count() == 3


@pytest.mark.parametrize(
    ("is_official", "source"),
    [(True, ConsentSource.WEB), (True, ConsentSource.SMS), (False, ConsentSource.COUNTER)],
)
def test_who_records_fits_where(is_official: bool, source: ConsentSource) -> None:
    citizen = CitizenFactory()
    by = OfficialFactory().user if is_official else UserFactory(citizen=citizen)

    with pytest.raises(RefusedError):
        state(citizen, True, by=by, source=source)

    assert not Consent.objects.exists()


def test_an_official_at_the_counter_is_named() -> None:
    official = OfficialFactory()

    consent = state(CitizenFactory(), False, by=official.user, source=ConsentSource.COUNTER)

    assert consent.recorded_by == official.user


@pytest.mark.parametrize(
    "sql", ["UPDATE citizens_consent SET is_given = true", "DELETE FROM citizens_consent"]
)
def test_no_statement_is_ever_changed(sql: str) -> None:
    state(CitizenFactory(), False)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
