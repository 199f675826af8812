"""Papers as their holders see them: named, with masked numbers, and until when they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citizens.enums import FactTable
from citizens.models import Citizen, Credential, Party
from citizens.selectors import Origin, name_of
from citizens.selectors.readable import column_label
from portal.common.masking import mask_number
from portal.web.presenters.doubts import Doubts
from portal.web.presenters.language import either
from portal.web.presenters.rows import Row
from portal.web.templatetags.portal_format import days_left, short_date
from procedures.definition import RuleDefinition
from procedures.enums import TriggerKind
from procedures.selectors import rules_in_force

SOON = 90
_CONTESTABLE = ("category", "issued_on", "expires_on", "issuer")
# What registers hold without a rule of the catalogue that watches it.
_OTHER_NAMES = {
    "citizen_identity_card": gettext_lazy("Identity card"),
    "construction_permit": gettext_lazy("Construction permit"),
    "enterprise_certificate": gettext_lazy("Enterprise registration certificate"),
    "household_business_certificate": gettext_lazy("Household business registration certificate"),
    "poor_household_status": gettext_lazy("Poor or near-poor household status"),
    "transport_business_licence": gettext_lazy("Transport business licence"),
}


@dataclass(frozen=True)
class PaperNames:
    """Names of kinds of papers, as the catalogue's rules in force call them."""

    by_kind: Mapping[str, str]
    opens_days_before: Mapping[str, int]

    @classmethod
    def in_force(cls, day: date) -> PaperNames:
        """Read the names of `day` (one query)."""
        names: dict[str, str] = {}
        opens: dict[str, int] = {}
        for version in rules_in_force(day=day, kinds=[TriggerKind.CREDENTIAL_EXPIRY]):
            rule = RuleDefinition.from_json(version.definition)
            names[rule.credential_kind or ""] = either(rule.paper_vi, rule.paper_en)
            opens[rule.credential_kind or ""] = rule.open_days_before
        return cls(names, opens)

    def reminds_on(self, paper: Credential) -> date | None:
        """Return the civil date from which the portal speaks of a paper, None where it never does.

        The scan opens a matter `open_days_before` the last day, by the rule in force.
        """
        days = self.opens_days_before.get(paper.kind)
        if days is None or paper.expires_on is None:
            return None
        return paper.expires_on - timedelta(days=days)

    def name(self, kind: str) -> str:
        """Return the name of a kind; never fails."""
        known = self.by_kind.get(kind) or _OTHER_NAMES.get(kind)
        return str(known or kind.replace("_", " ").capitalize())

    def title(self, paper: Credential) -> str:
        """Return the name of a paper with its class: "Giấy phép lái xe hạng B"."""
        return titled(self.name(paper.kind), paper)


def titled(name: str, paper: Credential | None) -> str:
    """Return a name with what tells this paper from its like: the class, or the vehicle's plate."""
    if paper is None:
        return name
    if paper.kind == "driving_licence" and paper.category:
        return _("%(paper)s, class %(category)s") % {"paper": name, "category": paper.category}
    plate = paper.details.get("plate")
    return f"{name} · {plate}" if plate else name


@dataclass(frozen=True)
class PaperRow:
    """One paper on the page "My papers"."""

    title: str
    number: str
    tone: str
    state: str
    expires_on: date | None
    reminds_on: date | None
    bar: tuple[int, int] | None
    url: str
    rows: list[Row]
    source: str
    as_of: date


@dataclass(frozen=True)
class PaperShelf:
    """The papers of one holder, those that run out first in front; `more` are not listed."""

    holder: str
    papers: list[PaperRow]
    more: int


def standing_papers(parties: list[Party]) -> QuerySet[Credential]:
    """Return the standing papers of several parties, those that run out first in front."""
    papers = Credential.objects.live().filter(holder__in=[party.pk for party in parties])
    return papers.select_related("register").order_by("expires_on", "kind", "pk")


def shelves(
    citizen: Citizen,
    parties: list[Party],
    day: date,
    limit: int,
    prepared: Mapping[int, str] = MappingProxyType({}),
) -> list[PaperShelf]:
    """Return the papers of the person and of those they act for (two queries).

    `prepared` leads from a paper to the matter that is prepared about it.
    """
    names = PaperNames.in_force(day)
    by_holder: dict[int, list[Credential]] = {party.pk: [] for party in parties}
    for paper in standing_papers(parties):
        by_holder[paper.holder_id].append(paper)
    shown = [paper for papers in by_holder.values() for paper in papers[:limit]]
    origins = [_origin(paper, column) for paper in shown for column in _CONTESTABLE]
    doubts = Doubts.about(citizen, list(by_holder), origins)
    return [
        PaperShelf(
            holder="" if party.pk == citizen.pk else name_of(party),
            papers=[
                _row(paper, names, doubts, day, prepared.get(paper.pk, ""))
                for paper in by_holder[party.pk][:limit]
            ],
            more=max(0, len(by_holder[party.pk]) - limit),
        )
        for party in parties
        if by_holder[party.pk] or party.pk == citizen.pk
    ]


def _row(
    paper: Credential, names: PaperNames, doubts: Doubts, day: date, matter_url: str
) -> PaperRow:
    tone, state = standing(paper.expires_on, day, is_prepared=bool(matter_url))
    reminds_on = names.reminds_on(paper)
    return PaperRow(
        title=names.title(paper),
        number=mask_number(paper.number),
        tone=tone,
        state=state,
        expires_on=paper.expires_on,
        reminds_on=reminds_on if reminds_on and reminds_on > day else None,
        bar=_bar(paper, day),
        url=matter_url,
        rows=_details(paper, doubts),
        source=either(paper.register.name_vi, paper.register.name_en),
        as_of=paper.as_of,
    )


def _bar(paper: Credential, day: date) -> tuple[int, int] | None:
    """Return what is left of the term and the whole of it, in days; None without both its ends."""
    if paper.expires_on is None or paper.issued_on is None or paper.issued_on >= paper.expires_on:
        return None
    whole = (paper.expires_on - paper.issued_on).days
    return min(max((paper.expires_on - day).days, 0), whole), whole


def _details(paper: Credential, doubts: Doubts) -> list[Row]:
    """Return what the register says of a paper, each value with the way to object to it."""
    values = {
        "category": paper.category,
        "issued_on": short_date(paper.issued_on),
        "expires_on": short_date(paper.expires_on) if paper.expires_on else "",
        "issuer": paper.issuer,
    }
    rows = []
    for column, value in values.items():
        origin = _origin(paper, column)
        label, note = column_label(FactTable.CREDENTIAL, column), doubts.note(origin)
        if value:
            rows.append(Row(label, value, "", None, note, doubts.url(origin)))
    return rows


def _origin(paper: Credential, column: str) -> Origin:
    return Origin(FactTable.CREDENTIAL, paper.pk, column)


def standing(expires_on: date | None, day: date, *, is_prepared: bool = False) -> tuple[str, str]:
    """Return tone and words for how a paper stands on `day`.

    One whose renewal is prepared expires soon, as "My matters" says of it, however early that is.
    """
    if expires_on is None:
        return "ok", _("Valid without a limit")
    left = (expires_on - day).days
    if left < 0:
        return "late", _("Expired")
    if left <= SOON or is_prepared:
        return "soon", _("Expires soon") + f" · {days_left(expires_on)}"
    return "ok", _("Valid")
