"""The list of procedures, searched without accents, and the page of one of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from portal.common import clock
from portal.web.presenters.known import PaperLine, PaperList
from portal.web.presenters.language import either
from portal.web.presenters.terms import fee_told, time_told
from procedures.definition import ProcedureDefinition
from procedures.enums import FilingChannel, SubjectKind, TriggerKind
from procedures.models import ProcedureVersion
from procedures.prefill.form import GENERATED
from procedures.rules import channel_from_home


@dataclass(frozen=True)
class Line:
    """One procedure on the list."""

    name: str
    code: str
    told: str
    url: str


@dataclass(frozen=True)
class Field:
    """The procedures of one field of administration."""

    name: str
    lines: list[Line]


def fields_of(versions: Iterable[ProcedureVersion], words: str, day: date) -> list[Field]:
    """Return what matches all of `words` (in any order, with or without accents), by field."""
    wanted = plain(words).split()
    found = [
        definition
        for definition in (ProcedureDefinition.from_json(one.definition) for one in versions)
        if all(word in _searched(definition) for word in wanted)
    ]
    found.sort(key=lambda one: (plain(one.domain_vi), plain(one.name_vi)))
    return [
        Field(name, [_line(one, day) for one in group])
        for name, group in groupby(found, key=lambda one: one.domain_vi)
    ]


def plain(text: str) -> str:
    """Return a text in small letters without accents: "Đổi thẻ" as "doi the"."""
    letters = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


# What people call an event that no name of a procedure tells.
_ALSO_CALLED = {"credential_lost_or_damaged": "bị mất bị hỏng làm lại lost damaged"}


def _searched(definition: ProcedureDefinition) -> str:
    names = (definition.name_vi, definition.name_en, definition.domain_vi)
    event = _ALSO_CALLED.get(definition.trigger.event or "", "")
    return plain(" ".join([definition.code, *names, definition.result.name_vi, event]))


def _line(definition: ProcedureDefinition, day: date) -> Line:
    channel = channel_from_home(definition.channels)
    told = f"{time_told(definition)} · {fee_told(definition, channel, day)}"
    return Line(
        name=either(definition.name_vi, definition.name_en),
        code=definition.code,
        told=told,
        url=reverse("web:procedure", args=[definition.key]),
    )


@dataclass(frozen=True)
class ProcedurePage:
    """The page of one procedure."""

    key: str
    name: str
    code: str
    field: str
    facts: list[tuple[str, str]]
    papers: PaperList
    laws: tuple[str, ...]
    answer_count: int
    known_count: int
    at_office: bool


def page_of(definition: ProcedureDefinition, now: datetime) -> ProcedurePage:
    """Return who, papers, time, fee, place and law as the catalogue has them."""
    asked = [field for field in definition.form_fields if field.required]
    return ProcedurePage(
        key=definition.key,
        name=either(definition.name_vi, definition.name_en),
        code=definition.code,
        field=definition.domain_vi,
        facts=_facts(definition, clock.civil_date(now)),
        papers=_papers(definition),
        laws=definition.legal_basis,
        answer_count=len(asked),
        known_count=sum(1 for field in asked if field.prefill is not None),
        at_office=FilingChannel.ONLINE not in definition.channels,
    )


def _facts(definition: ProcedureDefinition, day: date) -> list[tuple[str, str]]:
    ways = {
        FilingChannel.ONLINE: _("on this portal"),
        FilingChannel.DIRECT: _("at a one-stop shop"),
        FilingChannel.POSTAL: pgettext("way of filing", "by post"),
    }
    facts = [
        (_("Who may file"), _for_whom(definition)),
        (_("Time"), time_told(definition)),
        (_("Fee"), _fees(definition, day)),
        (_("How to file"), ", ".join(ways[channel] for channel in definition.channels)),
        (_("Where to file"), " · ".join(definition.reception_vi)),
        (_("Decided by"), definition.competent_agency.name_vi),
        (_("Result"), definition.result.name_vi),
    ]
    return [(term, told) for term, told in facts if told]


def _for_whom(definition: ProcedureDefinition) -> str:
    trigger = definition.trigger
    if trigger.subject == SubjectKind.ORGANISATION:
        return _("Companies and organisations, through their representative")
    if trigger.kind == TriggerKind.AGE_MILESTONE and trigger.ages:
        ages = ", ".join(map(str, trigger.ages))
        words = ngettext(
            "Citizens from the age of %(ages)s",
            "Citizens who reach the age of %(ages)s",
            len(trigger.ages),
        )
        return words % {"ages": ages}
    return _("Citizens; for children their parent or guardian")


def _fees(definition: ProcedureDefinition, day: date) -> str:
    """Return the fee, and what it is at an office where that is another one."""
    home = fee_told(definition, channel_from_home(definition.channels), day)
    office = fee_told(definition, FilingChannel.DIRECT, day)
    if home == office or FilingChannel.DIRECT not in definition.channels:
        return home
    return _("%(home)s on this portal, %(office)s at an office") % {"home": home, "office": office}


def _papers(definition: ProcedureDefinition) -> PaperList:
    """Return the papers that the catalogue lists; those that a register may answer are marked."""
    lines: dict[str, list[PaperLine]] = {"known": [], "brought": [], "some": []}
    for one in definition.components:
        if one.satisfied_by_register == GENERATED:
            note = _("Written by the portal from your form")
            lines["known"].append(PaperLine(one.name_vi, note))
        elif one.satisfied_by_register:
            note = _("Not needed where a register holds it")
            lines["known"].append(PaperLine(one.name_vi, one.condition_vi or note))
        else:
            where = "brought" if one.required else "some"
            lines[where].append(PaperLine(one.name_vi, one.condition_vi or ""))
    return PaperList(lines["known"], lines["brought"], lines["some"])
