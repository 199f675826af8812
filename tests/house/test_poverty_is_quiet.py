"""What tells of poverty or health is told inside the portal only, and in no list of names."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from portal.common import clock
from procedures.definition import RuleDefinition
from procedures.models import RuleVersion
from procedures.selectors.known_codes import known_codes, unknown_codes
from procedures.selectors.sensitive import sensitive_versions

pytestmark = pytest.mark.django_db


def test_no_rule_of_the_catalogue_says_it_on_a_telephone() -> None:
    # Given the catalogue and the words as they are shipped
    call_command("load_catalogue", verbosity=0)
    known = known_codes(day=clock.today())

    # When each rule is looked at as an editor's draft would be
    rules = [RuleDefinition.from_json(one.definition) for one in RuleVersion.objects.all()]
    problems = {rule.paper_vi: unknown_codes(rule, known) for rule in rules}

    # Then none has a topic that names what it is about, though some tell of poverty
    assert {name: found for name, found in problems.items() if found} == {}
    told = {version.rule.key for version in sensitive_versions(day=clock.today())}
    assert "poor_household_annual_review" in told
    assert "poor_household_recognition_after_income_shock_or_disaster" in told
    assert "driving_licence_renewal" not in told
