"""node's oidc-provider signs a citizen in: code flow, PKCE, userinfo, and everything sealed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.test import Client
from pytest_django import Settings

from citizens.models import Citizen, User
from portal.web.vneid import discovery
from portal.web.vneid.config import IdentityProvider
from portal.web.vneid.refusals import Refusal
from tests.accounts.conftest import PIN, sent
from tests.accounts.test_vneid import BACK, assert_refused, who
from tests.peers.real_openid import RealOpenId, require_openid

pytestmark = [pytest.mark.django_db, pytest.mark.allow_hosts(["127.0.0.1"])]
_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def node() -> Iterator[RealOpenId]:
    require_openid()
    public = json.loads(jwt.get_algorithm_by_name("RS256").to_jwk(_KEY.public_key()))
    people = {
        "tam": {"citizenPid": PIN, "accountLevel": "2"},
        "moi": {"citizenPid": PIN, "accountLevel": "1"},
    }
    with RealOpenId(
        redirect="http://testserver/accounts/vneid/callback/",
        people=people,
        seal={name: public[name] for name in ("kty", "n", "e")} | {"kid": "ours", "use": "enc"},
    ) as provider:
        yield provider


@pytest.fixture
def plain(node: RealOpenId, settings: Settings) -> IdentityProvider:
    discovery.forget()
    known = IdentityProvider(node.issuer, "portal", "secret-of-portal")
    settings.OIDC = known
    return known


def come_back(client: Client, node: RealOpenId, subject: str = "tam") -> str:
    """Return the address of the way back, confirmed there."""
    return f"{BACK}?{node.confirmed(sent(client), subject=subject)}"


def test_a_citizen_signs_in(
    client: Client, node: RealOpenId, plain: IdentityProvider, citizen: Citizen
) -> None:
    answer = client.get(come_back(client, node))

    user = who(client)
    account = SocialAccount.objects.get()
    assert answer.status_code == 302
    assert user is not None
    assert user.citizen == citizen
    assert (account.provider, account.uid) == (node.issuer, "tam")


def test_a_citizen_signs_in_by_answers_that_come_sealed(
    client: Client, node: RealOpenId, citizen: Citizen, settings: Settings
) -> None:
    discovery.forget()
    pem = _KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    envelope = "portal.web.vneid.envelopes.Jwe"
    settings.OIDC = IdentityProvider(
        node.issuer, "sealed", "secret-of-sealed", envelope=envelope, decryption_key=pem
    )

    client.get(come_back(client, node))

    user = who(client)
    assert user is not None
    assert user.citizen == citizen


def test_sealed_answers_need_the_right_key(
    client: Client, node: RealOpenId, citizen: Citizen, settings: Settings
) -> None:
    discovery.forget()
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    for envelope in ("Jwe", "Plain"):
        settings.OIDC = IdentityProvider(
            node.issuer,
            "sealed",
            "secret-of-sealed",
            envelope=f"portal.web.vneid.envelopes.{envelope}",
            decryption_key=pem,
        )
        assert_refused(client, client.get(come_back(client, node)), Refusal.SEALED)


def test_a_code_is_used_once(
    client: Client, node: RealOpenId, plain: IdentityProvider, citizen: Citizen
) -> None:
    way = come_back(client, node)
    client.get(way)
    thief = Client()
    code = parse_qs(urlsplit(way).query)["code"][0]
    state = parse_qs(urlsplit(sent(thief)).query)["state"][0]

    answer = thief.get(BACK, {"code": code, "state": state})

    assert_refused(thief, answer, Refusal.CODE)


def test_a_code_that_was_stolen_before_its_use_opens_nothing(
    client: Client, node: RealOpenId, plain: IdentityProvider, citizen: Citizen
) -> None:
    """The thief's proof key is not the one that the code was given for."""
    code = parse_qs(urlsplit(come_back(client, node)).query)["code"][0]
    thief = Client()
    state = parse_qs(urlsplit(sent(thief)).query)["state"][0]

    answer = thief.get(BACK, {"code": code, "state": state})

    assert_refused(thief, answer, Refusal.CODE)


def test_a_wrong_secret_of_ours(
    client: Client, node: RealOpenId, citizen: Citizen, settings: Settings
) -> None:
    discovery.forget()
    settings.OIDC = IdentityProvider(node.issuer, "portal", "another")

    assert_refused(client, client.get(come_back(client, node)), Refusal.UNREACHABLE)


def test_a_person_of_level_one(
    client: Client, node: RealOpenId, plain: IdentityProvider, citizen: Citizen
) -> None:
    assert_refused(client, client.get(come_back(client, node, "moi")), Refusal.LEVEL)
    assert not User.objects.exists()


@pytest.mark.parametrize("algorithm", ["PS256", "ES256"])
def test_an_algorithm_that_the_operator_did_not_allow(
    client: Client, node: RealOpenId, citizen: Citizen, settings: Settings, algorithm: str
) -> None:
    discovery.forget()
    settings.OIDC = IdentityProvider(
        node.issuer, "portal", "secret-of-portal", algorithms=(algorithm,)
    )

    assert_refused(client, client.get(come_back(client, node)), Refusal.ALGORITHM)
