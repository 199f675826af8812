"""Asking a person for leave to file for them, and the end of it with what was begun."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from citizens.enums import HelperKind
from citizens.models import Citizen, HelpRequest
from citizens.services.helping import CODE_LIFE, end_help, open_help_request
from dossiers.models import Draft
from notifications.services import enqueue


@transaction.atomic
def ask_to_help(
    *,
    helper: Citizen,
    pin: str,
    kind: HelperKind,
    procedures: Sequence[str],
    days: int,
    now: datetime,
) -> HelpRequest:
    """Keep the request, and send the person a code by their own verified phone.

    The code is in no table but sealed in its message, and is wiped once sent. Errors are those of
    `open_help_request`; whether there is such a person is never told.
    """
    code = f"{secrets.randbelow(1_000_000):06d}"
    request = open_help_request(
        helper=helper,
        pin=pin,
        kind=kind,
        procedures=procedures,
        days=days,
        code=code,
        now=now,
    )
    if request.person is not None:
        enqueue(
            topic="help_code",
            recipient=request.person.party,
            params={"minutes": CODE_LIFE.seconds // 60},
            secret_params={"secret": code},
            dedupe_key=f"help:{request.pk}",
            due_at=now,
            not_after=request.expires_at,
        )
    return request


@transaction.atomic
def stop_help(*, request: HelpRequest, by: Citizen, now: datetime) -> None:
    """End the help at once; what the helper had begun and not filed is removed.

    Errors are those of `end_help`. What was filed goes on: it is the person's own dossier.
    """
    right = end_help(request=request, by=by, now=now)
    Draft.objects.filter(applicant=right.actor_id, owner=right.for_party_id).delete()
