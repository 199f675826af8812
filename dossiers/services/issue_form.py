"""Make a paper of a dossier: set it, seal it, keep it, and give it the code it is checked by."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.enums import PartyKind
from citizens.models import Party, User
from citizens.services.register_birth import born_of
from dossiers.documents.facts import TEMPLATES, Paper, facts_of
from dossiers.documents.signing import seal_of, seal_pdf
from dossiers.documents.store import store
from dossiers.documents.typesetting import typeset
from dossiers.enums import Action, DocumentOrigin, FormKind, FormOrderState, ScanVerdict
from dossiers.models import Document, Dossier, DossierEvent, FormOrder, IssuedForm, Result
from dossiers.selectors import is_birth, was_helped
from dossiers.services.order_forms import BY_STEP, order_form
from portal.common import clock
from portal.common.errors import RefusedError
from portal.common.outbox import claim

FORM_VERSION = "TT 03/2025/TT-VPCP"
LEASE = timedelta(minutes=3)  # many times what a paper takes
# Letters and digits that nobody misreads, and no vowels: 20 of them are 94 bits.
ALPHABET = "23456789CDFGHJKMNPQRTVWXYZ"
CODE_LENGTH = 20
_PDF = "application/pdf"
_FILE_NAMES: Mapping[FormKind, str] = {
    FormKind.RECEIPT: "giay-tiep-nhan",
    FormKind.SUPPLEMENT: "yeu-cau-bo-sung",
    FormKind.REFUSAL: "tu-choi-tiep-nhan",
    FormKind.APOLOGY: "xin-loi-gia-han",
    FormKind.STOP: "thong-bao-dung",
    FormKind.CONTROL: "phieu-kiem-soat",
    FormKind.RESULT: "ket-qua",
    FormKind.CONGRATULATION: "thu-chuc-mung",
    FormKind.CONDOLENCE: "thu-chia-buon",
    FormKind.FEE_RECEIPT: "bien-lai",
}
_STEPS: Mapping[FormKind, tuple[Action, ...]] = {
    **{kind: (action,) for action, kind in BY_STEP.items()},
    FormKind.RECEIPT: (Action.RECEIVE, Action.SUPPLEMENT),
    FormKind.CONGRATULATION: (Action.APPROVE,),
    FormKind.CONDOLENCE: (Action.APPROVE,),
}


def issue_form(*, dossier: Dossier, kind: FormKind, user: User | None, now: datetime) -> IssuedForm:
    """Return the paper of the last step that calls for one, made now unless it was made already.

    A control slip is of the dossier's last step, so a later one may be asked for after the next.
    RefusedError where no step called for this kind, or where another process makes it right now;
    errors of typesetting and of the seal come through.
    """
    event = _step_of(dossier, kind)
    if event is None:
        raise RefusedError(_("There is no occasion for this paper yet."))
    order = order_form(dossier=dossier, kind=kind, event=event, user=user, now=now)
    if order.form is None:
        open_now = FormOrder.objects.filter(pk=order.pk).exclude(state=FormOrderState.MADE)
        free = open_now.exclude(state=FormOrderState.MAKING, lease_until__gt=now)
        held = claim(free, held=FormOrderState.MAKING, until=now + LEASE, limit=1)
        if not held:
            raise RefusedError(_("This paper is being made; please look again in a moment."))
        made = fulfil(order=held[0], now=now)
        if made is None:
            raise RefusedError(_("This paper is being made; please look again in a moment."))
        return made
    return order.form


def fulfil(*, order: FormOrder, now: datetime) -> IssuedForm | None:
    """Make the paper of a claimed order; None where the claim had run out and another made it.

    Setting and sealing wait for nobody's lock: only keeping it is one transaction, fenced by the
    order's attempt. A kill at any moment leaves an order that is claimed anew, and at most a
    file without a row, which the sweep removes.
    """
    paper = _paper_of(order)
    seal = seal_of(paper.office)
    facts = facts_of(paper)
    at = order.event.happened_at
    unsealed = typeset(TEMPLATES[paper.kind], facts, at=at)
    data = seal_pdf(unsealed, seal=seal, agency=paper.office.name_vi, now=now)
    with transaction.atomic():
        mine = FormOrder.objects.select_for_update().filter(
            pk=order.pk, attempt=order.attempt, state=FormOrderState.MAKING
        )
        row = mine.first()
        if row is None:
            return None
        form = _keep(paper, facts["title"], data, order, now)
        row.state, row.form, row.lease_until, row.reason = FormOrderState.MADE, form, None, ""
        row.save(update_fields=["state", "form", "lease_until", "reason"])
    return form


def _step_of(dossier: Dossier, kind: FormKind) -> DossierEvent | None:
    """Return the step that calls for the paper: the first reception, else the last of its like."""
    steps = dossier.events.select_related("official__official", "delegation")
    if kind == FormKind.RECEIPT:
        return steps.filter(action__in=_STEPS[kind]).order_by("pk").first()
    if kind in _STEPS:
        steps = steps.filter(action__in=_STEPS[kind])
    return steps.order_by("pk").last()


def _paper_of(order: FormOrder) -> Paper:
    dossier = Dossier.objects.select_related(
        "procedure_version__procedure", "competent__unit", "received_at__unit", "applicant", "owner"
    ).get(pk=order.dossier_id)
    step = DossierEvent.objects.select_related(
        "official__official", "delegation__holder__user"
    ).get(pk=order.event_id)
    like = FormOrder.objects.filter(dossier=dossier, kind=order.kind, event__lt=order.event_id)
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    return Paper(dossier, FormKind(order.kind), step, code, turn=like.count() + 1)


def _keep(paper: Paper, title: str, data: bytes, order: FormOrder, now: datetime) -> IssuedForm:
    dossier = paper.dossier
    document = Document.objects.create(
        owner=_keeper(paper),
        origin=DocumentOrigin.RESULT,
        given_name=f"{_FILE_NAMES[paper.kind]}-{dossier.code}.pdf",
        media_type=_PDF,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        stored_name=store(data),
        scan_state=ScanVerdict.CLEAN,  # made here, of text alone
        title_vi=title,
        number=paper.number,
        issuer=paper.office.name_vi,
        issued_on=clock.civil_date(order.event.happened_at),
        is_signed=True,
    )
    if paper.kind == FormKind.RESULT:
        Result.objects.filter(dossier=dossier, document=None).update(document=document)
    return IssuedForm.objects.create(
        dossier=dossier,
        kind=paper.kind,
        form_version=FORM_VERSION if paper.kind.value.isdigit() else "",
        document=document,
        verify_code=paper.code,
        official=order.user,
        issued_at=now,
    )


def _keeper(paper: Paper) -> Party:
    """Return whose paper it is: a result its owner's, unless they died; the rest who filed.

    A birth certificate is the child's, so that both parents find it among their papers while the
    child is a minor. A helper keeps nothing of whom they help: there all of it is the owner's.
    """
    owner = paper.dossier.owner
    if paper.kind == FormKind.RESULT and is_birth(paper.dossier):
        child = born_of(reference=paper.dossier.code)
        if child is not None:
            return child.party
    if was_helped(dossier=paper.dossier):
        return owner
    is_person = owner.kind == PartyKind.CITIZEN
    if paper.kind == FormKind.RESULT and not (is_person and owner.citizen.died_on is not None):
        return owner
    return paper.dossier.applicant.party
