"""Values in doubt as the person sees them: which may be contested, which are, what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from citizens.enums import DiscrepancyState
from citizens.models import Citizen, Discrepancy, Party
from citizens.selectors import Origin, cases_of, open_cases, origins_about
from citizens.selectors.readable import column_label, readable
from portal.common import clock
from portal.web.origins import token_of
from portal.web.presenters.language import either
from portal.web.presenters.people import others, parties_of
from portal.web.templatetags.portal_format import short_date, vi_date

MOST_CASES = 50
_TONES = {
    DiscrepancyState.OPEN: "progress",
    DiscrepancyState.CORRECTED: "ok",
    DiscrepancyState.UPHELD: "neutral",
    DiscrepancyState.WITHDRAWN: "neutral",
}


@dataclass(frozen=True)
class Doubts:
    """What of a page's values `citizen` may contest, and which of them are in doubt already."""

    citizen: Citizen
    allowed: frozenset[Origin]
    cases: Mapping[Origin, Discrepancy]
    back: str = ""

    @classmethod
    def about(
        cls,
        citizen: Citizen,
        parties: Iterable[int],
        origins: Iterable[Origin],
        back: str = "",
    ) -> Doubts:
        """Ask for the values of one page at once (three queries at most).

        `back` is the query that names the page to which "Không đúng?" leads back.
        """
        allowed = origins_about(parties=list(parties), origins=origins)
        cases = open_cases(origins=allowed) if allowed else {}
        return cls(citizen, frozenset(allowed), cases, back)

    @classmethod
    def of_reader(
        cls, reader: Citizen, origins: Iterable[Origin], *, day: date, back: str = ""
    ) -> Doubts:
        """Ask for values about the reader and about those for whom they act on `day`."""
        return cls.about(reader, [one.pk for one in parties_of(reader, day)], origins, back)

    def url(self, origin: Origin | None) -> str:
        """Return the page of "Không đúng?", "" where there is nothing to contest, or already is."""
        if origin is None or origin not in self.allowed or origin in self.cases:
            return ""
        token = token_of(origin=origin, citizen=self.citizen)
        address = reverse("web:contest", args=[token])
        return f"{address}?{self.back}" if self.back else address

    def note(self, origin: Origin | None, held: str = "") -> str:
        """Return who answers by when; with `held`, what the register goes on saying till then."""
        case = self.cases.get(origin) if origin is not None else None
        if case is None:
            return ""
        told = _("Reported as wrong: %(office)s answers by %(day)s.") % {
            "office": case.owner.name_vi,
            "day": vi_date(case.due_on),
        }
        if not held:
            return told
        return told + " " + _("The register says: %(value)s.") % {"value": held}


@dataclass(frozen=True)
class CaseRow:
    """One case on the page "My data"."""

    public_id: UUID
    title: str
    whom: str
    tone: str
    state: str
    is_open: bool
    facts: list[tuple[str, str]]
    decision: str


def case_rows(citizen: Citizen, parties: Sequence[Party]) -> list[CaseRow]:
    """Return the cases about the person and those they act for, open ones first (one query)."""
    names = others(parties, citizen)
    rows = cases_of(parties=[party.pk for party in parties])[:MOST_CASES]
    return [_case(row, names.get(row.subject_id, "")) for row in rows]


def _case(row: Discrepancy, whom: str) -> CaseRow:
    return CaseRow(
        public_id=row.public_id,
        title=column_label(row.table, row.column),
        whom=whom,
        tone=_TONES[DiscrepancyState(row.state)],
        state=row.get_state_display(),
        is_open=row.state == DiscrepancyState.OPEN,
        facts=_facts(row),
        decision=row.decision,
    )


def _facts(row: Discrepancy) -> list[tuple[str, str]]:
    """Return what is held, what is said against it, who answers and by when."""
    facts = [(_register(row.register), _written(row.column, row.held_value))]
    if row.other_register is not None:
        facts.append((_register(row.other_register), _written(row.column, row.stated_value)))
    elif row.stated_value:
        facts.append((_("You say"), _written(row.column, row.stated_value)))
    facts.append((_("Opened on"), short_date(row.opened_on)))
    if row.decided_at is not None:
        facts.append((_("Decided on"), short_date(clock.civil_date(row.decided_at))))
    else:
        facts.append((_("Answer by"), vi_date(row.due_on)))
    return [*facts, (_("Who settles it"), row.owner.name_vi)]


def _register(register: object) -> str:
    return either(getattr(register, "name_vi", ""), getattr(register, "name_en", ""))


def _written(column: str, value: str) -> str:
    return readable(column, value) or _("nothing")
