"""Which papers a step calls for: noted in the step's transaction, made afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from citizens.models import User
from dossiers.enums import Action, FormKind
from dossiers.models import Dossier, DossierEvent, FormOrder

BY_STEP: Mapping[Action, FormKind] = {
    Action.RECEIVE: FormKind.RECEIPT,
    Action.REQUEST_SUPPLEMENT: FormKind.SUPPLEMENT,
    Action.REFUSE_RECEPTION: FormKind.REFUSAL,
    Action.EXTEND: FormKind.APOLOGY,
    Action.STOP: FormKind.STOP,
    Action.APPROVE: FormKind.RESULT,
    Action.CONFIRM_PAYMENT: FormKind.FEE_RECEIPT,
}
LETTERS: Mapping[str, FormKind] = {
    "birth_registration": FormKind.CONGRATULATION,
    "birth_linked": FormKind.CONGRATULATION,
    "marriage_registration": FormKind.CONGRATULATION,
    "death_registration": FormKind.CONDOLENCE,
    "death_linked": FormKind.CONDOLENCE,
}


def order_forms(*, dossier: Dossier, action: Action, event: DossierEvent, now: datetime) -> None:
    """Note what is to be made because of a step; call it in the step's transaction."""
    kinds = []
    if action in BY_STEP:
        kinds.append(BY_STEP[action])
    if action == Action.SUPPLEMENT and not _has_receipt(dossier):
        kinds.append(FormKind.RECEIPT)  # papers that complete a dossier are its reception
    if action == Action.APPROVE:
        letter = LETTERS.get(dossier.procedure_version.procedure.key)
        kinds += [letter] if letter else []
    for kind in kinds:
        order_form(dossier=dossier, kind=kind, event=event, user=event.official, now=now)


def order_form(
    *, dossier: Dossier, kind: FormKind, event: DossierEvent, user: User | None, now: datetime
) -> FormOrder:
    """Return the order of a paper for a step; asked twice, it is the same one."""
    order, _made = FormOrder.objects.get_or_create(
        event=event, kind=kind, defaults={"dossier": dossier, "user": user, "due_at": now}
    )
    return order


def _has_receipt(dossier: Dossier) -> bool:
    return FormOrder.objects.filter(dossier=dossier, kind=FormKind.RECEIPT).exists()
