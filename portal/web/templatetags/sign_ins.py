"""What the sign-in page offers: VNeID where it is set, and the accounts of a trial."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.conf import settings

from portal.demo.accounts import demo_sign_ins
from portal.web.presenters.language import either

register = template.Library()


@register.simple_tag
def vneid_is_offered() -> bool:
    """Return whether citizens may sign in by VNeID."""
    return settings.OIDC is not None


@register.simple_tag(takes_context=True)
def second_step_is_demanded(context: Mapping[str, Any]) -> bool:
    """Return whether whoever reads this needs a second step to do their work."""
    return settings.OFFICE_REQUIRES_MFA and context["user"].is_staff


@register.simple_tag
def trial_accounts() -> list[dict[str, str]]:
    """Return the accounts with label, description, login and password; none outside a trial."""
    if settings.SETTINGS_MODULE != "portal.settings.demo":
        return []
    accounts = []
    for sign_in in demo_sign_ins():
        name, _comma, story = either(sign_in.who_vi, sign_in.who_en).partition(", ")
        accounts.append(
            {
                "label": name,
                "description": story[:1].upper() + story[1:],
                "login": sign_in.username,
                "password": sign_in.password,
            }
        )
    return accounts
