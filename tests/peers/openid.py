"""An OpenID provider made for tests (MÔ PHỎNG), honest or with one chosen flaw.

Its pages are not driven: `confirmed` says what the browser of a person who agreed brings back.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from portal.common import clock
from portal.web.vneid.config import IdentityProvider
from tests.peers.web_peer import WebPeer

Claims = dict[str, Any]
Signer = Callable[["OpenIdPeer", Claims], str]
CLIENT, SECRET = "cong-dich-vu", "bi-mat-thu-nghiem"
_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
_STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def honest(_peer: OpenIdPeer, claims: Claims) -> str:
    """Sign as the provider does."""
    return jwt.encode(claims, _KEY, "RS256", headers={"kid": "one"})


def with_claims(**changed: Any) -> Signer:
    """Sign, with other claims; None leaves one out."""

    def sign(peer: OpenIdPeer, claims: Claims) -> str:
        told = claims | changed
        return honest(peer, {name: value for name, value in told.items() if value is not None})

    return sign


def by_a_stranger(_peer: OpenIdPeer, claims: Claims) -> str:
    """Sign with a key of somebody else, under the name of the provider's."""
    return jwt.encode(claims, _STRANGER, "RS256", headers={"kid": "one"})


def under_an_unknown_name(_peer: OpenIdPeer, claims: Claims) -> str:
    """Sign with a key that was never published."""
    return jwt.encode(claims, _STRANGER, "RS256", headers={"kid": "two"})


def unsigned(_peer: OpenIdPeer, claims: Claims) -> str:
    """Sign nothing: the algorithm `none`."""
    return jwt.encode(claims, "", "none", headers={"kid": "one"})


def with_the_public_key(_peer: OpenIdPeer, claims: Claims) -> str:
    """Sign by HS256, with what everybody knows as the secret."""
    known = _KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return by_secret(claims, known)


def with_the_client_secret(_peer: OpenIdPeer, claims: Claims) -> str:
    """Sign by HS256, with the secret that the client knows too."""
    return by_secret(claims, SECRET.encode())


def with_another_algorithm(_peer: OpenIdPeer, claims: Claims) -> str:
    """Sign by an algorithm that the operator did not allow."""
    return jwt.encode(claims, _KEY, "RS512", headers={"kid": "one"})


def by_secret(claims: Claims, secret: bytes) -> str:
    """Return a token of HS256; by hand, as the library refuses to take a public key for it."""
    head = _encoded(json.dumps({"alg": "HS256", "typ": "JWT", "kid": "one"}).encode())
    body = f"{head}.{_encoded(json.dumps(claims).encode())}"
    algorithm = jwt.get_algorithm_by_name("HS256")
    tag = algorithm.sign(body.encode(), secret)
    return f"{body}.{_encoded(tag)}"


class OpenIdPeer(WebPeer):
    """Serves discovery, keys, tokens and userinfo; `sign` makes its ID tokens."""

    def __init__(self) -> None:
        """Be honest, and know one person."""
        super().__init__()
        self.sign: Signer = honest
        self.person: Claims = {"sub": "vneid-7", "citizenPid": "999000000001", "accountLevel": "2"}
        self.userinfo: Claims = {}  # what differs there
        self._codes: dict[str, Claims] = {}

    def provider(self, **other: Any) -> IdentityProvider:
        """Return what an operator would set for it."""
        told: Claims = {"issuer": self.origin, "client_id": CLIENT, "client_secret": SECRET}
        return IdentityProvider(**told | other)

    def confirmed(self, address: str) -> str:
        """Return the query of the way back, for a person who was sent to `address` and agreed."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        code = token_urlsafe(16)
        self._codes[code] = asked
        return urlencode({"code": code, "state": asked["state"]})

    def routes(self) -> list[web.RouteDef]:
        """Return its four pages."""
        return [
            web.get("/.well-known/openid-configuration", self._discovery),
            web.get("/keys", self._keys),
            web.post("/token", self._token),
            web.get("/userinfo", self._userinfo),
        ]

    async def _discovery(self, _request: web.Request) -> web.Response:
        return web.json_response(
            {
                "issuer": self.origin,
                "authorization_endpoint": f"{self.origin}/authorize",
                "token_endpoint": f"{self.origin}/token",
                "userinfo_endpoint": f"{self.origin}/userinfo",
                "jwks_uri": f"{self.origin}/keys",
            }
        )

    async def _keys(self, _request: web.Request) -> web.Response:
        algorithm = jwt.get_algorithm_by_name("RS256")
        key = json.loads(algorithm.to_jwk(_KEY.public_key()))
        return web.json_response({"keys": [key | {"kid": "one", "use": "sig"}]})

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        asked = self._codes.pop(str(form["code"]), None)
        given = hashlib.sha256(str(form["code_verifier"]).encode()).digest()
        if asked is None or asked["code_challenge"] != _encoded(given):
            return web.json_response({"error": "invalid_grant"}, status=400)
        now = int(clock.now().timestamp())
        claims = {"iss": self.origin, "aud": CLIENT, "iat": now, "exp": now + 300}
        claims |= {"sub": self.person["sub"], "nonce": asked["nonce"]}
        token = self.sign(self, claims)
        return web.json_response({"access_token": "a", "token_type": "Bearer", "id_token": token})

    async def _userinfo(self, _request: web.Request) -> web.Response:
        return web.json_response(self.person | self.userinfo)


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
