"""The steps of a bundle on a citizen's page: what one press files, what follows, what is spared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from citizens.models import Citizen
from dossiers.models import Dossier
from dossiers.selectors import dossiers_of
from portal.web.presenters.language import either
from procedures.selectors import BundleStep, Offer, offered_unasked


@dataclass(frozen=True)
class StepLine:
    """One procedure of a bundle, and what is to be known of it; `note` may be ""."""

    name: str
    note: str


@dataclass(frozen=True)
class StepLines:
    """The steps of a bundle by what becomes of them; all empty where one step stands alone.

    `is_one_dossier` where a linked procedure files for all steps.
    """

    filed: list[StepLine]
    later: list[StepLine]
    spared: list[StepLine]
    is_one_dossier: bool = False

    @property
    def are_told(self) -> bool:
        """Whether there is more to say than the one procedure that the page is about."""
        return len(self.filed) + len(self.later) + len(self.spared) > 1


def step_lines(offer: Offer, day: date) -> StepLines:
    """Return what one confirmation files on `day`, what follows and when, and what is not needed.

    Three queries where something follows, else none.
    """
    spared = [step for step in offer.steps if step.exemption is not None]
    filed = [step for step in offer.steps if step.is_filed and step.exemption is None]
    later = [step for step in offer.steps if step not in spared and step not in filed]
    unasked = offered_unasked(codes=[step.code for step in later], day=day) if later else set()
    return StepLines(
        filed=[StepLine(_name(step), _wished(step)) for step in filed],
        later=[StepLine(_name(step), _when(step, step.code in unasked)) for step in later],
        spared=[StepLine(_name(step), _why_spared(step)) for step in spared],
        is_one_dossier=len(filed) > len(offer.versions),
    )


def _name(step: BundleStep) -> str:
    return either(step.name_vi, step.name_en)


def _wished(step: BundleStep) -> str:
    return _("if you wish") if step.is_optional else ""


def _when(step: BundleStep, is_offered: bool) -> str:
    """Return when a step follows, and who has to think of it."""
    if step.after is None:
        return _("Only if you wish; it is filed by itself.")
    before = {"step": either(*step.after)}
    if is_offered:
        return (
            _("Once “%(step)s” is granted and stands in the register, we offer you this by itself.")
            % before
        )
    return _("You file this yourself once “%(step)s” is granted.") % before


def _why_spared(step: BundleStep) -> str:
    if step.exemption is None:
        return ""
    why = either(step.exemption.name_vi, step.exemption.name_en)
    laws = ", ".join(step.exemption.legal_basis)
    return f"{why} ({laws})" if laws else why


def filed_beside(dossiers: Sequence[Dossier]) -> list[str]:
    """Return a sentence for each dossier that was filed beside the first."""
    said = _("Filed by the same confirmation: %(name)s, code %(code)s.")
    return [
        said
        % {
            "name": either(one.procedure_version.name_vi, one.procedure_version.name_en),
            "code": one.code,
        }
        for one in dossiers[1:]
    ]


@dataclass(frozen=True)
class Beside:
    """Another dossier of the same confirmation."""

    title: str
    code: str
    state: str
    url: str


def filed_together(dossier: Dossier, citizen: Citizen) -> list[Beside]:
    """Return what the confirmation of a dossier filed with it, of what the person may see.

    One query, none for a dossier by itself.
    """
    if dossier.bundle_case_id is None:
        return []
    others = dossiers_of(citizen=citizen).filter(bundle_case=dossier.bundle_case_id)
    return [
        Beside(
            title=either(one.procedure_version.name_vi, one.procedure_version.name_en),
            code=one.code,
            state=one.get_status_display(),
            url=reverse("web:dossier", args=[one.public_id]),
        )
        for one in others.exclude(pk=dossier.pk)
    ]
