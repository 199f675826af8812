"""Versions of texts with author and release; what was released never changes again."""

from __future__ import annotations

import django.db.models.deletion
import django.contrib.postgres.functions
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from portal.common.db_roles import APP_ROLE, citizens_may_read

# Every version that is there was in force once: the file alone has spoken so far.
_TAKE_OVER = """
INSERT INTO notifications_textversion (topic_id, number, state, note, released_at)
SELECT DISTINCT topic_id, version, 'released', '', now() FROM notifications_text
"""
_SET_QUIET = "UPDATE notifications_topic SET is_quiet = true WHERE key = 'household_hardship'"
_KEEP = f"""
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


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0008_zalo"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            model_name="topic",
            name="is_quiet",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="tells of poverty or health"
            ),
        ),
        migrations.CreateModel(
            name="TextVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("released", "Released"),
                            ("discarded", "Discarded"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True, default="", max_length=200, verbose_name="what changes and why"
                    ),
                ),
                ("released_at", models.DateTimeField(null=True, verbose_name="released at")),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.contrib.postgres.functions.TransactionNow(),
                        editable=False,
                        verbose_name="recorded at",
                    ),
                ),
                (
                    "base",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="notifications.textversion",
                    ),
                ),
                (
                    "released_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="released by",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="notifications.topic",
                        verbose_name="topic",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of texts",
                "verbose_name_plural": "versions of texts",
                "ordering": ["topic", "-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("topic", "number"), name="text_version_number_once"
                    ),
                    models.UniqueConstraint(
                        condition=Q(("state", "draft"), ("written_by__isnull", False)),
                        fields=("topic",),
                        name="text_version_one_draft",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ("released_by__isnull", True),
                            Q(("released_by", F("written_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="text_version_second_official",
                        violation_error_message="Whoever wrote a version cannot also release it.",
                    ),
                ],
            },
        ),
        migrations.RunSQL(_TAKE_OVER, migrations.RunSQL.noop),
        migrations.RunSQL(_SET_QUIET, migrations.RunSQL.noop),
        migrations.RunSQL(_KEEP, _LET_GO),
        citizens_may_read("notifications_textversion"),
    ]
