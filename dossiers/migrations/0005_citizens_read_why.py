"""Citizens' pages read what the scan asks of a person: open dossiers, wishes, what was delivered.

Whether a kind of paper or event was ever delivered says whether its absence means anything. That
is asked of everybody's rows, so a function of the owner's answers it with yes or no.
"""

from __future__ import annotations

from django.db import migrations

from portal.common.db_roles import APP_ROLE, CITIZEN_ROLE, citizens_may_read, row_security
from portal.common.row_security import FAMILY, PARTIES

ROWS = {
    "procedures_openmatter": f"party_id = {FAMILY}",
    "notifications_preference": f"party_id = {PARTIES}",
}
_FUNCTION = f"""
CREATE FUNCTION was_delivered(kind text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT EXISTS (SELECT FROM citizens_credential AS paper WHERE paper.kind = $1)
        OR EXISTS (SELECT FROM citizens_lifeevent AS event WHERE event.kind = $1)
$$;
REVOKE ALL ON FUNCTION was_delivered(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION was_delivered(text) TO {APP_ROLE}, {CITIZEN_ROLE};
"""


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0004_citizens_read_what_is_named")]
    operations = [
        *(row_security(table, rows_of_the_person=rows) for table, rows in ROWS.items()),
        citizens_may_read(*ROWS),
        migrations.RunSQL(_FUNCTION, "DROP FUNCTION was_delivered(text)"),
    ]
