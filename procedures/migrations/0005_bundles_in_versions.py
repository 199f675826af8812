"""What a bundle says stands in versions, as for procedures; a wish keeps what was stated."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.functions
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import procedures.enums
from django.conf import settings
from django.db import migrations, models

from portal.common.db_roles import citizens_may_read

# What stood in the bundle is its first version, in force. The foreign keys are checked at once: a
# table with checks to come cannot be altered.
_INTO_VERSIONS = """
SET CONSTRAINTS ALL IMMEDIATE;
INSERT INTO procedures_bundleversion
    (bundle_id, number, definition, source_sha256, valid, status, released_at, name_vi, name_en)
SELECT id, 1, definition, '', daterange(NULL, NULL), 'released', now(), name_vi, name_en
FROM procedures_bundle WHERE definition <> '{}';
"""
_BACK = """
UPDATE procedures_bundle SET definition = last.definition, name_vi = last.name_vi,
    name_en = last.name_en
FROM (SELECT DISTINCT ON (bundle_id) * FROM procedures_bundleversion WHERE status = 'released'
      ORDER BY bundle_id, number DESC) AS last
WHERE last.bundle_id = procedures_bundle.id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("procedures", "0004_rehearsals_and_steps"),
        # The role of citizens' pages is made, and what it reads begun to be named, over there.
        ("dossiers", "0004_citizens_read_what_is_named"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="suggestion",
            name="stated",
            field=models.JSONField(editable=False, null=True, verbose_name="stated by the person"),
        ),
        migrations.CreateModel(
            name="BundleVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                ("definition", models.JSONField(verbose_name="definition")),
                (
                    "source_sha256",
                    models.CharField(blank=True, default="", editable=False, max_length=64),
                ),
                (
                    "valid",
                    django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="valid"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            (procedures.enums.VersionStatus["DRAFT"], "Draft"),
                            (procedures.enums.VersionStatus["RELEASED"], "Released"),
                        ],
                        default=procedures.enums.VersionStatus["DRAFT"],
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                (
                    "released_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="released at"),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.contrib.postgres.functions.TransactionNow(),
                        editable=False,
                        verbose_name="recorded at",
                    ),
                ),
                ("name_vi", models.CharField(max_length=200, verbose_name="name")),
                (
                    "name_en",
                    models.CharField(
                        blank=True, default="", max_length=200, verbose_name="name (English)"
                    ),
                ),
                (
                    "bundle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="procedures.bundle",
                    ),
                ),
                (
                    "released_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="released by",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
            ],
            options={
                "verbose_name": "bundle version",
                "verbose_name_plural": "bundle versions",
                "ordering": ["bundle", "-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("bundle", "number"), name="bundle_version_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("released_by__isnull", True),
                            models.Q(("released_by", models.F("written_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="bundle_version_four_eyes",
                        violation_error_message="Whoever wrote a version cannot also release it.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("status", procedures.enums.VersionStatus["RELEASED"])),
                        expressions=[("bundle", "="), ("valid", "&&")],
                        name="bundle_version_one_in_force",
                        violation_error_message="Another released version already holds in that period.",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bundleversion",
            trigger=pgtrigger.compiler.Trigger(
                name="released_is_immutable",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.status = 'released' AND (OLD.bundle_id IS DISTINCT FROM NEW.bundle_id OR OLD.number IS DISTINCT FROM NEW.number OR OLD.definition IS DISTINCT FROM NEW.definition OR OLD.name_vi IS DISTINCT FROM NEW.name_vi OR OLD.name_en IS DISTINCT FROM NEW.name_en OR OLD.status IS DISTINCT FROM NEW.status OR OLD.written_by_id IS DISTINCT FROM NEW.written_by_id OR OLD.released_by_id IS DISTINCT FROM NEW.released_by_id OR OLD.released_at IS DISTINCT FROM NEW.released_at OR OLD.source_sha256 IS DISTINCT FROM NEW.source_sha256 OR lower(OLD.valid) IS DISTINCT FROM lower(NEW.valid)))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="201c34ffe5c42d1f9108574811255aea2721d3a2",
                    operation="UPDATE",
                    pgid="pgtrigger_released_is_immutable_48fe3",
                    table="procedures_bundleversion",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bundleversion",
            trigger=pgtrigger.compiler.Trigger(
                name="released_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.status = 'released')",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="208b5b5d061bbac10fd7770cfed6288fffed900b",
                    operation="DELETE",
                    pgid="pgtrigger_released_is_kept_a5666",
                    table="procedures_bundleversion",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(_INTO_VERSIONS, _BACK),
        citizens_may_read("procedures_bundleversion"),
        migrations.RemoveField(
            model_name="bundle",
            name="definition",
        ),
        migrations.RemoveField(
            model_name="bundle",
            name="name_en",
        ),
        migrations.RemoveField(
            model_name="bundle",
            name="name_vi",
        ),
    ]
