"""Whoever was once held stays: what hangs on parties needs no look at them, row by row.

The keys come from the statement that wrote the party, or from one that stands; the application may
not delete parties, so they go on meaning somebody.
"""

import django.contrib.postgres.constraints
import django.db.models.deletion
from django.db import migrations, models

from portal.common.db_roles import APP_ROLE

_TABLES = "citizens_party, citizens_citizen, citizens_household, citizens_organisation"
_KEEP = f"REVOKE DELETE ON {_TABLES} FROM {APP_ROLE}"
_LET_GO = f"GRANT DELETE ON {_TABLES} TO {APP_ROLE}"


class Migration(migrations.Migration):
    dependencies = [
        ("citizens", "0005_lighter_keys"),
    ]

    operations = [
        migrations.RunSQL(_KEEP, _LET_GO),
        migrations.AlterField(
            model_name="citizensensitive",
            name="citizen",
            field=models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                primary_key=True,
                related_name="sensitive",
                serialize=False,
                to="citizens.citizen",
            ),
        ),
        migrations.AlterField(
            model_name="contactpoint",
            name="party",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="contact_points",
                to="citizens.party",
            ),
        ),
        migrations.AlterField(
            model_name="householdmember",
            name="citizen",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="memberships",
                to="citizens.citizen",
            ),
        ),
        migrations.AlterField(
            model_name="householdmember",
            name="household",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="members",
                to="citizens.household",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="householdmember",
            name="member_of_one_household",
        ),
        migrations.AddConstraint(
            model_name="householdmember",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid__upper_inf", True)),
                fields=("citizen",),
                name="member_of_one_household",
                violation_error_message="This person already belongs to a household.",
            ),
        ),
        migrations.AddConstraint(
            model_name="householdmember",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("valid__upper_inf", False)),
                expressions=[("citizen", "="), ("valid", "&&")],
                name="member_of_one_household_then",
                violation_error_message="This person already belongs to a household in that period.",
            ),
        ),
    ]
