"""A person's yes to a helper, by a code or a press of their own, and the end of it."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from citizens.enums import AuthorityBasis, HelperKind
from citizens.models import Authority, Citizen, HelpRequest
from citizens.selectors.kin import of_age_if_born_by
from portal.common import clock
from portal.common.crypto import keyed_index
from portal.common.errors import RefusedError

CODE_LIFE = timedelta(minutes=15)
MOST_TRIES, ASKED_A_DAY, HEARD_A_DAY = 5, 5, 3
TERMS = (1, 30, 365)
"""For how many days help may be given."""


@transaction.atomic
def open_help_request(
    *,
    helper: Citizen,
    pin: str,
    kind: HelperKind,
    procedures: Sequence[str],
    days: int,
    code: str,
    now: datetime,
) -> HelpRequest:
    """Keep and return a request; its `person` is set where somebody is to be asked.

    Nobody is asked who is unknown, dead, a minor, the helper, or was asked often today: the helper
    is told the same (F39). RefusedError for a helper who asked too often today, or is a minor.
    """
    day = clock.civil_date(now)
    Citizen.objects.select_for_update(of=("self",)).get(pk=helper.pk)
    if days not in TERMS:
        raise RefusedError(_("Please choose from the list for how long."))
    if helper.birth_date > of_age_if_born_by(day):
        raise RefusedError(_("Only adults help others to file."))
    since = now - timedelta(days=1)
    if HelpRequest.objects.filter(helper=helper, asked_at__gt=since).count() >= ASKED_A_DAY:
        raise RefusedError(_("You asked often today. Please try again tomorrow."))
    request = HelpRequest(
        helper=helper,
        person=_asked(helper, pin, now),
        kind=kind,
        procedures=list(procedures),
        days=days,
        asked_at=now,
        expires_at=now + CODE_LIFE,
    )
    request.code_hash = _hash(request, code)
    request.save(force_insert=True)
    return request


@transaction.atomic
def try_help_code(
    *, request: HelpRequest, helper: Citizen, code: str, now: datetime
) -> Authority | None:
    """Return the authority when the code is right, None when it is not; each try is counted.

    After five tries or fifteen minutes no code is right any more. RefusedError for whoever is not
    the helper of the request.
    """
    row = HelpRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if row.helper_id != helper.pk:
        raise RefusedError(_("You did not ask for this."))
    if not _is_open(row, now) or row.try_count >= MOST_TRIES:
        return None
    row.try_count += 1
    row.save(update_fields=["try_count"])
    is_right = hmac.compare_digest(_hash(row, code), bytes(row.code_hash))
    return _agree(row, now) if is_right and row.person_id is not None else None


@transaction.atomic
def answer_help_request(
    *, request: HelpRequest, person: Citizen, is_yes: bool, now: datetime
) -> Authority | None:
    """Keep the person's own answer; return the authority of a yes.

    RefusedError for anybody else, or when it was answered already or its time is over.
    """
    row = HelpRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if row.person_id != person.pk:
        raise RefusedError(_("You were not asked."))
    if not _is_open(row, now):
        raise RefusedError(_("This request is over. The helper can ask again."))
    if is_yes:
        return _agree(row, now)
    _open_between(row, now).update(refused_at=now)
    return None


@transaction.atomic
def end_help(*, request: HelpRequest, by: Citizen, now: datetime) -> Authority:
    """End the help at once, by either of the two; a second press changes nothing.

    RefusedError for anybody else.
    """
    row = HelpRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if by.pk not in (row.helper_id, row.person_id) or row.authority_id is None:
        raise RefusedError(_("This help is not yours to end."))
    right = Authority.objects.select_for_update().get(pk=row.authority_id)
    if right.revoked_at is None:
        right.revoked_at = now
        right.save(update_fields=["revoked_at"])
    return right


def _asked(helper: Citizen, pin: str, now: datetime) -> Citizen | None:
    day = clock.civil_date(now)
    people = Citizen.objects.alive().filter(pin_index=Citizen.index_of(pin))
    adults = people.filter(birth_date__lte=of_age_if_born_by(day)).exclude(pk=helper.pk)
    person = adults.first()
    if person is None:
        return None
    heard = HelpRequest.objects.filter(person=person, asked_at__gt=now - timedelta(days=1))
    return None if heard.count() >= HEARD_A_DAY else person


def _is_open(row: HelpRequest, now: datetime) -> bool:
    return row.authority_id is None and row.refused_at is None and now < row.expires_at


def _hash(row: HelpRequest, code: str) -> bytes:
    return keyed_index("help", str(row.public_id), code)


def _agree(row: HelpRequest, now: datetime) -> Authority:
    """Grant what was asked; it takes the place of help that the same two agreed on before.

    What else the helper asked of the person is over: its code would bring back what they end.
    """
    day = clock.civil_date(now)
    alive = Citizen.objects.alive().filter(pk__in=(row.helper_id, row.person_id))
    if alive.count() != 2:
        raise RefusedError(_("This request is over. The helper can ask again."))
    pair = {
        "actor_id": row.helper_id,
        "for_party_id": row.person_id,
        "basis": AuthorityBasis.HELPER,
    }
    Authority.objects.filter(**pair, revoked_at__isnull=True).update(revoked_at=now)
    row.authority = Authority.objects.create(
        **pair,
        valid=DateRange(day, day + timedelta(days=row.days)),
        confirmed_at=now,
        procedures=row.procedures,
    )
    row.save(update_fields=["authority"])
    _open_between(row, now).update(refused_at=now)
    return row.authority


def _open_between(row: HelpRequest, now: datetime) -> QuerySet[HelpRequest]:
    """Return what the same helper asks of the same person and nobody has answered.

    What somebody is answering at this moment is left to them: neither waits for the other.
    """
    pair = HelpRequest.objects.filter(helper=row.helper_id, person=row.person_id)
    waits = pair.filter(authority__isnull=True, refused_at__isnull=True, expires_at__gt=now)
    locked = waits.select_for_update(skip_locked=True, of=("self",))
    return HelpRequest.objects.filter(pk__in=[one.pk for one in locked])
