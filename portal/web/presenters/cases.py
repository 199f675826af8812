"""A bundle case as its citizen follows it: what is done, what runs, what waits for what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from citizens.models import Citizen
from dossiers.bundle_rules import (
    AWAITS_NUMBER,
    CLOSED,
    EXEMPT,
    NEEDS_ANSWERS,
    NO_GROUND,
    NOT_CHOSEN,
    Child,
    Move,
    held_up,
    may,
)
from dossiers.enums import BundleStepState
from dossiers.models import BundleCase, BundleStep
from dossiers.rules import child_named
from dossiers.selectors.bundles import alternatives_to, cases_of
from portal.web.presenters.dossiers import number_awaited, title_of, tone_of
from portal.web.presenters.language import either
from portal.web.presenters.matters import Matter
from portal.web.templatetags.portal_format import vi_date
from procedures.definition import ProcedureDefinition
from procedures.definition.bundle import BundleDefinition
from procedures.definition.laws import laws_text
from procedures.enums import Addressee
from procedures.models import ProcedureVersion
from procedures.models.catalogue import in_force
from procedures.selectors import bundle_version_in_force

_S = BundleStepState
_ON_THE_LINE = {_S.DONE: "done", _S.FILED: "now", _S.READY: "now", _S.FAILED: "now"}
_STUCK = (_S.FAILED, _S.READY)


@dataclass(frozen=True)
class Press:
    """One button of a step: the move that it makes, and for a replacement the code of what by."""

    label: str
    move: Move
    kind: str = "secondary"
    code: str = ""


@dataclass(frozen=True)
class StepCard:
    """One step on the line of a case; `line` is done, now or next. Sentences may be ""."""

    position: int
    version: int
    title: str
    line: str
    state: str
    tone: str
    notes: list[str]
    due_on: date | None = None
    code: str = ""
    url: str = ""
    answer_url: str = ""
    presses: list[Press] = field(default_factory=list)


@dataclass(frozen=True)
class CasePage:
    """The head of templates/web/case.html; `next_on` is the next day that brings a result.

    `about` says of which child or of whose death it is, "" for other cases.
    """

    title: str
    code: str
    summary: str
    next_on: date | None
    about: str
    is_quiet: bool
    steps: list[StepCard]


def case_page(case: BundleCase, steps: Sequence[BundleStep], day: date) -> CasePage:
    """Return the page of a case with its `steps` (of `case_steps`); five queries at most."""
    names = _names(steps, day)
    children = [_child(step) for step in steps]
    cards = [
        _card(case, step, child, children, names)
        for step, child in zip(steps, children, strict=True)
    ]
    due = [card.due_on for card in cards if card.due_on is not None]
    return CasePage(
        title=case_title(case, day),
        code=case.tracking_code,
        summary=_summary(steps),
        next_on=min(due, default=None),
        about=_about(case),
        is_quiet=is_quiet(case),
        steps=[_quiet(card) for card in cards] if is_quiet(case) else cards,
    )


def _about(case: BundleCase) -> str:
    """Return of which child the answers given once speak, or whose death it is; "" for others."""
    died = getattr(case.owner, "citizen", None) if is_quiet(case) else None
    if died is not None:
        return _("About %(name)s.") % {"name": died.full_name}
    names = filter(None, (child_named(answers) for answers in case.form.values()))
    name = next(names, "")
    return _("About the child %(name)s") % {"name": name} if name else ""


def case_title(case: BundleCase, day: date) -> str:
    """Return the name of the bundle in the page's language."""
    version = bundle_version_in_force(bundle=case.bundle, day=day)
    if version is None:
        return case.bundle.key
    bundle = BundleDefinition.from_json(version.definition)
    return either(bundle.name_vi, bundle.name_en)


def is_quiet(case: BundleCase) -> bool:
    """Whether the case follows a death: no colour and no haste on its page."""
    suggestion = case.suggestion
    if suggestion is None:
        return False
    return bool(suggestion.rule_version.definition.get("address") == Addressee.FAMILY)


def step_title(step: BundleStep, day: date) -> str:
    """Return the name of a step's procedure in the page's language."""
    return _names([step], day)[step.procedure.code]


