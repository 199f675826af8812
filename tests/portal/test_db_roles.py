from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection

pytestmark = pytest.mark.django_db


def test_the_application_works_with_its_own_role() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, session_user")
        assert cursor.fetchone() == ("portal_app", "portal")


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("statement_timeout", "30s"),
        ("lock_timeout", "5s"),
        ("idle_in_transaction_session_timeout", "1min"),
    ],
)
def test_no_statement_holds_a_request_for_ever(setting: str, expected: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [setting])
        assert cursor.fetchone() == (expected,)


def test_the_application_cannot_change_the_schema() -> None:
    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
        cursor.execute("CREATE TABLE planted (id int)")
