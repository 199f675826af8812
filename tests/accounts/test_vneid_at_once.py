"""Two first sign-ins of one person at the same moment."""

from __future__ import annotations

import threading

import pytest
from allauth.socialaccount.models import SocialAccount
from django.db import connection
from django.test import Client

from citizens.models import User
from tests.accounts.conftest import PIN, sent
from tests.accounts.test_vneid import BACK
from tests.factories.citizens import CitizenFactory
from tests.peers.openid import OpenIdPeer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.allow_hosts(["127.0.0.1"])]


def test_two_first_sign_ins_at_once_make_one_account(peer: OpenIdPeer) -> None:
    CitizenFactory(pin=PIN)
    clients = [Client(), Client()]
    queries = [peer.confirmed(sent(client)) for client in clients]
    answers: list[int] = []

    def come_back(client: Client, query: str) -> None:
        try:
            answers.append(client.get(f"{BACK}?{query}").status_code)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=come_back, args=pair) for pair in zip(clients, queries, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert answers == [302, 302]
    assert User.objects.count() == SocialAccount.objects.count() == 1
