"""Zalo's notices by template: what is sent, what is never sent, and whose turn the token is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from asgiref.sync import async_to_sync
from django.core.exceptions import ValidationError
from pytest_django import Settings

from notifications.enums import ZaloApproval, ZaloKind
from notifications.models import ZaloTemplate, ZaloToken
from notifications.rules.zalo import LIMITS, ZaloDataError, template_data
from notifications.selectors import zalo_standing
from notifications.transports.base import Acceptance, Content, TransportError
from notifications.transports.zalo import ZaloNotices
from portal.common import clock
from tests.peers.web_peer import Mood
from tests.peers.zalo import FIRST, ZaloPeer

pytestmark = [pytest.mark.django_db, pytest.mark.allow_hosts(["127.0.0.1"])]

REFERENCE = "a" * 32
PHONE = "+84500000001"
VALUES = {"paper": "Giấy phép lái xe", "due_on": "20/01/2027", "check_code": "ABCD-EFGH"}
REMINDER = Content(body="…", topic="credential_expiring", values=VALUES)
PARAMETERS = {
    "giay_to": {"value": "paper", "kind": "product"},
    "han": {"value": "due_on", "kind": "date"},
    "ma": {"value": "check_code", "kind": "code"},
}


@pytest.fixture
def peer(texts: None) -> Iterator[ZaloPeer]:
    with ZaloPeer() as serving:
        yield serving


@pytest.fixture
def template(texts: None) -> ZaloTemplate:
    return ZaloTemplate.objects.create(
        topic_id="credential_expiring",
        template_id="7890",
        state=ZaloApproval.APPROVED,
        parameters=PARAMETERS,
    )


def run(work: Callable[[], Awaitable[Any]]) -> Any:
    async def in_loop() -> Any:
        return await work()

    return async_to_sync(in_loop)()


def send(transport: ZaloNotices, content: Content = REMINDER, reference: str = REFERENCE) -> Any:
    """Send one notice; return the acceptance or the error."""

    async def work() -> Acceptance | TransportError:
        try:
            return await transport.send(address=PHONE, content=content, reference=reference)
        except TransportError as error:
            return error
        finally:
            await transport.aclose()

    return run(work)


def opened(peer: ZaloPeer, first: str = FIRST, **more: str) -> ZaloNotices:
    return ZaloNotices.from_url(peer.account(first, **more))


# ------------------------------------------------------------------------------------- notices
def test_a_notice_is_a_template_and_its_parameters(peer: ZaloPeer, template: ZaloTemplate) -> None:
    found = send(opened(peer))

    assert found == Acceptance("zalo-aaaaaaaa")
    assert peer.notices == [
        {
            "phone": "84500000001",
            "template_id": "7890",
            "template_data": {
                "giay_to": "Giấy phép lái xe",
                "han": "20/01/2027",
                "ma": "ABCD-EFGH",
            },
            "tracking_id": REFERENCE,
        }
    ]


@pytest.mark.parametrize("state", [ZaloApproval.PENDING, ZaloApproval.REFUSED, None])
def test_without_an_approved_template_zalo_is_not_even_asked(
    peer: ZaloPeer, template: ZaloTemplate, state: ZaloApproval | None
) -> None:
    if state is None:
        template.delete()
    else:
        ZaloTemplate.objects.update(state=state)

    error = send(opened(peer))

    assert str(error) == "no approved template"
    assert error.permanent
    assert not peer.requests
    assert peer.renewals == 0


def test_a_reader_of_english_gets_the_vietnamese_template_where_there_is_no_other(
    peer: ZaloPeer, template: ZaloTemplate
) -> None:
    english = Content(body="…", topic="credential_expiring", language="en", values=VALUES)

    assert isinstance(send(opened(peer), english), Acceptance)


@pytest.mark.parametrize(
    ("code", "permanent", "state"),
    [
        (-118, True, ZaloApproval.APPROVED),  # no such account
        (-114, True, ZaloApproval.APPROVED),
        (-132, True, ZaloApproval.APPROVED),
        (-115, False, ZaloApproval.APPROVED),  # the account's money, not this message
        (-144, False, ZaloApproval.APPROVED),
        (-999, False, ZaloApproval.APPROVED),
        (-131, True, ZaloApproval.REFUSED),
        (-146, True, ZaloApproval.REFUSED),
    ],
)
def test_what_zalos_numbers_mean(
    peer: ZaloPeer, template: ZaloTemplate, code: int, permanent: bool, state: ZaloApproval
) -> None:
    peer.answers = [code]

    error = send(opened(peer))

    template.refresh_from_db()
    assert (error.permanent, error.uncertain) == (permanent, False)
    assert template.state == state
    assert PHONE[3:] not in str(error)


@pytest.mark.parametrize(
    ("mood", "permanent", "uncertain"),
    [
        (Mood.REFUSE, True, False),
        (Mood.BUSY, False, False),
        (Mood.BROKEN, False, False),
        (Mood.DROP, False, True),
    ],
)
def test_the_ways_of_a_web_server(
    peer: ZaloPeer, template: ZaloTemplate, mood: Mood, permanent: bool, uncertain: bool
) -> None:
    transport = opened(peer)
    send(transport)
    peer.mood = mood

    error = send(transport, reference="b" * 32)

    assert (error.permanent, error.uncertain) == (permanent, uncertain)


def test_it_cannot_be_asked(peer: ZaloPeer) -> None:
    transport = opened(peer)

    with pytest.raises(TransportError) as refused:
        run(lambda: transport.ask(REFERENCE))

    assert refused.value.permanent
    assert transport.traits.is_blind
    assert not opened(peer, dedup="yes").traits.is_blind


# -------------------------------------------------------------------------------------- tokens
def test_one_renewal_serves_all_and_later_processes(peer: ZaloPeer, template: ZaloTemplate) -> None:
    for number in range(3):
        assert isinstance(send(opened(peer), reference=f"{number:032d}"), Acceptance)

    assert peer.renewals == 1
    row = ZaloToken.objects.get()
    assert (row.access, row.refresh) == ("access-1", "refresh-1")
    assert b"access-1" not in bytes(row.access_enc or b"")


def test_processes_that_renew_at_once_do_so_once(peer: ZaloPeer, template: ZaloTemplate) -> None:
    """Two transports share nothing but the table: they are two processes."""
    peer.slow = 0.6
    first, second = opened(peer), opened(peer)

    async def work() -> list[Acceptance]:
        sends = (
            transport.send(address=PHONE, content=REMINDER, reference=f"{number:032d}")
            for number, transport in enumerate([first, second] * 10)
        )
        try:
            return await asyncio.gather(*sends)
        finally:
            await first.aclose()
            await second.aclose()

    assert len(run(work)) == 20
    assert peer.renewals == 1
    assert len(peer.notices) == 20


def test_a_renewal_goes_on_without_the_sends_that_waited_for_it(
    peer: ZaloPeer, template: ZaloTemplate
) -> None:
    """Zalo's answer must not get lost with them: the old refresh token is spent."""
    peer.slow = 3.5

    error = send(opened(peer))

    assert "being renewed" in str(error)
    assert (error.permanent, error.uncertain) == (False, False)
    assert isinstance(send(opened(peer)), Acceptance)
    assert peer.renewals == 1


