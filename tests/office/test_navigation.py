"""The side bar's words for the pages of the log of views."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from portal.office.navigation import page_in_words


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("admin:office_queue", "Dossiers"),
        ("admin:office_dossier_clock", "Dossiers"),
        ("admin:office_counter_person", "Counter"),
        ("admin:office_why_person", "Why me, why not"),
        ("admin:citizens_citizen_changelist", "Citizens"),
        ("admin:citizens_credential_change", "Papers and licences"),
        ("web:request_copy", ""),
    ],
)
def test_a_page_is_called_as_its_desk_is(page: str, said: str) -> None:
    with override("en"):
        assert page_in_words(page) == said
