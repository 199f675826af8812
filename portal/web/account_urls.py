"""Sign-in and what belongs to an account: of allauth's pages only those that are meant.

Left out: its pages for e-mail addresses and for connecting identities (a citizen's address is the
register's, an official's the administrator's; an identity is bound by its proved number alone), and
passwords by e-mail: the administrator gives a new one (docs/operations.md).
"""

from __future__ import annotations

from allauth.account.urls import urlpatterns as of_accounts
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from portal.web.views import app_tokens, sessions
from portal.web.vneid import views as vneid

KEPT = (
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",  # says that there is none
    "account_reauthenticate",
    "account_change_password",
)

urlpatterns: list[URLPattern | URLResolver] = [
    *(pattern for pattern in of_accounts if pattern.name in KEPT),
    # Whoever came by VNeID has no password, and gets none.
    path(
        "password/set/",
        RedirectView.as_view(pattern_name="usersessions_list"),
        name="account_set_password",
    ),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", sessions.sessions, name="usersessions_list"),
    path("apps/authorize", app_tokens.authorize, name="app_authorize"),
    path("apps/token", app_tokens.token, name="app_token"),
    path("apps/revoke", app_tokens.revoke, name="app_revoke"),
    path("stay/", sessions.stay, name="account_stay"),
    path("vneid/", vneid.leave, name="vneid_login"),
    path("vneid/callback/", vneid.callback, name="vneid_callback"),
]
