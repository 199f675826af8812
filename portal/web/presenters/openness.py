"""What the portal publishes of itself: what is filed anywhere, and the roadmap of its services."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.web.presenters.language import either
from portal.web.presenters.terms import time_told
from portal.web.templatetags.portal_format import short_date
from procedures.definition import ProcedureDefinition
from procedures.definition.laws import laws_text
from procedures.definition.rule_sentences import rule_in_sentences
from procedures.enums import FilingChannel
from procedures.models import ProcedureVersion
from procedures.selectors.roadmap import Service, Stage


@dataclass(frozen=True)
class AnywhereLine:
    """One procedure that any one-stop shop receives."""

    code: str
    name: str
    field: str
    decided_by: str
    time: str
    url: str


def anywhere(versions: Iterable[ProcedureVersion]) -> list[AnywhereLine]:
    """Return what is received regardless of place, by field and name."""
    read = (ProcedureDefinition.from_json(one.definition) for one in versions)
    free = [one for one in read if one.boundary_free and FilingChannel.DIRECT in one.channels]
    free.sort(key=lambda one: (one.domain_vi, one.name_vi))
    return [
        AnywhereLine(
            code=one.code,
            name=either(one.name_vi, one.name_en),
            field=one.domain_vi,
            decided_by=one.competent_agency.name_vi,
            time=time_told(one),
            url=reverse("web:procedure", args=[one.key]),
        )
        for one in free
    ]


def anywhere_rows(lines: Iterable[AnywhereLine]) -> Iterator[list[str]]:
    """Yield the same as rows of a table, headings first."""
    yield [_("Procedure code"), _("Procedure"), _("Field"), _("Decided by"), _("Time")]
    for line in lines:
        yield [line.code, line.name, line.field, line.decided_by, line.time]


@dataclass(frozen=True)
class ServiceLine:
    """One service on the roadmap: what people are told, whom, by which law, and since when."""

    name: str
    told: str
    whom: str
    laws: str
    when: str


@dataclass(frozen=True)
class StageShown:
    """A part of the roadmap with its meaning."""

    key: str
    title: str
    text: str
    tone: str
    icon: str
    lines: list[ServiceLine]


_STAGES: dict[Stage, tuple[Any, Any, str, str]] = {
    Stage.IN_FORCE: (
        gettext_lazy("In force"),
        gettext_lazy("The portal looks every night and tells those whom it concerns."),
        "ok",
        "done",
    ),
    Stage.ON_TRIAL: (
        gettext_lazy("On trial with a share"),
        gettext_lazy("A new version speaks to a part of those whom it concerns, drawn by lot."),
        "info",
        "progress",
    ),
    Stage.COMING: (
        gettext_lazy("Coming"),
        gettext_lazy("Written by one official and released by another for a day to come."),
        "soon",
        "calendar",
    ),
    Stage.STOPPED: (
        gettext_lazy("At rest"),
        gettext_lazy("Stopped by an official, or what it offered is no longer in force."),
        "neutral",
        "pause",
    ),
}


def stages_of(services: Iterable[Service]) -> list[StageShown]:
    """Return the roadmap by stage; a stage without services says so by an empty list."""
    by_stage: dict[Stage, list[ServiceLine]] = {stage: [] for stage in Stage}
    for one in services:
        by_stage[one.stage].append(_service(one))
    return [
        StageShown(stage, str(title), str(text), tone, icon, by_stage[stage])
        for stage, (title, text, tone, icon) in _STAGES.items()
        if by_stage[stage] or stage is not Stage.STOPPED
    ]


def _service(one: Service) -> ServiceLine:
    rule = one.definition
    whom = rule_in_sentences(rule)[0]
    return ServiceLine(
        name=either(rule.paper_vi, rule.paper_en),
        told=either(rule.reason_vi, rule.reason_en),
        whom=either(whom.vi, whom.en),
        laws=laws_text(rule.legal_basis),
        when=_when(one),
    )


def _when(one: Service) -> str:
    day = {"day": short_date(one.since) if one.since else "", "percent": one.percent}
    match one.stage:
        case Stage.COMING if one.is_change:
            return _("a new version from %(day)s") % day
        case Stage.COMING:
            return _("from %(day)s") % day
        case Stage.ON_TRIAL:
            return _("%(percent)d %% of those concerned") % day
        case _:
            return _("since %(day)s") % day if one.since else ""
