"""What of this room's rows nobody changes, and what is never deleted."""

from __future__ import annotations

from django.db import migrations
from django.db.migrations.operations.base import Operation

from portal.common.db_roles import APP_ROLE, append_only

# The role's rights already forbid it to the application; the trigger also stops the owner's slip.
# Emptying the table whole stays the owner's (tests do): the seals tell.
_REFUSE = """
CREATE FUNCTION portal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER access_log_append_only BEFORE UPDATE OR DELETE ON citizens_accesslog
    FOR EACH STATEMENT EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER seal_append_only BEFORE UPDATE OR DELETE ON citizens_seal
    FOR EACH STATEMENT EXECUTE FUNCTION portal_refuse_change();
"""
_ALLOW = """
DROP TRIGGER access_log_append_only ON citizens_accesslog;
DROP TRIGGER seal_append_only ON citizens_seal;
DROP FUNCTION portal_refuse_change();
"""
# Each new row of the log waits for its seal.
_WAIT_FOR_SEAL = """
CREATE FUNCTION portal_wait_for_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO citizens_unsealed (view_id) VALUES (NEW.id);
    RETURN NULL;
END
$$;
CREATE TRIGGER access_log_unsealed AFTER INSERT ON citizens_accesslog
    FOR EACH ROW EXECUTE FUNCTION portal_wait_for_seal();
"""
_SEALED_BY_HAND = """
DROP TRIGGER access_log_unsealed ON citizens_accesslog;
DROP FUNCTION portal_wait_for_seal();
"""
# What a delivery ties by the million is not checked key by key: the keys come from the statement
# that wrote the row, or from one that stands. So whoever was once held stays.
_NAMED_BY_KEYS = (
    "citizens_party, citizens_citizen, citizens_household, citizens_organisation, citizens_unit,"
    " citizens_register, citizens_batch, citizens_user, citizens_contactpoint"
)

KEPT: list[Operation] = [
    # History that the application may add to and read, never change (house.md, decision 9).
    append_only("citizens_accesslog"),
    append_only("citizens_calendarchange"),
    append_only("citizens_consent"),
    append_only("citizens_seal"),
    migrations.RunSQL(_REFUSE, _ALLOW),
    migrations.RunSQL(_WAIT_FOR_SEAL, _SEALED_BY_HAND),
    migrations.RunSQL(
        f"REVOKE DELETE ON {_NAMED_BY_KEYS} FROM {APP_ROLE}",
        f"GRANT DELETE ON {_NAMED_BY_KEYS} TO {APP_ROLE}",
    ),
]
