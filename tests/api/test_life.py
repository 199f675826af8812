"""Coming dates, choices and devices by API: one's own, stated once, obeyed at once."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import Settings

from citizens.models import Consent, ContactPoint
from notifications.models import Preference
from notifications.transports.push import browser_key
from tests.api.test_citizens import API, problem
from tests.api.test_writes import post
from tests.peers.push_service import PushService
from tests.web.scene import DUE, Scene, badges, stranger
from tests.web.test_devices import KEY

CHOICES = f"{API}/preferences"


class TestCalendar:
    def test_what_runs_out_is_told_with_what_waits_for_it(self, scene: Scene) -> None:
        badges(scene.lan, 1)

        dates = scene.client.get(f"{API}/calendar").json()["dates"]

        assert [one["due_on"] for one in dates] == sorted(one["due_on"] for one in dates)
        licence = next(one for one in dates if one["due_on"] == DUE.isoformat())
        assert licence["about"] == str(scene.lan.party.public_id)
        assert licence["suggestion"] == str(scene.suggestion.public_id)
        assert licence["credential"] == str(scene.licence.public_id)
        assert licence["kind"] == "credential_expiry"

    def test_it_is_nobody_elses(self, scene: Scene) -> None:
        assert stranger()[1].get(f"{API}/calendar").json() == {"dates": []}


class TestChoices:
    def state(self, scene: Scene, **body: Any) -> Any:
        return post(scene.client, CHOICES, {"purpose": "service_offers", **body})

    def test_offers_stop_at_once_and_come_again(self, scene: Scene) -> None:
        (said,) = self.state(scene, is_given=False).json()["choices"]
        assert (said["purpose"], said["is_given"]) == ("service_offers", False)
        assert Preference.objects.get(party=scene.lan.party).is_allowed is False

        self.state(scene, is_given=True)
        assert not Preference.objects.exists()
        assert scene.client.get(CHOICES).json()["choices"][0]["is_given"]

    def test_what_holds_already_is_no_further_statement(self, scene: Scene) -> None:
        for _time in range(2):
            assert self.state(scene, is_given=False).status_code == 200

        assert Consent.objects.filter(citizen=scene.lan).count() == 1

    def test_one_channel_alone(self, scene: Scene) -> None:
        (said,) = self.state(scene, is_given=False, channel="sms").json()["choices"]

        assert (said["channel"], said["is_given"]) == ("sms", False)

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ({"is_given": False, "channel": "zalo"}, 422),
            ({"is_given": False, "purpose": "research", "channel": "sms"}, 422),
            ({"is_given": False, "purpose": "advertising"}, 400),
            ({"is_given": 0}, 400),
            ({}, 400),
        ],
    )
    def test_nonsense_is_refused(self, scene: Scene, body: dict[str, Any], status: int) -> None:
        problem(self.state(scene, **body), status)
        assert not Consent.objects.exists()


class TestDevices:
    @pytest.fixture(autouse=True)
    def _with_key(self, settings: Settings) -> None:
        settings.PUSH_VAPID_KEY = KEY

    def test_a_device_is_turned_on_and_off(self, scene: Scene) -> None:
        address = f"{API}/devices"
        assert scene.client.get(address).json() == {"key": browser_key(KEY), "devices": []}
        subscription = {"subscription": PushService().subscription()}

        first = post(scene.client, address, subscription).json()
        assert post(scene.client, address, subscription).json() == first
        assert scene.client.get(address).json() == first

        (device,) = first["devices"]
        problem(stranger()[1].delete(f"{address}/{device['id']}"), 404)
        assert scene.client.delete(f"{address}/{device['id']}").json() == {}
        problem(scene.client.delete(f"{address}/{device['id']}"), 404)
        assert scene.client.get(address).json()["devices"] == []

    @pytest.mark.parametrize("said", ["", "{}", '{"endpoint": "https://evil.example/x"}'])
    def test_what_leads_elsewhere_is_refused(self, scene: Scene, said: str) -> None:
        problem(post(scene.client, f"{API}/devices", {"subscription": said}), 422)
        assert not ContactPoint.objects.filter(channel="push").exists()
