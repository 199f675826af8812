"""For whom a procedure may be begun from its page."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from citizens.enums import PartyKind
from citizens.models import Citizen, Party
from dossiers.selectors.ages import age_fault
from procedures.definition import ProcedureDefinition
from procedures.enums import SubjectKind


def unfit_owner(
    *, definition: ProcedureDefinition, applicant: Citizen, owner: Party, day: date
) -> str:
    """Return why the procedure is not for `owner`, "" if it is: an organisation, or of which age.

    Whether the applicant may act for them is asked when it is kept or filed.
    """
    if definition.trigger.subject == SubjectKind.ORGANISATION:
        is_for, wanted = _("This is filed for organisations."), PartyKind.ORGANISATION
    else:
        is_for, wanted = _("This is filed for people."), PartyKind.CITIZEN
    if owner.kind != wanted:
        return is_for
    return age_fault(definition=definition, applicant=applicant, owner=owner, day=day)
