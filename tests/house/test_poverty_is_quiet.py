"""What tells of poverty or health is told inside the portal only, and in no list of names."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from notifications.models import Topic
from notifications.rules.wordings import Place, Wording, set_problems
from notifications.selectors.text_versions import rules_of, version_in_force, wordings_of
from portal.common import clock
from procedures.definition import RuleDefinition
from procedures.models import RuleVersion
from procedures.selectors.known_codes import known_codes, unknown_codes
from procedures.selectors.sensitive import quiet_topics, sensitive_versions

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


def test_the_shipped_words_of_every_sensitive_topic_may_be_said() -> None:
    # Given the topics through which a rule of the catalogue tells of poverty or health
    call_command("load_catalogue", verbosity=0)
    topics = Topic.objects.filter(pk__in=quiet_topics(day=clock.today()))
    assert {"household_hardship", "campaign_open"} <= {topic.pk for topic in topics}

    # When their words in force are looked at as in the editor, and with the matter named
    named = Wording("", "Cong chu dong Da Nang: ((paper)). Ma ((check_code))")
    for topic in topics:
        version = version_in_force(topic)
        assert version is not None
        words, rules = wordings_of(version), rules_of(topic, is_quiet=True)

        # Then the first may be said, the second not
        assert set_problems(words, rules) == []
        assert set_problems({**words, Place("sms", "vi"): named}, rules)
