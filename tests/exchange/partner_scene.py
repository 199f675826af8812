"""Short ways to exchange, and to read what came of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from dossiers.exchange.portal import NationalPortal
from dossiers.exchange.sending import exchange
from dossiers.models import Dossier, ExchangeLink, ExchangeRow
from dossiers.partners.address import NATIONAL_PORTAL, address_of

MINUTE = timedelta(minutes=1)
PARTNER = NATIONAL_PORTAL


def impatient(partner: str) -> NationalPortal:
    """Return a line that gives a silent partner up after half a second."""
    return NationalPortal(address_of(partner), seconds=0.5)


def tell(now: datetime) -> int:
    """Tell the partner what is due at `now`."""
    return exchange(now=now, lines=impatient)


def states(dossier: Dossier) -> list[tuple[str, str]]:
    """Return what is told of a dossier and where each row stands, in order."""
    rows = ExchangeRow.objects.filter(dossier=dossier).order_by("pk")
    return [(row.kind, row.state) for row in rows]


def code_there(dossier: Dossier) -> str:
    """Return the dossier's number at the partner."""
    return ExchangeLink.objects.get(partner=PARTNER, dossier=dossier).their_code
