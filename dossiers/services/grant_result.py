"""A positive decision becomes a Result, and where it grants a paper, a row of that register."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from citizens.enums import PartyKind
from citizens.models import Citizen, Credential
from citizens.services import store_credential
from dossiers.models import Dossier, Result
from dossiers.selectors import definition_of
from portal.common.errors import RefusedError
from procedures.definition import CredentialDefinition, ProcedureDefinition
from procedures.enums import TriggerKind
from procedures.rules import next_expiry, renewed_class

# The card's number is the person's own (Luật Căn cước 26/2023/QH15), and so is that of a household
# business, which is its owner's tax code since 01/07/2025 (the catalogue's form says so).
_NUMBERED_BY_PERSON = ("citizen_identity_card", "household_business_certificate")
_FUNERAL = "funeral_grant"


def grant_result(*, dossier: Dossier, decided_on: date) -> Result:
    """Return the result of an approved dossier; call it in the transaction of the decision.

    A renewal continues the line of the paper that the dossier is about, so that the next cycle
    begins with it. RefusedError when the catalogue cannot tell how long the new paper is valid, or
    nobody how much money is granted.
    """
    definition = definition_of(dossier=dossier)
    told = {name: str(entry.get("value", "")) for name, entry in dossier.form.items()}
    if has_no_ground(key=definition.key, answers=told):
        raise RefusedError(
            _(
                "The form says that the deceased received no benefit, and this allowance comes only"
                " with one. Please stop the dossier and tell the family why."
            )
        )
    if definition.result.grants_money and dossier.granted_vnd is None:
        raise RefusedError(_("Please type the amount that is granted before you approve."))
    granted = definition.credential
    paper = None if granted is None else _grant(dossier, granted, decided_on)
    return Result.objects.create(
        dossier=dossier,
        code=definition.result.code or "",
        name_vi=definition.result.name_vi,
        credential=paper,
        decided_on=decided_on,
    )


def bears_number(definition: ProcedureDefinition) -> bool:
    """Return whether the paper that a procedure grants bears the personal number of its holder."""
    paper = definition.credential
    return paper is not None and paper.type in _NUMBERED_BY_PERSON


def has_no_ground(*, key: str, answers: Mapping[str, str]) -> bool:
    """Return whether the family's own answers leave nothing to grant.

    The allowance for a funeral follows from what the deceased received (the catalogue's notes).
    """
    return key == _FUNERAL and answers.get("benefit_kind") == "Không"


def _grant(dossier: Dossier, granted: CredentialDefinition, issued_on: date) -> Credential:
    previous = _previous(dossier, granted.type)
    category = renewed_class(previous.category, previous.issued_on) if previous else ""
    return store_credential(
        holder=dossier.owner,
        kind=granted.type,
        register=granted.register,
        number=_number(dossier, granted.type, previous),
        category=category,
        issued_on=issued_on,
        expires_on=_expiry(dossier, granted, category, issued_on),
        issuer=dossier.competent.name_vi,
        unit=dossier.unit,
        as_of=issued_on,
        details={"dossier": dossier.code},
        previous=previous,
    )


def _previous(dossier: Dossier, kind: str) -> Credential | None:
    """Return the paper being renewed: the suggestion's, else the only standing one of its kind."""
    suggestion = dossier.suggestion
    mine = Credential.objects.filter(holder=dossier.owner, kind=kind)
    if suggestion is not None and suggestion.rule.kind == TriggerKind.CREDENTIAL_EXPIRY:
        return mine.filter(pk=dossier.anchor).first()
    standing = list(mine.live()[:2])
    return standing[0] if len(standing) == 1 else None


def _number(dossier: Dossier, kind: str, previous: Credential | None) -> str:
    """Return the new paper's number: kept, the person's own, or the dossier's until one is told."""
    owner = _citizen(dossier)
    if kind in _NUMBERED_BY_PERSON and owner is not None:
        if owner.pin is None:
            raise RefusedError(
                _(
                    "No personal number of %(name)s is known yet, and it is the number of this"
                    " paper. Please decide when the number is known."
                )
                % {"name": owner.full_name}
            )
        return owner.pin
    return dossier.code if previous is None else previous.number


def _expiry(
    dossier: Dossier, granted: CredentialDefinition, category: str, issued_on: date
) -> date | None:
    owner = _citizen(dossier)
    birth_date, gender = (owner.birth_date, owner.gender) if owner else (None, "")
    try:
        return next_expiry(granted.validity, issued_on, category, birth_date, gender)
    except ValueError as error:
        raise RefusedError(
            _("The catalogue does not say how long this paper is valid: %(why)s") % {"why": error}
        ) from error


def _citizen(dossier: Dossier) -> Citizen | None:
    return dossier.owner.citizen if dossier.owner.kind == PartyKind.CITIZEN else None
