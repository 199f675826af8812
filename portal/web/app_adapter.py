"""What allauth's provider asks of this portal: how what an app may is told to people."""

from __future__ import annotations

from allauth.idp.oidc.adapter import DefaultOIDCAdapter

from citizens.selectors.apps import SCOPES


class AppAdapter(DefaultOIDCAdapter):
    """The provider's, with the words of our rooms."""

    scope_display = dict(SCOPES)