def test_a_token_near_its_end_is_renewed_before_it_fails(
    peer: ZaloPeer, template: ZaloTemplate
) -> None:
    send(opened(peer))
    with time_machine.travel(clock.now() + timedelta(seconds=peer.lives - 60)):
        assert isinstance(send(opened(peer)), Acceptance)

    assert peer.renewals == 2
    assert not any(answer["tracking_id"] != REFERENCE for answer in peer.requests)


def test_a_token_that_zalo_calls_bad_is_renewed_and_the_notice_sent_once(
    peer: ZaloPeer, template: ZaloTemplate
) -> None:
    transport = opened(peer)
    send(transport)
    peer.forget_access()

    assert isinstance(send(transport, reference="b" * 32), Acceptance)

    assert peer.renewals == 2
    assert peer.delivered["b" * 32] == 1


def test_a_claim_whose_process_died_ends(peer: ZaloPeer, template: ZaloTemplate) -> None:
    send(opened(peer))
    now = clock.now()
    ZaloToken.objects.update(expires_at=now, renewing_until=now + timedelta(seconds=2))

    assert isinstance(send(opened(peer)), Acceptance)
    assert peer.renewals == 2


def test_a_broken_chain_waits_for_an_operators_new_token(
    peer: ZaloPeer, template: ZaloTemplate
) -> None:
    peer.is_locked = True
    error = send(opened(peer))
    assert "enter a new one" in str(error)
    assert (error.permanent, error.uncertain) == (False, False)
    peer.is_locked = False

    assert "enter a new one" in str(send(opened(peer)))
    assert peer.renewals == 0
    peer._refresh = "refresh-new"
    assert isinstance(send(opened(peer, "refresh-new")), Acceptance)
    # A process that still runs with the old one does not undo it.
    assert isinstance(send(opened(peer)), Acceptance)


