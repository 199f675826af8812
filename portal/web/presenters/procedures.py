"""The page of one procedure: who, papers, time, fee by way of filing, where, and the law."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from citizens.models import Register
from portal.web.presenters.known import PaperLine, PaperList
from portal.web.presenters.language import either
from portal.web.presenters.people import GROWN_UP
from portal.web.presenters.terms import time_told
from portal.web.templatetags.portal_format import short_date, told_fee, vnd
from procedures.definition import Fee, ProcedureDefinition
from procedures.definition.laws import law_name
from procedures.definition.procedure import Ages
from procedures.enums import FeeChannel, FilingChannel, SubjectKind, TimeUnit, TriggerKind
from procedures.prefill.form import GENERATED

_WAYS: Mapping[str, Any] = {
    FilingChannel.ONLINE: gettext_lazy("on this portal"),
    FilingChannel.DIRECT: gettext_lazy("at a one-stop shop"),
    FilingChannel.POSTAL: pgettext_lazy("way of filing", "by post"),
    FeeChannel.ANY: gettext_lazy("whichever way"),
}


@dataclass(frozen=True)
class FeeLine:
    """A fee: by which way, in which case ("" for every), how much, and what changes when."""

    way: str
    case: str
    amount: str
    note: str


@dataclass(frozen=True)
class ProcedurePage:
    """The page of one procedure."""

    key: str
    name: str
    code: str
    field: str
    who: str
    time: list[str]
    fees: list[FeeLine]
    ways: str
    places: list[str]
    is_anywhere: bool
    decided_by: str
    result: str
    papers: PaperList
    laws: tuple[str, ...]
    answer_count: int
    known_count: int
    at_office: bool
    is_quiet: bool


def page_of(definition: ProcedureDefinition, day: date) -> ProcedurePage:
    """Return what the catalogue says of it on the civil date `day`; one query."""
    asked = [field for field in definition.form_fields if field.required]
    return ProcedurePage(
        key=definition.key,
        name=either(definition.name_vi, definition.name_en),
        code=definition.code,
        field=definition.domain_vi,
        who=_for_whom(definition),
        time=list(_time(definition)),
        fees=list(_fees(definition, day)),
        ways=", ".join(str(_WAYS[channel]) for channel in definition.channels),
        places=list(definition.reception_vi),
        is_anywhere=definition.boundary_free and FilingChannel.DIRECT in definition.channels,
        decided_by=definition.competent_agency.name_vi,
        result=definition.result.name_vi,
        papers=_papers(definition),
        laws=tuple(map(law_name, definition.legal_basis)),
        answer_count=len(asked),
        known_count=sum(1 for field in asked if field.prefill is not None),
        at_office=FilingChannel.ONLINE not in definition.channels,
        is_quiet=definition.trigger.tone == "condolence",
    )


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
    return people_told(definition.filed_for)


def people_told(ages: Ages | None) -> str:
    """Return for people of which age it is filed, and by whom where that is not themselves."""
    if ages is not None and ages.to_age is not None and ages.to_age < GROWN_UP:
        told = _("For children up to the age of %(age)d; their parent or guardian files")
        return told % {"age": ages.to_age}
    if ages is None or ages.from_age is None:
        return _("Citizens; for children their parent or guardian")
    told = _("Citizens from the age of %(age)d") % {"age": ages.from_age}
    if ages.from_age >= GROWN_UP:
        return told
    return _("%(people)s; for children their parent or guardian") % {"people": told}


def _time(definition: ProcedureDefinition) -> Iterator[str]:
    processing = definition.processing
    yield time_told(definition)
    if processing.unit == TimeUnit.SAME_DAY and processing.cutoff_time is not None:
        told = {"hour": f"{processing.cutoff_time:%H:%M}"}
        yield _("What is received after %(hour)s is ready on the next working day.") % told
    for one in processing.variants:
        told = {"case": one.label_vi, "n": str(one.days)}
        if one.unit == TimeUnit.WORKING_DAY:
            yield _("%(case)s: %(n)s working days") % told
        else:
            yield _("%(case)s: %(n)s days") % told


def _fees(definition: ProcedureDefinition, day: date) -> Iterator[FeeLine]:
    """Yield the fees of the day by way and case; what is dated says what follows it."""
    seen = set()
    for fee in definition.fees:
        place = (fee.channel, fee.case_vi)
        if place in seen:
            continue
        seen.add(place)
        same = [one for one in definition.fees if (one.channel, one.case_vi) == place]
        held = [one for one in same if one.holds_on(day)]
        if held:
            now = max(held, key=lambda one: one.is_dated)
            yield FeeLine(
                way=str(_WAYS[fee.channel]),
                case=fee.case_vi or "",
                amount=vnd(now.amount_vnd),
                note=_what_follows(now, same),
            )
    if not seen:
        yield FeeLine(str(_WAYS[FeeChannel.ANY]), "", told_fee(None), "")


def _what_follows(now: Fee, same: list[Fee]) -> str:
    if now.valid_to is None:
        return ""
    after = now.valid_to + timedelta(days=1)
    later = [one for one in same if one.holds_on(after)]
    if not later:
        return _("until %(day)s") % {"day": short_date(now.valid_to)}
    then = max(later, key=lambda one: one.is_dated)
    told = {"day": short_date(now.valid_to), "amount": vnd(then.amount_vnd)}
    return _("until %(day)s, then %(amount)s") % told


def _papers(definition: ProcedureDefinition) -> PaperList:
    """Return the papers that the catalogue lists; those that a register may answer name it."""
    names = {one.code: either(one.name_vi, one.name_en) for one in Register.objects.all()}
    lines: dict[str, list[PaperLine]] = {"known": [], "brought": [], "some": []}
    for one in definition.components:
        if one.satisfied_by_register:
            known = _known_by(one.satisfied_by_register, names)
            lines["known"].append(PaperLine(one.name_vi, known, condition=one.condition_vi or ""))
        else:
            where = "brought" if one.required else "some"
            lines[where].append(PaperLine(one.name_vi, "", condition=one.condition_vi or ""))
    return PaperList(lines["known"], lines["brought"], lines["some"])


def _known_by(source: str, names: Mapping[str, str]) -> str:
    if source == GENERATED:
        return _("Written by the portal from your form")
    register = names.get(source.split(".")[0])
    known = _("Not needed where %(register)s holds it") % {"register": register}
    return known if register else _("Not needed where a register holds it")
