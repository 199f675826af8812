"""Sign-in by VNeID: who comes in, by which account, and every way in which nobody does (F47)."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.utils import translation
from pytest_django import Settings
from structlog.testing import capture_logs

from citizens.models import Citizen, User
from portal.common import clock
from portal.web.vneid.refusals import WORDS, Refusal
from tests.accounts.conftest import PIN, sent
from tests.factories.citizens import CitizenFactory, OfficialFactory, UserFactory
from tests.peers import openid
from tests.peers.openid import OpenIdPeer, with_claims
from tests.peers.web_peer import Mood

pytestmark = [pytest.mark.django_db, pytest.mark.allow_hosts(["127.0.0.1"])]
BACK = "/accounts/vneid/callback/"


def signed_in(client: Client, peer: OpenIdPeer, **form: str) -> Any:
    """Go the whole way, confirmed by the person."""
    query = peer.confirmed(sent(client, **form))
    return client.get(f"{BACK}?{query}")


def who(client: Client) -> User | None:
    """Return whose session the client holds."""
    key = client.session.get("_auth_user_id")
    return User.objects.get(pk=key) if key else None


def assert_refused(client: Client, answer: Any, reason: Refusal) -> None:
    """Nobody is signed in, and the page says why, in the language of the reader."""
    what, then = WORDS[reason]
    with translation.override(answer.wsgi_request.LANGUAGE_CODE):
        for words in (str(what), str(then)):
            assert words.replace("'", "&#x27;") in answer.content.decode()
    assert answer.status_code == 403
    assert who(client) is None


def test_a_citizen_comes_in_and_has_an_account(
    client: Client, peer: OpenIdPeer, citizen: Citizen
) -> None:
    answer = signed_in(client, peer, next="/my/papers/")

    user = User.objects.get()
    account = SocialAccount.objects.get()
    assert answer["Location"] == "/my/papers/"
    assert who(client) == user
    assert (user.citizen, user.display_name) == (citizen, "Nguyễn Thị Tâm")
    assert not user.has_usable_password()
    assert (account.provider, account.uid, account.user) == (peer.origin, "vneid-7", user)
    assert account.extra_data == {}
    assert PIN not in user.username


def test_the_second_time_it_is_the_same_account(
    client: Client, peer: OpenIdPeer, citizen: Citizen
) -> None:
    signed_in(client, peer)
    again = Client()

    signed_in(again, peer)

    assert who(again) == who(client)
    assert User.objects.count() == SocialAccount.objects.count() == 1


def test_an_account_of_the_person_is_used(
    client: Client, peer: OpenIdPeer, citizen: Citizen
) -> None:
    own = UserFactory(citizen=citizen)

    signed_in(client, peer)

    assert who(client) == own


def test_what_is_asked_for(client: Client, peer: OpenIdPeer) -> None:
    address = urlsplit(sent(client))
    asked = {name: value for name, [value] in parse_qs(address.query).items()}

    assert asked["scope"] == "openid"
    assert asked["redirect_uri"] == "http://testserver/accounts/vneid/callback/"
    assert asked["code_challenge_method"] == "S256"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 16


def test_the_way_there_cannot_be_bent(client: Client, peer: OpenIdPeer) -> None:
    page = client.post(
        "/accounts/vneid/?auth_params=redirect_uri%3Dhttps://evil.example/%26nonce%3D1&scope=email"
        "&process=connect&next=https://evil.example/"
    )

    asked = parse_qs(urlsplit(page.context["address"]).query)
    [state] = client.session["socialaccount_states"].values()
    assert asked["redirect_uri"] == ["http://testserver/accounts/vneid/callback/"]
    assert asked["scope"] == ["openid"]
    assert asked["nonce"] != ["1"]
    assert state[0]["process"] == "login"
    assert "next" not in state[0]


def test_it_begins_with_a_press(client: Client, peer: OpenIdPeer) -> None:
    assert client.get("/accounts/vneid/")["Location"] == "/accounts/login/"
    assert "socialaccount_states" not in client.session


@pytest.mark.parametrize(
    ("sign", "reason"),
    [
        (with_claims(iss="https://other.example"), Refusal.ISSUER),
        (with_claims(aud="other"), Refusal.AUDIENCE),
        (with_claims(aud=[openid.CLIENT, "other"]), Refusal.AUDIENCE),
        (with_claims(azp="other"), Refusal.AUDIENCE),
        (with_claims(nonce="another"), Refusal.NONCE),
        (with_claims(nonce=None), Refusal.NONCE),
        (openid.unsigned, Refusal.ALGORITHM),
        (openid.with_the_public_key, Refusal.ALGORITHM),
        (openid.with_the_client_secret, Refusal.ALGORITHM),
        (openid.with_another_algorithm, Refusal.ALGORITHM),
        (openid.by_a_stranger, Refusal.SIGNATURE),
        (openid.under_an_unknown_name, Refusal.SIGNATURE),
        (with_claims(exp=int(clock.now().timestamp()) - 3600), Refusal.TIME),
        (with_claims(iat=int(clock.now().timestamp()) + 3600), Refusal.TIME),
        (with_claims(exp=None), Refusal.MALFORMED),
        (with_claims(sub=""), Refusal.MALFORMED),
        (with_claims(sub="x" * 192), Refusal.MALFORMED),
        (lambda _peer, _claims: "not.a.token", Refusal.MALFORMED),
        (lambda _peer, _claims: "a.b.c.d.e", Refusal.SEALED),
    ],
    ids=[
        *("issuer", "audience", "several audiences", "other party", "nonce", "no nonce"),
        *("none", "public key as secret", "client secret", "algorithm", "signature", "key"),
        *("expired", "of tomorrow", "without end", "no subject", "long subject", "no token"),
        "sealed",
    ],
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_token_with_one_flaw_lets_nobody_in(
    client: Client,
    peer: OpenIdPeer,
    citizen: Citizen,
    sign: openid.Signer,
    reason: Refusal,
    language: str,
) -> None:
    client.cookies["django_language"] = language
    peer.sign = sign

    with capture_logs() as logs:
        answer = signed_in(client, peer)

    assert_refused(client, answer, reason)
    assert not User.objects.exists()
    [line] = [line for line in logs if line["event"] == "sign_in_refused"]
    assert (line["reason"], line["issuer"], line["log_level"]) == (reason, peer.origin, "warning")
    assert PIN not in str(logs)


def test_a_code_is_used_once(client: Client, peer: OpenIdPeer, citizen: Citizen) -> None:
    code = parse_qs(peer.confirmed(sent(client)))["code"][0]
    signed_in(client, peer)
    thief = Client()
    state = parse_qs(urlsplit(sent(thief)).query)["state"][0]

    # Of the first attempt, and already used; and one that is still fresh but of another browser.
    used = thief.get(BACK, {"code": "used-already", "state": state})
    state = parse_qs(urlsplit(sent(thief)).query)["state"][0]
    stolen = thief.get(BACK, {"code": code, "state": state})

    assert_refused(thief, used, Refusal.CODE)
    assert_refused(thief, stolen, Refusal.CODE)


def test_the_way_back_is_gone_once(client: Client, peer: OpenIdPeer, citizen: Citizen) -> None:
    query = peer.confirmed(sent(client))
    client.get(f"{BACK}?{query}")
    client.post("/accounts/logout/")

    assert_refused(client, client.get(f"{BACK}?{query}"), Refusal.STATE)


def test_the_way_back_is_of_the_browser_that_began(peer: OpenIdPeer, citizen: Citizen) -> None:
    query = peer.confirmed(sent(Client()))
    other = Client()

    assert_refused(other, other.get(f"{BACK}?{query}"), Refusal.STATE)


def test_an_answer_in_the_name_of_another_provider(client: Client, peer: OpenIdPeer) -> None:
    query = peer.confirmed(sent(client)) + "&iss=https://other.example"

    assert_refused(client, client.get(f"{BACK}?{query}"), Refusal.ISSUER)


def test_who_cancels_is_told_so_calmly(client: Client, peer: OpenIdPeer) -> None:
    state = parse_qs(urlsplit(sent(client)).query)["state"][0]

    answer = client.get(BACK, {"error": "access_denied", "state": state})

    assert_refused(client, answer, Refusal.CANCELLED)
    assert "tone-late" not in answer.content.decode()


@pytest.mark.parametrize("mood", [Mood.BROKEN, Mood.LOCKED, Mood.DROP])
def test_a_provider_that_is_down(client: Client, peer: OpenIdPeer, mood: Mood) -> None:
    query = peer.confirmed(sent(client))
    peer.mood = mood

    answer = client.get(f"{BACK}?{query}")

    assert_refused(client, answer, Refusal.UNREACHABLE)


def test_a_provider_that_was_never_up(client: Client, peer: OpenIdPeer) -> None:
    peer.mood = Mood.BROKEN

    answer = client.post("/accounts/vneid/")

    assert_refused(client, answer, Refusal.UNREACHABLE)


def test_a_provider_that_calls_itself_otherwise(
    client: Client, peer: OpenIdPeer, settings: Settings
) -> None:
    settings.OIDC = peer.provider(issuer=f"{peer.origin}/")

    assert_refused(client, client.post("/accounts/vneid/"), Refusal.ISSUER)


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"sub": "somebody-else"}, Refusal.SUBJECT),
        ({"accountLevel": "1"}, Refusal.LEVEL),
        ({"accountLevel": None}, Refusal.LEVEL),
        ({"citizenPid": None}, Refusal.NO_NUMBER),
        ({"citizenPid": 999000000001}, Refusal.NO_NUMBER),
        ({"citizenPid": "99900000000１"}, Refusal.NO_NUMBER),
        ({"citizenPid": "999000000002"}, Refusal.UNKNOWN_PERSON),
    ],
)
def test_who_is_not_proved_does_not_come_in(
    client: Client, peer: OpenIdPeer, citizen: Citizen, told: openid.Claims, reason: Refusal
) -> None:
    peer.userinfo = told

    assert_refused(client, signed_in(client, peer), reason)
    assert not SocialAccount.objects.exists()


def test_neither_email_nor_phone_nor_name_finds_an_account(
    client: Client, peer: OpenIdPeer, citizen: Citizen
) -> None:
    other = UserFactory(citizen=CitizenFactory(full_name=citizen.full_name), email="tam@example.vn")
    OfficialFactory(user__email="tam@example.vn")
    peer.person |= {
        "email": "tam@example.vn",
        "email_verified": True,
        "phone_number": "+84500000001",
        "preferred_username": other.username,
    }

    signed_in(client, peer)

    user = who(client)
    assert user is not None
    assert user.citizen == citizen
    assert user.email == ""
    assert user != other


def test_an_identity_stays_with_its_person(
    client: Client, peer: OpenIdPeer, citizen: Citizen
) -> None:
    signed_in(client, peer)
    CitizenFactory(pin="999000000002")
    peer.person["citizenPid"] = "999000000002"
    other = Client()

    assert_refused(other, signed_in(other, peer), Refusal.OTHER_PERSON)


def test_a_person_has_one_identity_of_a_provider(
    client: Client, peer: OpenIdPeer, citizen: Citizen
) -> None:
    signed_in(client, peer)
    peer.person["sub"] = "vneid-8"
    other = Client()

    assert_refused(other, signed_in(other, peer), Refusal.OTHER_IDENTITY)


def test_the_same_subject_of_another_issuer_is_somebody_else(
    client: Client, peer: OpenIdPeer, citizen: Citizen, settings: Settings
) -> None:
    signed_in(client, peer)
    second = CitizenFactory(pin="999000000002")
    with OpenIdPeer() as elsewhere:
        settings.OIDC = elsewhere.provider()
        elsewhere.person["citizenPid"] = "999000000002"
        other = Client()
        signed_in(other, elsewhere)

    user = who(other)
    assert user is not None
    assert user.citizen == second


def test_who_was_signed_in_before_is_signed_out(
    client: Client, peer: OpenIdPeer, citizen: Citizen
) -> None:
    stranger = UserFactory(citizen=CitizenFactory())
    client.force_login(stranger, backend="django.contrib.auth.backends.ModelBackend")
    before = client.session.session_key

    signed_in(client, peer)

    user = who(client)
    assert user is not None
    assert user.citizen == citizen
    assert client.session.session_key != before
    assert not SocialAccount.objects.filter(user=stranger).exists()


def test_the_account_of_the_dead_stays_closed(
    client: Client, peer: OpenIdPeer, citizen: Citizen
) -> None:
    Citizen.objects.filter(pk=citizen.pk).update(died_on=clock.today())

    answer = signed_in(client, peer)

    assert answer["Location"] == "/accounts/inactive/"
    assert who(client) is None
    assert not User.objects.exists()


def test_an_account_that_was_switched_off_stays_off(
    client: Client, peer: OpenIdPeer, citizen: Citizen
) -> None:
    UserFactory(citizen=citizen, is_active=False)

    answer = signed_in(client, peer)

    assert answer["Location"] == "/accounts/inactive/"
    assert who(client) is None


def test_who_has_a_second_step_is_asked_for_it_here_too(
    client: Client, peer: OpenIdPeer, citizen: Citizen
) -> None:
    user = UserFactory(citizen=citizen)
    Authenticator.objects.create(
        user=user, type=Authenticator.Type.TOTP, data={"secret": get_adapter().encrypt("A" * 32)}
    )

    answer = signed_in(client, peer)

    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert who(client) is None


def test_without_a_provider_there_is_no_such_page(client: Client) -> None:
    assert client.post("/accounts/vneid/").status_code == 404
    assert client.get(BACK).status_code == 404
    assert "VNeID" not in client.get("/accounts/login/").content.decode()


def test_the_sign_in_page_offers_it(client: Client, peer: OpenIdPeer) -> None:
    assert "Đăng nhập bằng VNeID" in client.get("/accounts/login/").content.decode()
