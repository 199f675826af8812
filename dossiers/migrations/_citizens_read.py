"""Citizens' own pages read named tables only, under row security where those tell of people.

It stands here, because this room sees all the tables.

Not under row security, though pages read them: accounts and officials (who looked, who decided),
parties and organisations, offices and units, the catalogue, the texts, and who was told of a
suggestion. The selectors alone choose the rows of those.
"""

from __future__ import annotations

from django.db import migrations
from django.db.migrations.operations.base import Operation

from portal.common.db_roles import APP_ROLE, CITIZEN_ROLE, citizens_may_read, row_security
from portal.common.row_security import FAMILY, PARTIES, PARTY_LIST, PERSON

# Sub-selects in a condition are themselves under the policies of the tables they read.
_ACCOUNT = f"SELECT id FROM citizens_user WHERE citizen_id = {PERSON}"  # noqa: S608 - no value from outside
_CASES = "SELECT bundle_case_id FROM dossiers_dossier WHERE bundle_case_id IS NOT NULL"
_EVENTS = "SELECT event_id FROM citizens_eventparty"
_HOUSEHOLDS = "SELECT household_id FROM citizens_householdmember"
# A form names the household of whom it is about, and what registers hold about that household.
# (They are of the family; saying so lets an index find them.)
_FORMS_ARE_ABOUT = f"SELECT subject_id FROM procedures_suggestion WHERE subject_id = {FAMILY}"  # noqa: S608 - no value from outside
_HOMES = f"{_HOUSEHOLDS} WHERE citizen_id = {PARTIES} OR citizen_id IN ({_FORMS_ARE_ABOUT})"
_ISSUED = "SELECT document_id FROM dossiers_issuedform WHERE kind <> '06'"
# Rows of that table are themselves shown to the applicant and to the owner's side only: who files
# for another sees the files that they laid ready, not only after filing.
_LAID_READY = "SELECT document_id FROM dossiers_preparedpaper"
_OF_A_DOSSIER = "dossier_id IN (SELECT id FROM dossiers_dossier)"
_OWN = f"owner_id = {PARTIES} OR applicant_id = {PERSON}"
_PAPERS = "SELECT document_id FROM dossiers_dossierpaper WHERE document_id IS NOT NULL"
_PEOPLE_OF_DOSSIERS = "SELECT unnest(ARRAY[owner_id, applicant_id]) FROM dossiers_dossier"
_RECEIVED = f"SELECT suggestion_id FROM procedures_recipient WHERE citizen_id = {PERSON}"  # noqa: S608 - no value from outside

ROWS = {
    "citizens_accesslog": f"subject_ids && {PARTY_LIST}",
    "citizens_authority": f"actor_id = {PERSON} OR for_party_id = {PARTIES}",
    "citizens_citizen": f"party_id = {FAMILY} OR party_id IN ({_PEOPLE_OF_DOSSIERS})",
    "citizens_citizensensitive": f"citizen_id = {FAMILY}",
    "citizens_consent": f"citizen_id = {PARTIES}",
    "citizens_contactpoint": f"party_id = {PARTIES}",
    "citizens_credential": f"holder_id = {FAMILY}",
    "citizens_datarequest": f"citizen_id = {PARTIES} OR requested_by_id IN ({_ACCOUNT})",
    "citizens_discrepancy": f"subject_id = {PARTIES} OR raised_by_id IN ({_ACCOUNT})",
    "citizens_eventparty": f"party_id = {FAMILY}",
    "citizens_helprequest": f"helper_id = {PERSON} OR person_id = {PERSON}",
    "citizens_household": f"party_id IN ({_HOUSEHOLDS})",
    "citizens_householdmember": f"citizen_id = {FAMILY}",
    "citizens_lifeevent": f"id IN ({_EVENTS})",
    "citizens_registerrecord": f"subject_id = {FAMILY} OR subject_id IN ({_HOMES})",
    "citizens_relation": f"person_id = {FAMILY} AND relative_id = {FAMILY}",
    "dossiers_automaticdecision": _OF_A_DOSSIER,
    "dossiers_bundlecase": f"{_OWN} OR id IN ({_CASES})",
    "dossiers_bundlestep": "case_id IN (SELECT id FROM dossiers_bundlecase)",
    "dossiers_clockevent": _OF_A_DOSSIER,
    "dossiers_document": (
        f"owner_id = {PARTIES} OR id IN ({_PAPERS}) OR id IN ({_ISSUED}) OR id IN ({_LAID_READY})"
    ),
    "dossiers_dossier": _OWN,
    "dossiers_dossierevent": _OF_A_DOSSIER,
    "dossiers_dossierpaper": _OF_A_DOSSIER,
    # Who has begun something finds it again.
    "dossiers_draft": f"applicant_id = {PERSON}",
    "dossiers_issuedform": _OF_A_DOSSIER,
    "dossiers_payment": _OF_A_DOSSIER,
    # Who paid a fee of their dossier sees what arrived for it, also what fits no fee.
    "dossiers_paymentnotice": "payment_id IN (SELECT id FROM dossiers_payment)",
    "dossiers_preparedpaper": _OWN,
    "dossiers_rating": _OF_A_DOSSIER,
    "dossiers_result": _OF_A_DOSSIER,
    "dossiers_stage": _OF_A_DOSSIER,
    "dossiers_supplementrequest": _OF_A_DOSSIER,
    "notifications_message": f"recipient_id = {PARTIES}",
    "notifications_preference": f"party_id = {PARTIES}",
    "procedures_openmatter": f"party_id = {FAMILY}",
    "procedures_suggestion": f"subject_id = {PARTIES} OR id IN ({_RECEIVED})",
}
ALL_ROWS = (
    "citizens_agency",
    "citizens_agencykind",
    "citizens_calendarchange",
    "citizens_holiday",
    "citizens_official",
    "citizens_organisation",
    "citizens_party",
    "citizens_register",
    "citizens_seal",
    "citizens_unit",
    "citizens_unitsuccession",
    "citizens_user",
    "notifications_text",
    "notifications_textversion",
    "notifications_topic",
    "procedures_bundle",
    "procedures_bundleversion",
    "procedures_procedure",
    "procedures_procedureversion",
    "procedures_recipient",
    "procedures_rule",
    "procedures_ruleversion",
)
# Whether a kind of paper or event was ever delivered says whether its absence means anything. That
# is asked of everybody's rows, so a function of the owner's answers it with yes or no.
_WAS_DELIVERED = f"""
CREATE FUNCTION was_delivered(kind text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT EXISTS (SELECT FROM citizens_credential AS paper WHERE paper.kind = $1)
        OR EXISTS (SELECT FROM citizens_lifeevent AS event WHERE event.kind = $1)
$$;
REVOKE ALL ON FUNCTION was_delivered(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION was_delivered(text) TO {APP_ROLE}, {CITIZEN_ROLE};
"""  # noqa: S608 - text of our own, without any value from outside

CITIZENS_READ: list[Operation] = [
    *(row_security(table, rows_of_the_person=rows) for table, rows in ROWS.items()),
    citizens_may_read(*ROWS, *ALL_ROWS),
    migrations.RunSQL(_WAS_DELIVERED, "DROP FUNCTION was_delivered(text)"),
]
