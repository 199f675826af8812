"""Why a dossier was decided automatically, in words for its owner."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from citizens.models import Citizen, Register
from dossiers.automatic.grounds import GENERATED, Ground, Requirement
from dossiers.models import AutomaticDecision, Dossier
from dossiers.selectors import definition_of
from portal.web.presenters.language import either
from portal.web.templatetags.portal_format import vi_date


@dataclass(frozen=True)
class AutomaticTold:
    """The part of a dossier's page about its automatic decision."""

    number: int
    reasons: list[str]
    may_ask: bool
    asked_at: datetime | None
    looked_at: datetime | None
    is_upheld: bool
    revoked_at: datetime | None
    revoked_because: str


def automatic_told(dossier: Dossier, reader: Citizen) -> AutomaticTold | None:
    """Return why nobody had to look at the dossier, None when an official decided."""
    found: AutomaticDecision | None = getattr(dossier, "automatic_decision", None)
    if found is None:
        return None
    concerned = reader.pk in (dossier.owner_id, dossier.applicant_id)
    return AutomaticTold(
        number=dossier.procedure_version.number,
        reasons=list(_reasons(found, dossier)),
        may_ask=concerned and not found.verdict and found.asked_at is None,
        asked_at=found.asked_at,
        looked_at=found.reviewed_at,
        is_upheld=found.verdict == "upheld",
        revoked_at=found.revoked_at,
        revoked_because=found.note if found.revoked_at else "",
    )


def _reasons(decision: AutomaticDecision, dossier: Dossier) -> Iterable[str]:
    registers = Register.objects.in_bulk()
    papers = {one.code: one.name_vi for one in definition_of(dossier=dossier).components}
    for raw in decision.grounds:
        ground = Ground.from_json(raw)
        register = registers.get(ground.source)
        source = either(register.name_vi, register.name_en) if register else ""
        yield _sentence(ground, papers.get(ground.name, ""), source)


def _sentence(ground: Ground, paper: str, source: str) -> str:
    words = {"paper": paper, "source": source, "day": _day(ground.as_of)}
    if ground.kind is Requirement.PAPER and ground.source == GENERATED:
        return _("%(paper)s: the portal made it from what is known.") % words
    sentences = {
        Requirement.PAPER: _("%(paper)s: %(source)s has it, as of %(day)s."),
        Requirement.FACTS: _("What stands in your form comes from %(source)s, as of %(day)s."),
        Requirement.ENTITLED: _("The rule that the agency released says that this is yours."),
        Requirement.DISCREPANCY: _("No value about you is in doubt."),
        Requirement.ALIVE: _("The owner and the applicant are in the population register."),
        Requirement.FEE: _("There is no fee, or it is paid."),
        Requirement.APART: _("Nobody who made this rule is your family."),
    }
    return sentences[ground.kind] % words


def _day(day: date | None) -> str:
    return "" if day is None else vi_date(day)
