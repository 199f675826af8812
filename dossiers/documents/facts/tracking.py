"""Papers by which an office follows its work: forms 06 and 07 of TT 03/2025/TT-VPCP."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from citizens.models import Agency
from citizens.selectors import party_name
from dossiers.documents.facts.frame import TITLES, Paper, answer
from dossiers.documents.facts.receipts import limit_told
from dossiers.documents.words import (
    as_dialled,
    bare_place,
    full_day,
    hour_and_day,
    short_day,
    weekday_day,
)
from dossiers.enums import FormKind
from dossiers.models import Dossier
from dossiers.selectors import Moment, timeline, why_due
from portal.common import clock

_SETS = "01"  # of papers: one is enough, everything is digitised


def control(paper: Paper) -> dict[str, Any]:
    """Return what form 06 says: every step, who took it, and what the clock did."""
    dossier = paper.dossier
    return {
        "competent": dossier.competent.name_vi,
        "terms": [
            ("Người nộp", dossier.applicant.full_name),
            ("Thời gian giải quyết theo quy định", limit_told(dossier)),
            ("Hẹn trả kết quả", weekday_day(dossier.appointment_on)),
        ],
        "steps": [
            {
                "what": step.label,
                "at": hour_and_day(clock.civil_time(step.at)),
                "who": _who(step),
                "status": step.status_label,
                "note": step.note,
            }
            for step in timeline(dossier=dossier, for_officials=True)
        ],
        "why": why_due(dossier=dossier),
    }


def _who(step: Moment) -> str:
    """Return who took a step, and for which office holder or absent colleague."""
    who = str(step.official or step.actor_label)
    if step.in_place_of is None:
        return who
    told = f"ký thay {step.in_place_of}" if step.by_decision else f"làm thay {step.in_place_of}"
    return f"{who} ({told})"


def log_of(
    *,
    agency: Agency,
    dossiers: Sequence[Dossier],
    left_out: int,
    since: date,
    until: date,
    official: str,
    today: date,
) -> dict[str, Any]:
    """Return what form 07 says of an agency's dossiers of a period, in the order given."""
    return {
        "title": TITLES[FormKind.LOG],
        "agency": agency.name_vi,
        "place": bare_place(agency.unit.name_vi),
        "date": full_day(today),
        "period": f"từ ngày {short_day(since)} đến ngày {short_day(until)}",
        "rows": [_logged(dossier) for dossier in dossiers],
        "left_out": left_out,
        "official": official,
    }


def _logged(dossier: Dossier) -> list[str]:
    """Return the columns of form 07 from the second on; who signs for a result does so on paper."""
    returned, person = dossier.returned_at, dossier.applicant
    return [
        dossier.code,
        dossier.procedure_version.name_vi,
        _SETS,
        party_name(person.party),
        _reached_at(dossier),
        dossier.competent.name_vi,
        short_day(clock.civil_date(dossier.submitted_at)),
        short_day(dossier.appointment_on),
        short_day(clock.civil_date(returned)) if returned else "",
        str(dossier.get_returned_by_display()) if returned else "",
        "",
        str(dossier.get_status_display()),
    ]


def _reached_at(dossier: Dossier) -> str:
    person = dossier.applicant
    address = person.current_address or person.permanent_address
    return ", ".join(filter(None, (address, as_dialled(answer(dossier, "phone")))))
