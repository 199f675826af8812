"""Web push against an endpoint that decrypts: what a browser gets, and whom the portal calls."""

from __future__ import annotations

import base64
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from asgiref.sync import async_to_sync
from pytest_django import Settings

from citizens.enums import ContactChannel
from citizens.models import ContactPoint
from notifications.rules.push import Subscription, SubscriptionError, is_endpoint
from notifications.transports.base import Acceptance, Content, TransportError
from notifications.transports.push import OutsideOnly, WebPush, browser_key, is_outside
from tests.factories.citizens import CitizenFactory, ContactPointFactory
from tests.peers.push_service import HOST, PushService, open_push_service

pytestmark = [pytest.mark.django_db, pytest.mark.allow_hosts(["127.0.0.1"])]

KEY = base64.urlsafe_b64encode(b"k" * 32).rstrip(b"=").decode()
OLD_KEY = base64.urlsafe_b64encode(b"o" * 32).rstrip(b"=").decode()
HOSTS = ("fcm.googleapis.com", "*.push.apple.com")
REFERENCE = "a" * 32
NOTICE = Content(body="Giay phep lai xe co han den 20/01/2027. Ma ABCD-EFGH")


def with_service(work: Callable[[PushService, WebPush], Awaitable[Any]]) -> Any:
    async def in_loop() -> Any:
        async with open_push_service() as service:
            transport = WebPush(KEY, hosts=HOSTS, client=service.client())
            try:
                return await work(service, transport)
            finally:
                await transport.aclose()

    return async_to_sync(in_loop)()


async def send(transport: WebPush, subscription: str) -> Acceptance | TransportError:
    address = Subscription.read(subscription).value
    try:
        return await transport.send(address=address, content=NOTICE, reference=REFERENCE)
    except TransportError as error:
        return error


def test_only_the_browser_can_open_the_notice() -> None:
    async def work(service: PushService, transport: WebPush) -> None:
        assert isinstance(await send(transport, service.subscription()), Acceptance)
        assert service.notices == [
            {
                "title": "Cổng dịch vụ công chủ động",
                "body": NOTICE.body,
                "lang": "vi",
                "tag": REFERENCE,
                "url": "/my/inbox/",
            }
        ]
        (headers,), (signer,) = service.asked, service.signers
        assert headers["Content-Encoding"] == "aes128gcm"
        assert (headers["Topic"], headers["TTL"]) == (REFERENCE, "86400")
        assert (signer["aud"], signer["key"]) == (f"https://{HOST}", browser_key(KEY))
        assert signer["verified"]

    with_service(work)


@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_ended_is_closed_and_the_message_goes_on(status: int) -> None:
    subscription = PushService().subscription()
    value = Subscription.read(subscription).value
    citizen = CitizenFactory()
    ContactPointFactory(party=citizen.party, channel=ContactChannel.PUSH, value=value)
    phone = ContactPointFactory(party=citizen.party)

    async def ended(service: PushService, transport: WebPush) -> Any:
        service.status = status
        return await send(transport, subscription)

    error = with_service(ended)

    assert (str(error), error.permanent) == ("the subscription has ended", True)
    trusted = ContactPoint.objects.filter(party=citizen.party, verified_at__isnull=False)
    assert [point.pk for point in trusted] == [phone.pk]


def test_a_subscription_under_an_older_key_is_closed_unasked() -> None:
    found = Subscription.read(PushService().subscription())
    value = replace(found, under=browser_key(OLD_KEY)).value
    point = ContactPointFactory(channel=ContactChannel.PUSH, value=value)

    async def work(service: PushService, transport: WebPush) -> Any:
        return await send(transport, value), len(service.asked)

    error, asked = with_service(work)

    assert (error.permanent, asked) == (True, 0)
    assert ContactPoint.objects.filter(pk=point.pk, verified_at=None).exists()