@pytest.mark.parametrize("mood", [Mood.BROKEN, Mood.BUSY])
def test_the_token_service_that_is_away_fails_for_certain(
    peer: ZaloPeer, template: ZaloTemplate, mood: Mood
) -> None:
    peer.mood = mood

    error = send(opened(peer))

    assert (error.permanent, error.uncertain) == (False, False)
    peer.mood = Mood.ACCEPT
    assert isinstance(send(opened(peer)), Acceptance)


# ---------------------------------------------------------------------------------- parameters
@pytest.mark.parametrize(
    ("kind", "value", "given"),
    [
        ("product", "Giấy phép lái xe", "Giấy phép lái xe"),
        ("label", "một hai ba bốn năm sáu bảy tám chín", "một hai ba bốn năm sáu bảy…"),
        ("status", "x" * 40, "x" * 29 + "…"),
        ("code", "x" * 31, None),
        ("amount", "1" * 21, None),
        ("customer_name", "x" * 31, None),
        ("code", "", None),
    ],
)
def test_values_fit_or_are_refused(kind: str, value: str, given: str | None) -> None:
    parameters = {"p": {"value": "v", "kind": kind}}
    if given is None:
        with pytest.raises(ZaloDataError) as refused:
            template_data(parameters, {"v": value})
        assert value == "" or value not in str(refused.value)
        return

    assert template_data(parameters, {"v": value}) == {"p": given}
    assert len(given) <= LIMITS[ZaloKind(kind)]


def test_a_value_that_is_missing_never_reaches_zalo(peer: ZaloPeer, template: ZaloTemplate) -> None:
    bare = Content(body="…", topic="credential_expiring", values={})

    error = send(opened(peer), bare)

    assert error.permanent
    assert not peer.requests


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        [],
        {"p": "paper"},
        {"p": {"value": "pin", "kind": "code"}},
        {"p": {"value": "paper", "kind": "novel"}},
    ],
)
def test_a_template_names_values_of_its_topic_only(template: ZaloTemplate, parameters: Any) -> None:
    template.full_clean()
    template.parameters = parameters

    with pytest.raises(ValidationError):
        template.full_clean()


# -------------------------------------------------------------------------------------- standing
def test_doctor_hears_how_we_stand_with_zalo(
    peer: ZaloPeer, template: ZaloTemplate, settings: Settings
) -> None:
    assert zalo_standing() is None
    settings.ZALO_URL = peer.account()

    first = zalo_standing()
    peer.is_locked = True
    send(opened(peer))
    ZaloTemplate.objects.update(state=ZaloApproval.REFUSED)
    second = zalo_standing()

    assert first is not None
    assert second is not None
    assert (first.approved_count, first.refused_count, first.is_locked_out) == (1, 0, False)
    assert first.topic_count > 5
    assert (second.approved_count, second.refused_count, second.is_locked_out) == (0, 1, True)
