"""For everybody: is this message or paper really ours, and what units settle in time."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from citizens.models import Unit
from citizens.services.count_tries import count_try
from dossiers.documents.senders import sender_of
from dossiers.models import IssuedForm
from dossiers.selectors.issued_forms import form_with_code, revoked_on, standing_of
from dossiers.services.issue_form import ALPHABET, CODE_LENGTH
from notifications.models import Message
from notifications.rules.notices import typed_code
from notifications.selectors import message_with_code
from portal.api.bodies import Words
from portal.api.life_bodies import (
    DefinitionBody,
    FiguresBody,
    UnitFigureBody,
    VerifiedBody,
    VerifyBody,
)
from portal.api.openapi import operation
from portal.api.problems import ProblemError, bad
from portal.api.public import TOO_OFTEN, PublicView, from_where
from portal.api.readers import said, tagged
from portal.api.taking import taken
from portal.common import clock
from portal.reporting.selectors.definitions import definitions
from portal.reporting.selectors.settled import Months, Tally, tallies
from portal.reporting.selectors.units import units_counted

# The budget of the page /verify/, whichever way the questions come.
_VERIFY, _MOST, _SECONDS = "verify", 20, 600
_PAPER = re.compile(rf"[{ALPHABET}]{{{CODE_LENGTH}}}", re.ASCII)
_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
_MOST_MONTHS = 60


class Verify(PublicView):
    """Is it ours? The code never stands in an address."""

    @operation(
        "Whether a message or a paper is ours, by its check code",
        answers=VerifiedBody,
        takes=VerifyBody,
        errors=(400, 413, 415),
    )
    def post(self, request: Request) -> Response:
        """Return the answer; whatever is not ours is answered alike."""
        typed = taken(request, VerifyBody).code
        wait = count_try(
            what=_VERIFY, key=from_where(request), most=_MOST, seconds=_SECONDS, now=clock.now()
        )
        if wait:
            raise ProblemError(TOO_OFTEN, headers={"Retry-After": str(wait)})
        paper = form_with_code(found) if (found := _paper_code(typed)) else None
        if paper is not None:
            return said(_of_paper(paper))
        code = typed_code(typed)
        message = message_with_code(code) if code else None
        if message is not None:
            return said(_of_message(message))
        return said(VerifiedBody(False, "", "", None, "", "", "", None))


class Figures(PublicView):
    """What units settle in time."""

    @operation(
        "What each unit settled early or on time from month `first` to month `last` (2026-11)",
        answers=FiguresBody,
        query=("first", "last"),
        errors=(400,),
    )
    def get(self, request: Request) -> Response:
        """Return it with its definition; without months that of this year so far."""
        today = clock.today()
        first = _month(request, "first", today.replace(month=1, day=1))
        last = _month(request, "last", max(today.replace(day=1), first))
        if last < first or (last.year - first.year) * 12 + last.month - first.month > _MOST_MONTHS:
            raise ProblemError(400, bad("last", _("These are no months, or more than 60.")))
        months = Months.between(first, last, today)
        found, units = tallies(months=months), units_counted(day=today)
        body = FiguresBody(
            first=months.first,
            last=months.last,
            until=months.until,
            definition=_definition(),
            units=[_figure(unit, found.get(unit.pk, Tally())) for unit in units],
        )
        return tagged(request, body)


def _paper_code(typed: str) -> str:
    plain = unicodedata.normalize("NFKC", typed).upper()
    found = _PAPER.fullmatch("".join(char for char in plain if char.isalnum()))
    return found[0] if found else ""


def _of_paper(form: IssuedForm) -> VerifiedBody:
    document = form.document
    return VerifiedBody(
        is_genuine=True,
        kind="paper",
        office=document.issuer,
        day=document.issued_on or clock.civil_date(form.issued_at),
        title=document.title_vi or form.get_kind_display(),
        number=document.number,
        standing=standing_of(form, now=clock.now()),
        revoked_on=revoked_on(form),
    )


def _of_message(message: Message) -> VerifiedBody:
    return VerifiedBody(
        is_genuine=True,
        kind="message",
        office=sender_of(message.thread_key).name,
        day=clock.civil_date(message.sent_at or message.recorded_at),
        title="",
        number="",
        standing="",
        revoked_on=None,
    )


def _month(request: Request, name: str, otherwise: date) -> date:
    text = request.query_params.get(name)
    if text is None:
        return otherwise
    if not _MONTH.fullmatch(text):
        raise ProblemError(400, bad(name, _("A month is written as 2026-11.")))
    return date.fromisoformat(f"{text}-01")


def _definition() -> DefinitionBody:
    told = definitions()["on_time_share"]
    names = ("sentence", "numerator", "denominator", "left_out")
    return DefinitionBody(*(Words(told[f"{one}_vi"], told[f"{one}_en"]) for one in names))


def _figure(unit: Unit, tally: Tally) -> UnitFigureBody:
    return UnitFigureBody(
        unit=unit.code,
        name=unit.name_vi,
        in_time=tally.in_time,
        counted=tally.counted,
        early=tally.early,
        on_time=tally.on_time,
        late=tally.late,
        overdue=tally.overdue,
        without_term=tally.no_term,
        share=tally.share,
    )