@pytest.mark.parametrize(
    ("status", "permanent", "uncertain", "wait"),
    [
        (429, False, False, 7),
        (503, False, False, 7),
        (500, False, False, None),
        (502, False, True, None),
        (403, False, False, None),  # our key, not this notice
        (413, True, False, None),
        (302, False, False, None),  # and nobody follows it
    ],
)
def test_what_an_answer_means(
    status: int, permanent: bool, uncertain: bool, wait: int | None
) -> None:
    async def work(service: PushService, transport: WebPush) -> Any:
        service.status = status
        service.headers = {"Location": "https://127.0.0.1/"}
        if wait:
            service.headers["Retry-After"] = str(wait)
        error = await send(transport, service.subscription())
        return error, len(service.asked)

    error, asked = with_service(work)

    assert (error.permanent, error.uncertain) == (permanent, uncertain)
    assert (error.retry_after.total_seconds() if error.retry_after else None) == wait
    assert asked == 1
    assert HOST not in str(error)


# ------------------------------------------------------------------- whom the portal calls (F42)
@pytest.mark.parametrize(
    ("address", "known"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc:DEF", True),
        ("https://fcm.googleapis.com:443/x", True),
        ("https://web.push.apple.com/QGl", True),
        ("https://push.apple.com/QGl", False),
        ("https://evilpush.apple.com.example.org/", False),
        ("http://fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com:8443/x", False),
        ("https://fcm.googleapis.com@127.0.0.1/x", False),
        ("https://user:pw@fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com\\@127.0.0.1/x", False),
        ("https://fcm.googleapis.com#@127.0.0.1/", False),
        ("https://FCM.googleapis.com/x", False),
        ("https://fcm.googleapis.com./x", False),
        ("https://127.0.0.1/x", False),
        ("https://2130706433/x", False),
        ("https://[::ffff:127.0.0.1]/x", False),
        ("https://localhost/x", False),
        ("https://fcm.googleapis.com/x\r\nHost: inside", False),
        ("https://fcm.googleapis.com/" + "x" * 1000, False),
        ("file:///etc/passwd", False),
        ("demo:1234", False),
    ],
)
def test_only_known_services_by_https(address: str, known: bool) -> None:
    assert is_endpoint(address, hosts=HOSTS) is known


def test_an_endpoint_elsewhere_is_not_called(caplog: pytest.LogCaptureFixture) -> None:
    async def work(service: PushService, transport: WebPush) -> None:
        error = await send(transport, service.subscription(host="inside.example"))
        assert isinstance(error, TransportError)
        assert error.permanent
        assert service.asked == []

    with_service(work)


@pytest.mark.parametrize(
    ("address", "outside"),
    [
        ("142.250.66.10", True),
        ("2404:6800:4003:c04::5f", True),
        ("127.0.0.1", False),
        ("10.0.0.7", False),
        ("172.16.3.4", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:7f00:1::1", False),  # 6to4 of 127.0.0.1
    ],
)
def test_what_lies_inside(address: str, outside: bool) -> None:
    assert is_outside(address) is outside


def test_a_name_that_leads_inside_is_not_opened(settings: Settings) -> None:
    """`localhost` stands for a name whose owner points it at us."""

    async def work() -> None:
        async with aiohttp.TCPConnector(resolver=OutsideOnly()) as connector:
            session = aiohttp.ClientSession(connector=connector)
            async with session:
                with pytest.raises(aiohttp.ClientConnectorError):
                    await session.post("http://localhost:1/")

    async_to_sync(work)()


@pytest.mark.parametrize(
    "changes",
    [
        {"p256dh": "AAAA"},
        {"p256dh": ""},
        {"p256dh": base64.urlsafe_b64encode(b"\x04" + b"\x01" * 64).decode()},  # not on the curve
        {"auth": "AAAA"},
        {"auth": "no base64!"},
    ],
)
def test_keys_that_are_none_are_refused(changes: dict[str, str]) -> None:
    found = json.loads(PushService().subscription())
    found["keys"] |= changes

    with pytest.raises(SubscriptionError):
        Subscription.read(json.dumps(found)).check(hosts=HOSTS)


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"endpoint": "https://x"}', "{"])
def test_what_is_no_subscription_is_refused(text: str) -> None:
    with pytest.raises(SubscriptionError):
        Subscription.read(text)


@pytest.mark.parametrize("key", ["geheim", "", "a" * 42, "a" * 43 + "!", "demo"])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        WebPush(key, hosts=HOSTS)
