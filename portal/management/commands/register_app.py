"""`manage.py register_app NAME --redirect URI`: an app that citizens may let act for them."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit

from allauth.idp.oidc.models import Client
from django.core.management.base import BaseCommand, CommandError

from citizens.selectors.apps import SCOPES

_OF_AN_APP = re.compile(r"[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+")  # vn.gov.example.app (RFC 8252)
_LOOPBACK = ("127.0.0.1", "::1")


class Command(BaseCommand):
    help = "Register an app; it keeps no secret and is known by the client_id that is printed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take its name, where it is led back to, and what it may ask for."""
        parser.add_argument("name", help="as people read it where they are asked")
        parser.add_argument("--redirect", required=True, action="append", metavar="URI")
        parser.add_argument("--scope", action="append", choices=list(SCOPES), metavar="SCOPE")

    def handle(self, *_args: Any, name: str, redirect: list[str], **options: Any) -> None:
        """Register it and print its client_id."""
        for address in redirect:
            if not _is_fit(address):
                raise CommandError(f"Neither https, 127.0.0.1 nor an app's own scheme: {address}")
        app = Client(name=name, type=Client.Type.PUBLIC)
        app.set_redirect_uris(redirect)
        app.set_scopes(options["scope"] or list(SCOPES))
        app.set_grant_types([Client.GrantType.AUTHORIZATION_CODE, Client.GrantType.REFRESH_TOKEN])
        app.full_clean()
        app.save()
        self.stdout.write(app.pk)


def _is_fit(address: str) -> bool:
    told = urlsplit(address)
    if told.fragment or "*" in address:
        return False
    if told.scheme in ("http", "https"):
        is_loopback = told.hostname in _LOOPBACK
        return bool(told.hostname) and (told.scheme == "https" or is_loopback)
    return bool(_OF_AN_APP.fullmatch(told.scheme))