def needing_cases(citizen: Citizen) -> QuerySet[BundleCase]:
    """Return the cases of which a step waits for the person."""
    moving = Q(reason="") | Q(reason__startswith=AWAITS_NUMBER)
    stuck = BundleStep.objects.filter(state__in=_STUCK).exclude(moving, state=_S.READY)
    return cases_of(citizen=citizen).filter(pk__in=stuck.values("case"))


def needing_cards(cases: Iterable[BundleCase], day: date) -> list[Matter]:
    """Return a card of "My matters" for each case of which a step waits for the person."""
    return [
        Matter(
            tone="neutral" if is_quiet(case) else "soon",
            state=_("A step needs you"),
            title=case_title(case, day),
            code=case.tracking_code,
            url=reverse("web:case", args=[case.public_id]),
            lines=[_("The other steps go on meanwhile.")],
            action=_("See what is needed"),
        )
        for case in cases
    ]


def _card(
    case: BundleCase,
    step: BundleStep,
    child: Child,
    children: Sequence[Child],
    names: Mapping[str, str],
) -> StepCard:
    state, tone = _badge(step, child, children)
    dossier = step.dossier
    asks = child.state is _S.READY and child.reason == NEEDS_ANSWERS
    place = [case.public_id, step.position]
    return StepCard(
        position=step.position,
        version=step.version,
        title=names[child.code],
        line=_ON_THE_LINE.get(child.state, "next"),
        state=state,
        tone=tone,
        notes=_notes(step, child, children, names),
        due_on=dossier.appointment_on if dossier and child.state is _S.FILED else None,
        code=dossier.code if dossier else "",
        url=reverse("web:dossier", args=[dossier.public_id]) if dossier else "",
        answer_url=reverse("web:case_step", args=place) if asks else "",
        presses=_presses(step, child, names),
    )


def _badge(step: BundleStep, child: Child, children: Sequence[Child]) -> tuple[str, str]:
    """Return the word on how a step stands and its tone; of a filed one that of its dossier."""
    if child.state is _S.FILED and step.dossier is not None:
        return step.dossier.get_status_display(), tone_of(step.dossier)
    if child.state is _S.WAITING and held_up(child, children):
        return _("Cannot begin yet"), "soon"
    if child.state is _S.DROPPED and child.reason == NOT_CHOSEN:
        return _("Not chosen"), "neutral"
    if child.state is _S.DROPPED and child.reason.startswith(EXEMPT):
        return pgettext("a step", "Not needed"), "ok"
    if child.state is _S.READY and child.reason.startswith(AWAITS_NUMBER):
        return _("Waits for the child's number"), "soon"
    if child.state is _S.READY and child.reason:
        return _("Needs you"), "late"
    return {
        _S.WAITING: (_("Waits its turn"), "neutral"),
        _S.READY: (_("Being filed"), "progress"),
        _S.FILED: (pgettext("step of a case", "Filed"), "progress"),
        _S.DONE: (_("Done"), "ok"),
        _S.FAILED: (_("Came to no result"), "late"),
        _S.REPLACED: (_("Replaced"), "neutral"),
        _S.DROPPED: (_("Left out"), "neutral"),
    }[child.state]


def _notes(
    step: BundleStep, child: Child, children: Sequence[Child], names: Mapping[str, str]
) -> list[str]:
    match child.state:
        case _S.WAITING:
            return [_why_waiting(child, children, names)]
        case _S.READY:
            return [_why_ready(child.reason)]
        case _S.FILED | _S.DONE:
            return _of_dossier(step)
        case _S.FAILED:
            said = _("Reason: %(reason)s") % {"reason": child.reason} if child.reason else ""
            return [said] if said else []
        case _S.REPLACED:
            other = names.get(child.reason, child.reason)
            return [_("Instead of it: “%(step)s”.") % {"step": other}]
    return [_why_out(step, child)]


def _of_dossier(step: BundleStep) -> list[str]:
    dossier = step.dossier
    if dossier is None:
        return []
    result = getattr(dossier, "result", None)
    if result is not None:
        told = {"paper": result.name_vi, "day": vi_date(result.decided_on)}
        return [_("%(paper)s, granted on %(day)s.") % told]
    return [_("It is now at %(office)s.") % {"office": dossier.competent.name_vi}]


