"""Browser notices: who may turn which device on and off, and what a browser is given for it."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import replace

import pytest
from django.test import Client
from pytest_django import Settings

from citizens.models import ContactPoint
from notifications.dispatch import Dispatcher
from notifications.rules.push import Subscription
from notifications.services import add_device
from notifications.transports.push import browser_key
from notifications.transports.registry import open_transports
from portal.common.errors import RefusedError
from portal.web.demo_phones import url_id
from tests.factories.citizens import CitizenFactory
from tests.factories.notifications import MessageFactory
from tests.peers.push_service import PushService
from tests.web.scene import PHONE, Scene, stranger

KEY = base64.urlsafe_b64encode(b"k" * 32).rstrip(b"=").decode()
ON = "/my/choices/devices/"
PAGE = "/my/choices/"


@pytest.fixture(autouse=True)
def _with_key(settings: Settings) -> None:
    settings.PUSH_VAPID_KEY = KEY


def turn_on(client: Client, subscription: str) -> str:
    response = client.post(ON, {"subscription": subscription}, follow=True)
    assert response.redirect_chain == [(PAGE, 302)]
    return response.content.decode()


def devices() -> list[ContactPoint]:
    return list(ContactPoint.objects.filter(channel="push").order_by("pk"))


def test_a_device_is_turned_on_and_off(scene: Scene) -> None:
    subscription = PushService().subscription()
    assert f'data-push-key="{browser_key(KEY)}"' in scene.client.get(PAGE).content.decode()

    html = turn_on(scene.client, subscription)
    turn_on(scene.client, subscription)

    (device,) = devices()
    assert device.party == scene.lan.party
    assert device.verified_at is not None
    expected = replace(Subscription.read(subscription), under=browser_key(KEY))
    assert Subscription.read(device.value) == expected
    assert "Thiết bị này nhận thông báo" in html
    off = f"{ON}{device.public_id}/off/"
    assert off in scene.client.get(PAGE).content.decode()
    assert scene.client.post(off).status_code == 302
    assert off not in scene.client.get(PAGE).content.decode()
    assert [device.verified_at for device in devices()] == [None]
    assert scene.client.post(off).status_code == 404


def test_nobody_turns_off_a_device_of_others(scene: Scene) -> None:
    turn_on(scene.client, PushService().subscription())
    (device,) = devices()
    _citizen, client = stranger()

    assert client.post(f"{ON}{device.public_id}/off/").status_code == 404

    device.refresh_from_db()
    assert device.verified_at is not None


def test_the_forms_are_guarded(scene: Scene) -> None:
    guarded = Client(enforce_csrf_checks=True)
    guarded.force_login(scene.user, backend="django.contrib.auth.backends.ModelBackend")

    assert guarded.post(ON, {"subscription": PushService().subscription()}).status_code == 403
    assert scene.client.get(ON).status_code == 405
    assert devices() == []
    html = guarded.get(PAGE).content.decode()
    token = re.findall(r'action="/my/choices/devices/"[^>]*><input[^>]*value="(\w+)"', html)
    form = {"subscription": PushService().subscription(), "csrfmiddlewaretoken": token}
    assert guarded.post(ON, form).status_code == 302
    assert len(devices()) == 1


@pytest.mark.parametrize(
    "subscription",
    [
        "",
        "{}",
        PushService().subscription(host="127.0.0.1"),
        PushService().subscription(host="metadata.internal"),
        PushService().subscription().replace("https:", "http:"),
        json.dumps({"endpoint": "demo:1", "keys": {"p256dh": "", "auth": ""}}),
    ],
)
def test_what_no_known_push_service_gave_is_not_kept(scene: Scene, subscription: str) -> None:
    html = turn_on(scene.client, subscription)

    assert "không phải dịch vụ mà Cổng biết" in html
    assert devices() == []


def test_a_device_of_several_people_hears_neutral_words(scene: Scene) -> None:
    subscription = PushService().subscription()
    turn_on(scene.client, subscription)
    assert [device.shared for device in devices()] == [False]
    _citizen, client = stranger()

    turn_on(client, subscription)

    assert [device.shared for device in devices()] == [True, True]


def test_ten_devices_are_enough(db: None) -> None:
    party = CitizenFactory().party
    for number in range(10):
        add_device(party=party, subscription=PushService().subscription(path=f"/{number}"))

    with pytest.raises(RefusedError, match="Đã bật mười thiết bị"):
        add_device(party=party, subscription=PushService().subscription(path="/one-more"))


def test_without_a_key_nothing_is_offered(scene: Scene, settings: Settings) -> None:
    settings.PUSH_VAPID_KEY = ""

    assert "Thông báo trên thiết bị này" not in scene.client.get(PAGE).content.decode()
    assert "hiện không gửi thông báo" in turn_on(scene.client, PushService().subscription())


def test_the_trial_turns_on_a_simulated_device_without_script(
    scene: Scene, settings: Settings
) -> None:
    settings.PUSH_VAPID_KEY = "demo:"

    html = scene.client.get(PAGE).content.decode()
    assert "MÔ PHỎNG" in html
    assert "data-push-key" not in html
    turn_on(scene.client, "")

    assert Subscription.read(devices()[0].value).endpoint.startswith("demo:")


def test_the_trials_browser_notices_lie_on_the_demo_phone(scene: Scene, settings: Settings) -> None:
    settings.PUSH_VAPID_KEY = "demo:"
    turn_on(scene.client, "")
    MessageFactory(recipient=scene.lan.party)

    Dispatcher(open_transports()).run(until_empty=True)

    html = scene.client.get(f"/demo/phones/{url_id(PHONE)}/").content.decode()
    assert html.count('class="bubble bubble--push"') == 1
    assert "MÔ PHỎNG" in html
