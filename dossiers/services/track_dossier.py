"""Let somebody who has the code and one more fact see where a dossier is, and nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hmac import compare_digest

from django.db.models import F, Q

from citizens.enums import BirthPrecision, ContactChannel
from citizens.models import ContactPoint
from citizens.services.count_tries import count_try
from dossiers.models import Dossier

MOST_OF_A_CODE = 5
MOST_OF_AN_ADDRESS = 20
MOST_OF_EVERYBODY = 3000
SPAN = timedelta(hours=1)
_LONGEST = 40


class TooManyTriesError(Exception):
    """The code or the address rests until `until`, whatever is typed."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


@dataclass(frozen=True, slots=True)
class Tracked:
    """Where a dossier is: nothing in it names a person or what the dossier holds."""

    code: str
    status: int
    status_label: str
    office: str
    submitted_on: datetime
    appointment_on: date | None
    ended_at: datetime | None


def track_dossier(*, code: str, fact: str, address: str, now: datetime) -> Tracked | None:
    """Return where the dossier is, None where code and fact do not belong together.

    `code` is a dossier's, or the one of a bundle: then its dossier that still runs, else its last,
    is told. `fact` is the last four digits of the telephone of whoever filed, or their day of birth
    (dd/mm/yyyy). An unknown code and a wrong fact are one answer, and both are counted: a code may
    be tried five times within an hour, an address twenty times, all addresses together three
    thousand times; then TooManyTriesError, also for the right fact. What rests already does not use
    up everybody's tries. The count is written before anything is compared. Of somebody of whom
    neither is known the dossier cannot be followed here.
    """
    code = code.strip().upper()[:_LONGEST]
    _count("tracking-address", address, MOST_OF_AN_ADDRESS, now)
    _count("tracking-code", code, MOST_OF_A_CODE, now)
    _count("tracking-all", "everybody", MOST_OF_EVERYBODY, now)
    living = Dossier.objects.filter(applicant__died_on=None, applicant__survivor=None)
    meant = living.filter(Q(code=code) | Q(bundle_case__tracking_code=code.lower()))
    running_first = F("finished_at").desc(nulls_first=True)
    dossier = meant.select_related("applicant", "competent").order_by(running_first, "-pk").first()
    if not _knows(dossier, fact) or dossier is None:
        return None
    return Tracked(
        code=dossier.code,
        status=dossier.status,
        status_label=str(dossier.get_status_display()),
        office=dossier.competent.name_vi,
        submitted_on=dossier.submitted_at,
        appointment_on=dossier.appointment_on,
        ended_at=dossier.returned_at or dossier.finished_at,
    )


def _count(what: str, key: str, most: int, now: datetime) -> None:
    seconds = int(SPAN.total_seconds())
    wait = count_try(what=what, key=key, most=most, seconds=seconds, now=now)
    if wait:
        raise TooManyTriesError(now + timedelta(seconds=wait))


def _knows(dossier: Dossier | None, fact: str) -> bool:
    """Return whether the fact is the applicant's; where there is no dossier the same is done."""
    digits = re.sub(r"\D", "", fact)
    told = [*_phone_ends(dossier), *_birthdays(dossier)]
    found = [compare_digest(digits.encode(), known.encode()) for known in told]
    return any(found)


def _phone_ends(dossier: Dossier | None) -> list[str]:
    """Return the last digits of the applicant's numbers; one of several people proves nothing."""
    party = dossier.applicant_id if dossier else 0
    points = ContactPoint.objects.filter(
        party=party, channel=ContactChannel.SMS, shared=False, refused_at=None
    )
    return [point.value[-4:] for point in points if len(point.value) > 4]


def _birthdays(dossier: Dossier | None) -> list[str]:
    """Return the day of birth as it is typed; somebody of whom only a year is known has none."""
    if dossier is None or dossier.applicant.birth_precision != BirthPrecision.DAY:
        return []
    return [f"{dossier.applicant.birth_date:%d%m%Y}"]
