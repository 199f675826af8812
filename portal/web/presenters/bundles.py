"""The steps of a bundle on a citizen's page: what one press files, what follows, what is spared."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from citizens.models import Citizen
from dossiers.models import Dossier
from dossiers.selectors import dossiers_of
from portal.web.presenters.language import either
from procedures.definition.laws import laws_text
from procedures.selectors import BundleStep, Offer


@dataclass(frozen=True)
class StepLine:
    """One procedure of a bundle, and what is to be known of it; `note` may be ""."""

    name: str
    note: str


@dataclass(frozen=True)
class WishLine:
    """A step for whoever wishes: its code, and whether the person wishes it."""

    name: str
    note: str
    code: str
    is_wanted: bool


@dataclass(frozen=True)
class StepLines:
    """The steps of a bundle by what becomes of them; all empty where one step stands alone.

    `filed` at once, `later` by themselves, `wishes` if the person says so, `spared` by the law.
    """

    filed: list[StepLine]
    later: list[StepLine]
    wishes: list[WishLine]
    spared: list[StepLine]

    @property
    def are_told(self) -> bool:
        """Whether there is more to say than the one procedure that the page is about."""
        return len(self.filed) + len(self.later) + len(self.wishes) + len(self.spared) > 1

    @property
    def wanted(self) -> list[str]:
        """The codes of what the person wishes besides."""
        return [step.code for step in self.wishes if step.is_wanted]


def step_lines(offer: Offer) -> StepLines:
    """Return what one confirmation files, what follows and when, and what is not needed."""
    spared = [step for step in offer.steps if step.exemption is not None]
    needed = [step for step in offer.steps if step not in spared]
    later = [step for step in needed if step.follows]
    wishes = [step for step in needed if step.is_optional]
    return StepLines(
        filed=[StepLine(_name(step), "") for step in needed if step.is_filed],
        later=[StepLine(_name(step), _when(step)) for step in later],
        wishes=[
            WishLine(_name(step), _when(step), step.code, step.follows or step.is_filed)
            for step in wishes
        ],
        spared=[StepLine(_name(step), _why_spared(step)) for step in spared],
    )


def _name(step: BundleStep) -> str:
    return either(step.name_vi, step.name_en)


def _when(step: BundleStep) -> str:
    """Return when a step is filed: nobody has to think of it."""
    if step.after is None:
        return _("It is filed together with the first step.")
    before = {"step": either(*step.after)}
    return _("Filed by itself once “%(step)s” is granted; you need to do nothing more.") % before


def _why_spared(step: BundleStep) -> str:
    if step.exemption is None:
        return ""
    why = either(step.exemption.name_vi, step.exemption.name_en)
    laws = laws_text(step.exemption.legal_basis)
    return f"{why} ({laws})" if laws else why


@dataclass(frozen=True)
class Beside:
    """Another dossier of the same confirmation."""

    title: str
    code: str
    state: str
    url: str


@dataclass(frozen=True)
class Siblings:
    """The other dossiers of a dossier's case, of what the person may see, and the case's page."""

    url: str
    dossiers: list[Beside]


def filed_together(dossier: Dossier, citizen: Citizen) -> Siblings | None:
    """Return what the confirmation of a dossier filed with it, None for a dossier by itself.

    Two queries, none for a dossier by itself.
    """
    case = dossier.bundle_case
    if case is None:
        return None
    others = dossiers_of(citizen=citizen).filter(bundle_case=case)
    return Siblings(
        url=reverse("web:case", args=[case.public_id]),
        dossiers=[
            Beside(
                title=either(one.procedure_version.name_vi, one.procedure_version.name_en),
                code=one.code,
                state=one.get_status_display(),
                url=reverse("web:dossier", args=[one.public_id]),
            )
            for one in others.exclude(pk=dossier.pk)
        ],
    )
