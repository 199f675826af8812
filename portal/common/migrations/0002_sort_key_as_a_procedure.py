"""The key in Vietnamese order, said in PL/pgSQL: the same keys for three fifths of the time.

A function in SQL that the planner cannot put into its caller is set up anew for each row; a
delivery writes a million of them.
"""

from __future__ import annotations

from django.db import migrations

# What is replaced by what, and why in this order: see 0001_initial.
SORT_KEY = """
CREATE OR REPLACE FUNCTION portal_sort_key(first text, rest text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  marked text := replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
      lower(normalize(first || ' ' || rest, NFD)),
      U&'\\0306', '~'), U&'\\0302', '~~'), U&'\\031B', '~~~'), 'đ', 'd~'),
      U&'\\0300', '{1'), U&'\\0309', '{2'), U&'\\0303', '{3'), U&'\\0301', '{4'), U&'\\0323', '{5'),
      '{5~~', '~~{5'), '{5~', '~{5');
BEGIN
  RETURN translate(marked, '{12345', '') || ' !' || marked;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("common", "0001_initial")]

    operations = [migrations.RunSQL(SORT_KEY, migrations.RunSQL.noop)]
