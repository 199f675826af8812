"""What every table stands on: extension, Vietnamese text functions, the application's own role."""

from __future__ import annotations

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations

from portal.common.db_roles import create_app_role

# NFD splits letters from marks; U+0300–U+036F are the marks; đ has no decomposition.
FOLD = """
CREATE FUNCTION portal_fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT translate(regexp_replace(lower(normalize(value, NFD)), '[\\u0300-\\u036F]', '', 'g'), 'đĐ', 'dd')
$$;
"""

# The Vietnamese alphabet has 29 letters, ă â đ ê ô ơ ư among them (f j w z follow for foreign names).
# Each becomes one character whose code rises with its place; tones (grave, acute, tilde, hook, dot) only
# decide between otherwise equal names, so they come after a separator that sorts before any letter.
SORT_KEY = """
CREATE FUNCTION portal_sort_key(first text, rest text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT translate(
           normalize(regexp_replace(decomposed, '[\\u0300\\u0301\\u0303\\u0309\\u0323]', '', 'g'), NFC),
           'aăâbcdđeêfghijklmnoôơpqrstuưvwxyz', '0123456789:;<=>?@ABCDEFGHIJKLMNOP')
         || ' !' || translate(
           regexp_replace(decomposed, '[^ \\u0300\\u0301\\u0303\\u0309\\u0323]', '', 'g'),
           U&'\\0300\\0309\\0303\\0301\\0323', '12345')
  FROM (SELECT lower(normalize(first || ' ' || rest, NFD)) AS decomposed) AS parts
$$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    # Default privileges must stand before any table is made, also other packages' tables.
    run_before = [("contenttypes", "0001_initial"), ("sessions", "0001_initial")]

    operations = [
        create_app_role(),
        BtreeGistExtension(),
        migrations.RunSQL(FOLD, "DROP FUNCTION portal_fold(text)"),
        migrations.RunSQL(SORT_KEY, "DROP FUNCTION portal_sort_key(text, text)"),
    ]
