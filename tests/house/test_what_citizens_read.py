"""Whoever makes a table decides whether citizens' pages read it, and whose rows."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction

from portal.common.db_roles import APP_ROLE, CITIZEN_ROLE

pytestmark = pytest.mark.django_db

# No citizen's page reads these. A new table goes here, or its migration says `citizens_may_read`
# and, where it tells of people, `row_security` (both in portal.common.db_roles).
DENIED = {
    "account_emailaddress",
    "account_emailconfirmation",
    "allauth_idp_oidc_client",
    "allauth_idp_oidc_token",
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "citizens_attendance",
    "citizens_batch",
    "citizens_breach",
    "citizens_breachstep",
    "citizens_calendaraddress",
    "citizens_correction",
    "citizens_course",
    "citizens_factchange",
    "citizens_grant",
    "citizens_rejection",
    "citizens_tries",
    "citizens_unsealed",
    "citizens_user_groups",
    "citizens_user_user_permissions",
    "common_bell",
    "django_admin_log",
    "django_content_type",
    "django_migrations",
    "django_session",
    "dossiers_absence",
    "dossiers_answertext",
    "dossiers_appointment",
    "dossiers_automaticrefusal",
    "dossiers_chataccount",
    "dossiers_clockalert",
    "dossiers_codecounter",
    "dossiers_counterseat",
    "dossiers_counterstep",
    "dossiers_countervisit",
    "dossiers_delaycause",
    "dossiers_delegation",
    "dossiers_difference",
    "dossiers_digitisingbatch",
    "dossiers_dispute",
    "dossiers_dossiernote",
    "dossiers_eventfeed",
    "dossiers_exchangeact",
    "dossiers_exchangeattempt",
    "dossiers_exchangeinbox",
    "dossiers_exchangelink",
    "dossiers_exchangerow",
    "dossiers_formorder",
    "dossiers_logbook",
    "dossiers_modeswitch",
    "dossiers_queuefilter",
    "dossiers_reconciliation",
    "dossiers_riskmodel",
    "dossiers_servicegroup",
    "dossiers_ticket",
    "dossiers_ticketevent",
    "dossiers_tickethall",
    "guard_cache",
    "mfa_authenticator",
    "notifications_actedmessage",
    "notifications_attempt",
    "notifications_callback",
    "notifications_dailycount",
    "notifications_demodelivery",
    "notifications_gate",
    "notifications_gatewaystate",
    "notifications_inboundmessage",
    "notifications_numbercode",
    "notifications_operatoract",
    "notifications_receiptinbox",
    "notifications_reply",
    "notifications_zalotemplate",
    "notifications_zalotoken",
    "pghistory_context",
    "procedures_programme",
    "procedures_programme_procedures",
    "procedures_programmestep",
    "procedures_recording",
    "procedures_recordingpiece",
    "procedures_rehearsalrun",
    "procedures_rulestep",
    "procedures_scanrun",
    "procedures_scanrunrule",
    "reporting_counteddossier",
    "reporting_countedweek",
    "reporting_directive",
    "reporting_directive_dossiers",
    "reporting_directivestep",
    "reporting_feedback",
    "reporting_feedbackstep",
    "reporting_forecastmodel",
    "reporting_forecastsnapshot",
    "reporting_integratedservice",
    "reporting_keptcount",
    "reporting_keptfigures",
    "reporting_officialscore",
    "reporting_publication",
    "reporting_report",
    "reporting_reportedcount",
    "reporting_servicestage",
    "reporting_settledmonth",
    "reporting_simplification",
    "reporting_weekcount",
    "socialaccount_socialaccount",
    "socialaccount_socialapp",
    "socialaccount_socialtoken",
    "usersessions_usersession",
}
# Every row of these is read: what is nobody's matter, and who is who. The selectors choose.
OPEN = {
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
}
_TABLES = """
    SELECT relname, relrowsecurity, has_table_privilege(%s, oid, 'SELECT')
    FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm') AND relnamespace = 'public'::regnamespace
"""


def tables() -> list[tuple[str, bool, bool]]:
    """Return every table: its name, whether it is under row security, whether pages read it."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES, [CITIZEN_ROLE])
        found: list[tuple[str, bool, bool]] = cursor.fetchall()
    return found


def test_every_table_is_denied_or_open_or_under_row_security() -> None:
    found = tables()

    assert {name for name, _is_guarded, is_read in found if not is_read} == DENIED
    assert {name for name, is_guarded, is_read in found if is_read and not is_guarded} == OPEN


def test_a_table_made_later_is_not_read_by_default() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute("CREATE TABLE made_later (id int)")
        cursor.execute(f"SET ROLE {APP_ROLE}")

    assert ("made_later", False, False) in tables()


@pytest.mark.parametrize("table", sorted(DENIED - {"django_migrations"}))
def test_what_is_denied_is_refused(table: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TABLE {table} LIMIT 1")
        cursor.execute(f"SET LOCAL ROLE {CITIZEN_ROLE}")
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            cursor.execute(f"TABLE {table} LIMIT 1")
        cursor.execute(f"SET LOCAL ROLE {APP_ROLE}")
