"""Record what a person chose and obey it: the proof and the wish, in one transaction."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.definition.consent_texts import ConsentText, consent_texts
from citizens.enums import ConsentPurpose, ConsentSource, ContactChannel, UserKind
from citizens.models import Citizen, Consent, Party, User
from citizens.selectors import consenting, may_act, refusing
from citizens.services import record_consent
from notifications.enums import Channel
from notifications.models import Preference
from notifications.services.set_preference import set_preference
from portal.common import clock
from portal.common.errors import RefusedError

STOP_BY_REQUEST = "stop_by_request"
STOP_BY_REPLY = "stop_by_reply"


@transaction.atomic
def make_choice(
    *,
    citizen: Citizen,
    purpose: ConsentPurpose,
    is_given: bool,
    by: User,
    language: str,
    channel: ContactChannel | None = None,
) -> Consent:
    """Return the recorded statement; for service offers the scan and the dispatcher obey at once.

    `by` is the person, somebody with a standing right to act for them, or an official who writes
    down at the counter what the person says. RefusedError for anybody else. Statutory notices are
    not touched by any choice.
    """
    speaker = by.citizen if by.kind == UserKind.CITIZEN else None
    if by.kind == UserKind.CITIZEN and (
        speaker is None or not may_act(actor=speaker, party=citizen.party, day=clock.today())
    ):
        raise RefusedError(_("You cannot act for this person or organisation."))
    text = consent_texts().current(purpose)
    return _state(citizen, purpose, text, by, language, is_given=is_given, channel=channel)


@transaction.atomic
def stop_on_request(*, citizen: Citizen, by: User, language: str) -> list[Consent]:
    """Stop all that the portal does by the person's leave, as they asked in a request.

    Return the statements written: none where everything was stopped already. `by` is who sent the
    request; the words proved are those read before sending it.
    """
    text = consent_texts().current(STOP_BY_REQUEST)
    return [
        _state(citizen, purpose, text, by, language, is_given=False, channel=None)
        for purpose in ConsentPurpose
        if _is_done(citizen, purpose)
    ]


@transaction.atomic
def stop_by_sms(*, citizen: Citizen, channel: ContactChannel | None) -> Consent:
    """Stop offers of services because somebody answered so from the person's own number.

    `channel` None stops them everywhere. Who wrote is not proved, so nobody is named; the person
    sees it among the choices and may say otherwise there.
    """
    text = consent_texts().current(STOP_BY_REPLY)
    consent = record_consent(
        citizen=citizen,
        purpose=ConsentPurpose.SERVICE_OFFERS,
        channel=channel,
        is_given=False,
        text=text,
        language="vi",
        source=ConsentSource.SMS,
        recorded_by=None,
    )
    _obey(citizen.party, channel, is_given=False)
    return consent


def _is_done(citizen: Citizen, purpose: ConsentPurpose) -> bool:
    """Return whether a purpose is followed: offers until a no, everything else only after a yes."""
    if purpose == ConsentPurpose.SERVICE_OFFERS:
        return not refusing(purpose).filter(citizen=citizen).exists()
    return consenting(purpose).filter(citizen=citizen).exists()


def _state(
    citizen: Citizen,
    purpose: ConsentPurpose,
    text: ConsentText,
    by: User,
    language: str,
    *,
    is_given: bool,
    channel: ContactChannel | None,
) -> Consent:
    at_counter = by.kind == UserKind.OFFICIAL
    consent = record_consent(
        citizen=citizen,
        purpose=purpose,
        channel=channel,
        is_given=is_given,
        text=text,
        language=language,
        source=ConsentSource.COUNTER if at_counter else ConsentSource.WEB,
        recorded_by=by,
    )
    if purpose == ConsentPurpose.SERVICE_OFFERS:
        _obey(citizen.party, channel, is_given=is_given)
    return consent


def _obey(party: Party, channel: ContactChannel | None, *, is_given: bool) -> None:
    """Let offers come or stop. What is allowed again is no longer stopped: no row is needed."""
    wishes = Preference.objects.filter(party=party)
    if is_given:
        wishes.filter(topic=None, channel=channel or "", is_allowed=False).delete()
        return
    if channel is None:  # a narrower yes of earlier days would win over the no to everything
        wishes.filter(is_allowed=True).delete()
    set_preference(party=party, is_allowed=False, channel=Channel(channel) if channel else None)
