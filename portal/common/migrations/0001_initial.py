"""What every table stands on: extensions, Vietnamese text functions, the roles without login."""

from __future__ import annotations

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations

from portal.common.db_roles import create_app_role, create_citizen_role

# NFD splits letters from marks; U+0300–U+036F are the marks; đ has no decomposition.
FOLD = """
CREATE FUNCTION portal_fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT translate(regexp_replace(lower(normalize(value, NFD)), '[\\u0300-\\u036F]', '', 'g'), 'đĐ', 'dd')
$$;
"""

# The Vietnamese alphabet has 29 letters, ă â đ ê ô ơ ư among them (f j w z stand as in Latin). In NFD each is a
# base letter and a mark, which here becomes ~, ~~ or ~~~ (above every letter), so that ă â come after all of a.
# Tones (grave, hook, tilde, acute, dot) become {1 to {5 and only decide between otherwise equal names, hence behind
# a separator below any letter; the dot stands before breve and circumflex in NFD and is put behind them. Plain
# replacements: regular expressions over a million names take four times as long.
# OFFSET 0 keeps the planner from working `marked` out twice.
SORT_KEY = """
CREATE FUNCTION portal_sort_key(first text, rest text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT translate(marked, '{12345', '') || ' !' || marked
  FROM (SELECT
    replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
      lower(normalize(first || ' ' || rest, NFD)),
      U&'\\0306', '~'), U&'\\0302', '~~'), U&'\\031B', '~~~'), 'đ', 'd~'),
      U&'\\0300', '{1'), U&'\\0309', '{2'), U&'\\0303', '{3'), U&'\\0301', '{4'), U&'\\0323', '{5'),
      '{5~~', '~~{5'), '{5~', '~{5') AS marked
    OFFSET 0
  ) AS parts
$$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    # Default privileges must stand before any table is made, also other packages' tables.
    run_before = [("contenttypes", "0001_initial"), ("sessions", "0001_initial")]

    operations = [
        create_app_role(),
        create_citizen_role(),
        BtreeGistExtension(),
        TrigramExtension(),
        migrations.RunSQL(FOLD, "DROP FUNCTION portal_fold(text)"),
        migrations.RunSQL(SORT_KEY, "DROP FUNCTION portal_sort_key(text, text)"),
    ]
