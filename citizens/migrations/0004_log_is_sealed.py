"""The log of views refuses every change, whoever asks, and each new row waits for its seal."""

from __future__ import annotations

from django.db import migrations

from portal.common.db_roles import append_only

# The role's rights already forbid it to the application; the trigger also stops the owner's slip.
# Emptying the table whole stays the owner's (tests do): the seals tell.
REFUSE = """
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
ALLOW = """
DROP TRIGGER access_log_append_only ON citizens_accesslog;
DROP TRIGGER seal_append_only ON citizens_seal;
DROP FUNCTION portal_refuse_change();
"""
WAIT_FOR_SEAL = """
CREATE FUNCTION portal_wait_for_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO citizens_unsealed (view_id) VALUES (NEW.id);
    RETURN NULL;
END
$$;
CREATE TRIGGER access_log_unsealed AFTER INSERT ON citizens_accesslog
    FOR EACH ROW EXECUTE FUNCTION portal_wait_for_seal();
INSERT INTO citizens_unsealed (view_id) SELECT id FROM citizens_accesslog;
"""
SEALED_BY_HAND = """
DROP TRIGGER access_log_unsealed ON citizens_accesslog;
DROP FUNCTION portal_wait_for_seal();
"""


class Migration(migrations.Migration):
    dependencies = [("citizens", "0003_registers_log_and_rights")]
    operations = [
        append_only("citizens_seal"),
        append_only("citizens_consent"),
        migrations.RunSQL(REFUSE, ALLOW),
        migrations.RunSQL(WAIT_FOR_SEAL, SEALED_BY_HAND),
    ]
