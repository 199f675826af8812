"""System checks of the whole: what no single room can see."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured

from dossiers.partners.address import address_of, partners
from dossiers.partners.mapping import MappingError, mapping_of
from dossiers.payments.gateways import account
from portal.reporting.selectors.lattice import cells
from portal.reporting.selectors.shapes import ShapesError, shapes_of


@register(Tags.database)
def guards_stay_in_the_database(**_kwargs: Any) -> list[CheckMessage]:
    """Sign-in limits and sessions must survive the loss of Redis (F5)."""
    found: list[CheckMessage] = []
    if "DatabaseCache" not in settings.CACHES["default"]["BACKEND"]:
        found.append(
            Error(
                "The default cache is not in the database.",
                hint="allauth counts attempts in it; Redis may be emptied at any time.",
                id="portal.E001",
            )
        )
    if settings.SESSION_ENGINE != "django.contrib.sessions.backends.db":
        found.append(Error("Sessions are not in the database.", id="portal.E002"))
    return found


@register()
def account_of_fees_is_whole(**_kwargs: Any) -> list[CheckMessage]:
    """A payer must not find out that PAYMENT_URL is mistyped."""
    try:
        account()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="portal.E004")]
    return []


@register()
def partners_can_be_told(**_kwargs: Any) -> list[CheckMessage]:
    """No dossier must find out that an address or a mapping is mistyped."""
    try:
        for partner in partners():
            address_of(partner)
            mapping_of(partner)
    except (ImproperlyConfigured, MappingError) as error:
        return [Error(str(error), id="portal.E005")]
    return []


@register(Tags.database)
def application_has_its_own_role(**_kwargs: Any) -> list[CheckMessage]:
    """The application must not work with the owner's rights: the log could be altered."""
    options = settings.APPLICATION_DATABASE["OPTIONS"].get("options", "")
    if "role=portal_app" in options and "statement_timeout" in options:
        return []
    return [
        Error("The application's connection lacks its role or its time limits.", id="portal.E003")
    ]


@register()
def borders_of_the_map_can_be_drawn(**_kwargs: Any) -> list[CheckMessage]:
    """An operator whose file of borders is wrong is told why; the map shows hexagons meanwhile."""
    if not settings.MAP_SHAPES:
        return []
    try:
        found = shapes_of(settings.MAP_SHAPES, settings.MAP_SHAPES_CODE).by_code
    except ShapesError as error:
        return [Warning(f"MAP_SHAPES: {error}", id="portal.W005")]
    known = cells()
    left_out = sorted(known.keys() - found.keys())
    if len(left_out) == len(known):
        hint = f"MAP_SHAPES_CODE={settings.MAP_SHAPES_CODE}; " + ", ".join(sorted(found)[:5])
        return [Warning("MAP_SHAPES: no code is that of a unit.", hint=hint, id="portal.W006")]
    if left_out:
        text = f"MAP_SHAPES: {len(left_out)} units have no border: {', '.join(left_out[:10])}"
        return [Warning(text, id="portal.W007")]
    return []
