"""What the official of a request may do with a dossier: asked once, though many parts show it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django.http import HttpRequest

from citizens.models import User
from dossiers.enums import Action, Status
from dossiers.models import Dossier
from dossiers.selectors import Hands, Offer, hands_of, hands_of_all, offers_to
from dossiers.workflow import TABLE
from portal.common import clock
from portal.office.presses import Press, presses_for

_KEPT = "_hands_of_dossiers"


def hands_here(request: HttpRequest, dossier: Dossier) -> Hands:
    """Return the hands of the request's official; kept until the dossier is moved."""
    kept: dict[tuple[int, int], Hands] = request.__dict__.setdefault(_KEPT, {})
    key = dossier.pk, dossier.version
    if key not in kept:
        user = cast(User, request.user)
        kept[key] = hands_of(dossier=dossier, user=user, day=clock.today())
    return kept[key]


def read_hands(request: HttpRequest, dossiers: Sequence[Dossier]) -> None:
    """Read what `hands_here` tells of many dossiers, by a number of queries that stays the same."""
    user = cast(User, request.user)
    found = hands_of_all(dossiers=dossiers, user=user, day=clock.today())
    kept: dict[tuple[int, int], Hands] = request.__dict__.setdefault(_KEPT, {})
    kept.update({(one.pk, one.version): found[one.pk] for one in dossiers})


def offers_here(request: HttpRequest, dossier: Dossier) -> list[Offer]:
    """Return the steps that the request's official may take."""
    return offers_to(hands_here(request, dossier), dossier=dossier)


def presses_here(request: HttpRequest, dossier: Dossier) -> list[Press]:
    """Return the buttons that the request's official has for the dossier as it is now."""
    offers = offers_here(request, dossier)
    may_start = False
    if any(offer.action is Action.RECEIVE for offer in offers):
        follows = TABLE[Status.RECEIVED, Action.START_PROCESSING]
        may_start = hands_here(request, dossier).acting(follows) is not None
    return presses_for(offers, may_start=may_start)
