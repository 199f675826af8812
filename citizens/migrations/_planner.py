"""The application may have the planner look at the facts' tables anew, after much was written.

Only their owner may do that, and until the server does it by itself, a minute or more after a
first delivery, the planner takes a table of a million for empty.
"""

from __future__ import annotations

from django.db import migrations

from portal.common.db_roles import APP_ROLE

_TABLES = (
    "citizens_party, citizens_citizen, citizens_organisation, citizens_household,"
    " citizens_householdmember, citizens_relation, citizens_authority, citizens_credential,"
    " citizens_contactpoint, citizens_registerrecord, citizens_lifeevent, citizens_eventparty,"
    " citizens_factchange"
)
_MAKE = f"""
CREATE FUNCTION portal_analyze_facts() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    ANALYZE {_TABLES};
END
$$;
REVOKE ALL ON FUNCTION portal_analyze_facts() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION portal_analyze_facts() TO {APP_ROLE};
"""

STATISTICS_ON_DEMAND = migrations.RunSQL(_MAKE, "DROP FUNCTION portal_analyze_facts()")
