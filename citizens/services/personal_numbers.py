"""The personal number of a child whose birth is registered here: with its entry, or afterwards."""

from __future__ import annotations

import re
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from citizens.enums import FactKind, Gender
from citizens.models import Citizen, CitizenSensitive, FactChange, RegisterRecord
from citizens.registers import cells
from citizens.rules import is_province_of_numbers
from portal.common.crypto import keyed_index
from portal.common.errors import RefusedError


def fitting_number(typed: str, *, birth_date: date, gender: str) -> str:
    """Return the number that was typed, blanks and dots aside, if it can be that of this child.

    The number tells province, century with sex, and year of birth (domain.md section 4). Registers
    deliver old ones that do not fit and are only warned of; a number given now must fit.
    RefusedError says what does not, and where somebody has the number.
    """
    try:
        found = cells.pin(re.sub(r"[\s.]", "", typed))
    except cells.BadCell:
        raise RefusedError(_("The personal number has 12 digits.")) from None
    if not is_province_of_numbers(found.text[:3]):
        raise RefusedError(
            _("No province has the code with which this number begins: %(code)s.")
            % {"code": found.text[:3]}
        )
    if found.gender != Gender(gender):
        raise RefusedError(
            _("The fourth digit of this number tells another sex or century than the child's.")
        )
    if found.year != birth_date.year:
        raise RefusedError(
            _("This number tells the birth year %(told)s, but the child was born in %(born)s.")
            % {"told": found.year, "born": birth_date.year}
        )
    if Citizen.objects.with_pin(found.text).exists():
        raise RefusedError(_("Somebody else has this personal number."))
    return found.text


def registration_of(*, child: Citizen) -> str:
    """Return the code of the dossier that registered the birth, "" where none here did."""
    written = RegisterRecord.objects.filter(body__has_key="dossier", kind="birth", subject=child.pk)
    body = written.values_list("body", flat=True).first()
    return "" if body is None else str(body["dossier"])


@transaction.atomic
def give_number(*, child: Citizen, typed: str) -> Citizen:
    """Return the child, which from now on has the number that the population register gave it.

    What registers hold of the child is found by that number from then on, so that a later delivery
    meets these rows. RefusedError where the number does not fit, the child has one already, or its
    birth was not registered here.
    """
    held = Citizen.objects.select_for_update(of=("self",), no_key=True).get(pk=child.pk)
    reference = registration_of(child=held)
    if held.pin_index is not None or not reference:
        raise RefusedError(_("The number of this child is known already, or not for us to enter."))
    number = fitting_number(typed, birth_date=held.birth_date, gender=held.gender)
    sealed = CitizenSensitive.objects.select_related("citizen").filter(citizen=held).first()
    body = sealed.body if sealed is not None else {}
    held.pin_index, held.pin_enc = Citizen.index_of(number), Citizen.seal_pin(number)
    held.version += 1
    try:
        with transaction.atomic():
            held.save(update_fields=["pin_index", "pin_enc", "version"])
    except IntegrityError:
        raise RefusedError(_("Somebody else has this personal number.")) from None
    if sealed is not None:  # it is bound to the number
        sealed.body_enc = CitizenSensitive.seal_body(held.seal_identity, body)
        sealed.save(update_fields=["body_enc"])
    _rename_records(held, reference, number)
    FactChange.objects.create(kind=FactKind.CITIZEN, object_id=held.pk, subject_id=held.pk)
    return held


def _rename_records(child: Citizen, reference: str, number: str) -> None:
    """Let the records that the registration wrote under its code stand under the number."""
    for register, kind in (("CIVIL", "birth"), ("NPD", "person")):
        RegisterRecord.objects.filter(
            register=register,
            kind=kind,
            key_index=keyed_index(register, kind, reference),
            subject=child.pk,
        ).update(key_index=keyed_index(register, kind, number))