def _why_waiting(child: Child, children: Sequence[Child], names: Mapping[str, str]) -> str:
    blocked = held_up(child, children)
    if blocked:
        told = {"step": "”, “".join(names[code] for code in blocked)}
        return (
            _(
                "It needs the result of “%(step)s”, on which nobody works. Take that step up "
                "again, or leave this one out."
            )
            % told
        )
    told = {"step": "”, “".join(names[code] for code in child.after)}
    return _("Filed by itself once “%(step)s” is granted; you need to do nothing more.") % told


def _why_ready(reason: str) -> str:
    if reason == NEEDS_ANSWERS:
        return _("It is its turn, but something is missing that only you know.")
    word, _colon, office = reason.partition(":")
    if word == AWAITS_NUMBER:
        return number_awaited(office) + " " + _("Then this step goes on.")
    return reason or _("It is its turn: the portal files it within a minute.")


def _why_out(step: BundleStep, child: Child) -> str:
    word, _colon, key = child.reason.partition(":")
    if word == EXEMPT:
        return _exemption(step, key)
    return {
        NOT_CHOSEN: _("You did not choose this step. You can still add it."),
        CLOSED: _("This procedure is no longer in force, so nothing has to be filed."),
        NO_GROUND: _(
            "Not filed: by your answer the deceased received no pension, allowance or benefit, and "
            "this one comes only with it. If that is not so, please tell the ward's office."
        ),
    }.get(word, _("You left this step out."))


def _exemption(step: BundleStep, key: str) -> str:
    """Return the exemption that spares the person the step, by its name in any version."""
    for document in step.procedure.versions.values_list("definition", flat=True):
        for one in ProcedureDefinition.from_json(document).exemptions:
            if one.key == key:
                laws = laws_text(one.legal_basis)
                name = either(one.name_vi, one.name_en)
                return _("Not needed: %(why)s.") % {"why": f"{name} ({laws})" if laws else name}
    return _("The law spares you this step.")


def _presses(step: BundleStep, child: Child, names: Mapping[str, str]) -> list[Press]:
    presses = []
    if may(child, Move.RETRY):
        presses.append(Press(_("File it again"), Move.RETRY))
        presses += [
            Press(
                _("Instead: %(name)s") % {"name": either(one.name_vi, one.name_en)},
                Move.REPLACE,
                code=one.procedure.code,
            )
            for one in alternatives_to(step=step, day=step.changed_at.date())
        ]
    if may(child, Move.RESTORE):
        presses.append(Press(_("Add this step"), Move.RESTORE))
    if may(child, Move.DROP):
        presses.append(Press(_("Leave it out"), Move.DROP, "quiet"))
    return presses


def _names(steps: Sequence[BundleStep], day: date) -> dict[str, str]:
    codes = {step.procedure.code for step in steps}
    held = ProcedureVersion.objects.filter(in_force(day), procedure__code__in=codes)
    names = {
        version.procedure.code: either(version.name_vi, version.name_en)
        for version in held.select_related("procedure")
    }
    for step in steps:
        filed = title_of(step.dossier) if step.dossier else step.procedure.code
        names.setdefault(step.procedure.code, filed)
    return names


def _summary(steps: Sequence[BundleStep]) -> str:
    needed = [one for one in steps if one.state not in (_S.DROPPED, _S.REPLACED)]
    done = sum(one.state == _S.DONE for one in needed)
    words = ngettext(
        "%(done)d of %(n)d step is done.", "%(done)d of %(n)d steps are done.", len(needed)
    )
    return words % {"done": done, "n": len(needed)}


def _quiet(card: StepCard) -> StepCard:
    tone = card.tone if card.tone == "ok" else "neutral"
    return StepCard(**{**card.__dict__, "tone": tone})


def _child(step: BundleStep) -> Child:
    return Child(
        code=step.procedure.code,
        state=BundleStepState(step.state),
        after=tuple(step.after),
        is_optional=step.is_optional,
        reason=step.reason,
    )
