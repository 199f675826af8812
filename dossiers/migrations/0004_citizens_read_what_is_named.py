"""Citizens' pages read named tables only; row security on the rest of what tells of people.

Not under row security, though pages read them: accounts and officials (who looked, who decided),
parties and organisations, offices and units, the catalogue, the texts, and who was told of a
suggestion. The selectors alone choose the rows of those.
"""

from __future__ import annotations

from django.db import migrations

from portal.common.db_roles import read_only_what_is_named, row_security
from portal.common.row_security import FAMILY, PARTIES, PARTY_LIST, PERSON

# Sub-selects in a condition are themselves under the policies of the tables they read.
_ACCOUNT = f"SELECT id FROM citizens_user WHERE citizen_id = {PERSON}"  # noqa: S608
_DOSSIERS = "SELECT id FROM dossiers_dossier"
_EVENTS = "SELECT event_id FROM citizens_eventparty"
_HOUSEHOLDS = "SELECT household_id FROM citizens_householdmember"
# A form names the household of whom it is about, and what registers hold about that household.
# (They are of the family; saying so lets an index find them.)
_FORMS_ARE_ABOUT = f"SELECT subject_id FROM procedures_suggestion WHERE subject_id = {FAMILY}"  # noqa: S608
_HOMES = f"{_HOUSEHOLDS} WHERE citizen_id = {PARTIES} OR citizen_id IN ({_FORMS_ARE_ABOUT})"  # noqa: S608

ROWS = {
    "citizens_accesslog": f"subject_ids && {PARTY_LIST}",
    "citizens_authority": f"actor_id = {PERSON} OR for_party_id = {PARTIES}",
    "citizens_consent": f"citizen_id = {PARTIES}",
    "citizens_datarequest": f"citizen_id = {PARTIES} OR requested_by_id IN ({_ACCOUNT})",
    "citizens_discrepancy": f"subject_id = {PARTIES} OR raised_by_id IN ({_ACCOUNT})",
    "citizens_eventparty": f"party_id = {FAMILY}",
    "citizens_household": f"party_id IN ({_HOUSEHOLDS})",
    "citizens_householdmember": f"citizen_id = {FAMILY}",
    "citizens_lifeevent": f"id IN ({_EVENTS})",
    "citizens_registerrecord": f"subject_id = {FAMILY} OR subject_id IN ({_HOMES})",
    "citizens_relation": f"person_id = {FAMILY} AND relative_id = {FAMILY}",
    "dossiers_clockevent": f"dossier_id IN ({_DOSSIERS})",
    "dossiers_dossierevent": f"dossier_id IN ({_DOSSIERS})",
    "dossiers_result": f"dossier_id IN ({_DOSSIERS})",
}
# From the migration before.
UNDER_ROW_SECURITY = (
    "citizens_citizen",
    "citizens_citizensensitive",
    "citizens_contactpoint",
    "citizens_credential",
    "dossiers_document",
    "dossiers_dossier",
    "dossiers_dossierpaper",
    "notifications_message",
    "procedures_suggestion",
)
ALL_ROWS = (
    "citizens_agency",
    "citizens_agencykind",
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
    "notifications_topic",
    "procedures_bundle",
    "procedures_procedure",
    "procedures_procedureversion",
    "procedures_recipient",
    "procedures_rule",
    "procedures_ruleversion",
)


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0003_row_security"),
        ("procedures", "0002_closed_suggestions"),
        ("notifications", "0004_demo_phones_sealed"),
        ("citizens", "0005_lighter_keys"),
    ]
    operations = [
        *(row_security(table, rows_of_the_person=rows) for table, rows in ROWS.items()),
        read_only_what_is_named(*ROWS, *UNDER_ROW_SECURITY, *ALL_ROWS),
    ]
