"""What of this room's rows nobody changes, and what is never deleted."""

from __future__ import annotations

from django.db import migrations
from django.db.migrations.operations.base import Operation

from portal.common.db_roles import APP_ROLE, append_only

# What was released never changes again.
_KEEP_RELEASED = f"""
CREATE FUNCTION notifications_keep_released_texts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = '{APP_ROLE}' AND EXISTS (
        SELECT FROM notifications_textversion
        WHERE topic_id = OLD.topic_id AND number = OLD.version AND state <> 'draft'
    ) THEN
        RAISE EXCEPTION 'A released text never changes' USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE FUNCTION notifications_keep_released_versions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = '{APP_ROLE}' AND OLD.state <> 'draft' THEN
        RAISE EXCEPTION 'A released version never changes' USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER keep_released BEFORE UPDATE OR DELETE ON notifications_text
    FOR EACH ROW EXECUTE FUNCTION notifications_keep_released_texts();
CREATE TRIGGER keep_released BEFORE UPDATE OR DELETE ON notifications_textversion
    FOR EACH ROW EXECUTE FUNCTION notifications_keep_released_versions();
"""
_LET_GO = """
DROP TRIGGER keep_released ON notifications_text;
DROP TRIGGER keep_released ON notifications_textversion;
DROP FUNCTION notifications_keep_released_texts();
DROP FUNCTION notifications_keep_released_versions();
"""

KEPT: list[Operation] = [
    # History that the application may add to and read, never change (house.md, decision 9).
    append_only("notifications_actedmessage"),
    append_only("notifications_attempt"),
    append_only("notifications_inboundmessage"),
    append_only("notifications_operatoract"),
    append_only("notifications_receiptinbox"),
    # Sealed anew when keys change (rotate_keys); nothing else of it.
    migrations.RunSQL(
        f"GRANT UPDATE (sender_enc, body_enc) ON notifications_inboundmessage TO {APP_ROLE}",
        f"REVOKE UPDATE (sender_enc, body_enc) ON notifications_inboundmessage FROM {APP_ROLE}",
    ),
    # Keys that are not checked row by row name messages: those stay.
    migrations.RunSQL(
        f"REVOKE DELETE ON notifications_message FROM {APP_ROLE}",
        f"GRANT DELETE ON notifications_message TO {APP_ROLE}",
    ),
    migrations.RunSQL(_KEEP_RELEASED, _LET_GO),
]
