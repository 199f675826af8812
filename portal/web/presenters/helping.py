"""Whom one helps and by whom one is helped: who, until when, what was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from citizens.models import AccessLog, Authority, Citizen, HelpRequest
from dossiers.models import Dossier, DossierEvent
from dossiers.selectors import was_helped
from portal.common import clock
from portal.web.presenters.language import either
from portal.web.templatetags.portal_format import moment
from procedures.selectors import versions_in_force


@dataclass(frozen=True)
class HelpLine:
    """A request or a help that was agreed to, as the other side's pages tell it."""

    public_id: UUID
    name: str
    kind: str
    what: str
    last_on: date | None
    ended_at: datetime | None
    days: int
    expires_at: datetime

    @property
    def is_standing(self) -> bool:
        """Whether it holds today."""
        return self.ended_at is None and self.last_on is not None and self.last_on >= clock.today()


def line_of(row: HelpRequest, name: str, titles: dict[str, str]) -> HelpLine:
    """Return one line; `name` is that of the other side."""
    right = row.authority
    return HelpLine(
        public_id=row.public_id,
        name=name,
        kind=row.get_kind_display(),
        what="; ".join(titles.get(key, key) for key in row.procedures) or _("all procedures"),
        last_on=None if right is None else _last_day(right),
        ended_at=None if right is None else right.revoked_at,
        days=row.days,
        expires_at=row.expires_at,
    )


def _last_day(right: Authority) -> date:
    upper: date = right.valid.upper or date.max
    return upper - timedelta(days=1)


def titles_today() -> dict[str, str]:
    """Return the names of the procedures in force by their keys, in the language of the page."""
    rows = versions_in_force(day=clock.today()).values_list("procedure__key", "name_vi", "name_en")
    return {key: either(vi, en) for key, vi, en in rows}


@dataclass(frozen=True)
class Act:
    """Something a helper did for the person: when, what, on which dossier."""

    at: str
    what: str
    code: str
    url: str


def acts_of(*, person: Citizen, helpers: dict[int, str]) -> list[tuple[str, Act]]:
    """Return what helpers (key to name) did and looked at for the person, newest first."""
    events = DossierEvent.objects.filter(dossier__owner_id=person.pk, citizen__in=helpers)
    done = [
        (
            event.happened_at,
            helpers[event.citizen_id or 0],
            Act(
                moment(event.happened_at),
                event.get_action_display(),
                event.dossier.code,
                reverse("web:dossier", args=[event.dossier.public_id]),
            ),
        )
        for event in events.select_related("dossier").order_by("-pk")[:50]
    ]
    looks = AccessLog.objects.filter(
        subject_ids__contains=[person.pk], actor__citizen__in=helpers, page="helper_form"
    )
    seen = [
        (
            look.recorded_at,
            helpers[look.actor.citizen_id or 0],
            Act(moment(look.recorded_at), _("Opened a form filled with your data"), "", ""),
        )
        for look in looks.select_related("actor").order_by("-pk")[:50]
    ]
    ordered = sorted([*done, *seen], key=lambda row: row[0], reverse=True)
    return [(name, act) for _at, name, act in ordered[:50]]


@dataclass(frozen=True)
class Choice:
    """A procedure that the helper may begin for the person."""

    title: str
    url: str


def choices_for(row: HelpRequest, titles: dict[str, str], party: UUID) -> list[Choice]:
    """Return the procedures that may be begun, by name."""
    keys = row.procedures or list(titles)
    named = sorted((titles[key], key) for key in keys if key in titles)
    return [
        Choice(title, f"{reverse('web:filing', args=[key])}?for={party}") for title, key in named
    ]


def filed_for(*, helper: Citizen, person: int) -> list[Dossier]:
    """Return what the helper filed for the person, the newest first."""
    rows = Dossier.objects.filter(applicant=helper, owner_id=person)
    return list(rows.select_related("procedure_version").order_by("-pk")[:30])


def helper_of(dossier: Dossier, reader: Citizen) -> str:
    """Return the sentence that names who filed for the reader, "" where that was no helper."""
    if dossier.owner_id != reader.pk or dossier.applicant_id == reader.pk:
        return ""
    if not was_helped(dossier=dossier):
        return ""
    return _("Filed for you by %(name)s, whom you let help you.") % {
        "name": dossier.applicant.full_name
    }
