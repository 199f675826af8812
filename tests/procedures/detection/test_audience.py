"""Who is told of a fact that is due: wishes, those who answer for minors and organisations."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from citizens.enums import AuthorityBasis
from citizens.models import Authority, Citizen, Credential
from notifications.enums import MessageState
from notifications.models import Message, Preference
from portal.common import clock
from portal.web.presenters.inbox import matter_url
from procedures.models import Suggestion
from procedures.services.accept_suggestion import accept_suggestion
from tests.factories.citizens import (
    AuthorityFactory,
    CitizenFactory,
    CredentialFactory,
    OrganisationFactory,
)
from tests.procedures.detection.scene import (
    BADGE,
    DUE,
    before,
    cycles,
    make_rule,
    make_topic,
    scan,
    scan_before,
    states,
    told,
)

pytestmark = pytest.mark.django_db
GROWN_UP = date(1986, 5, 5)
CHILD = date(2019, 5, 5)


def licence(holder: Citizen | None = None, **values: Any) -> Credential:
    values = {"expires_on": DUE, "issued_on": date(2017, 3, 1)} | values
    return CredentialFactory(holder=holder or CitizenFactory(birth_date=GROWN_UP), **values)


@pytest.mark.parametrize(
    ("wishes", "hears"),
    [
        ([(None, "", False)], False),
        ([("credential_expiring", "", False)], False),
        ([(None, "", False), ("credential_expiring", "", True)], True),
        ([("age_milestone_near", "", False)], True),
        ([("credential_expiring", "sms", False)], True),
        ([("credential_expiring", "", True)], True),
    ],
    ids=["all topics", "this topic", "all but this one", "another topic", "one channel", "allowed"],
)
def test_who_opted_out_of_the_topic_gets_no_suggestion(
    wishes: list[tuple[str | None, str, bool]], hears: bool
) -> None:
    make_rule()
    make_topic("age_milestone_near")
    holder = licence().holder
    for topic, channel, is_allowed in wishes:
        Preference.objects.create(
            party=holder, topic_id=topic, channel=channel, is_allowed=is_allowed
        )

    scan(before(90))

    assert Suggestion.objects.exists() == hears
    assert Message.objects.exists() == hears


def test_who_opts_out_later_keeps_the_suggestion_and_hears_no_more() -> None:
    make_rule()
    holder = licence().holder
    scan(before(90))
    Preference.objects.create(party=holder, topic=None)

    scan(before(60))

    assert states() == ["open"]
    assert told(holder) == [(90, 1)]
    assert Suggestion.objects.get().next_remind_on == before(30)


class TestMinors:
    def guarded(self, **values: Any) -> tuple[Credential, Citizen, Citizen]:
        child = CitizenFactory(birth_date=CHILD)
        parents = [CitizenFactory(birth_date=GROWN_UP) for _ in range(2)]
        for parent in parents:
            AuthorityFactory(actor=parent, for_party=child.party, **values)
        return licence(child), parents[0], parents[1]

    def test_both_parents_are_told_of_one_suggestion(self) -> None:
        make_rule()
        paper, mother, father = self.guarded()

        scan_before(90, 60)

        assert cycles(paper.holder) == [(1, "open")]
        assert told(mother) == told(father) == [(90, 1), (60, 1)]
        assert told(paper.holder) == []
        assert {message.about_id for message in Message.objects.all()} == {paper.holder_id}

    def test_who_dismissed_it_hears_no_more_the_other_does(self) -> None:
        make_rule()
        _, mother, father = self.guarded()
        scan(before(90))
        Suggestion.objects.get().recipients.filter(citizen=mother).update(state="dismissed")

        scan(before(60))

        assert told(mother) == [(90, 1)]
        assert told(father) == [(90, 1), (60, 1)]

    def test_one_who_opted_out_is_left_out(self) -> None:
        make_rule()
        _, mother, father = self.guarded()
        Preference.objects.create(party=mother.party, topic=None)

        scan(before(90))

        assert told(mother) == []
        assert told(father) == [(90, 1)]

    def test_what_was_stopped_for_the_child_is_told_to_nobody(self) -> None:
        make_rule()
        paper, _mother, _father = self.guarded()
        Preference.objects.create(party=paper.holder, topic=None)

        scan(before(90))

        assert not Suggestion.objects.exists()
        assert not Message.objects.exists()

    @pytest.mark.parametrize(
        "authority",
        [
            {"valid": DateRange(date(2020, 1, 1), date(2026, 1, 1))},
            {"basis": AuthorityBasis.POWER_OF_ATTORNEY},
            {"revoked_at": "2026-05-01T00:00Z"},
        ],
        ids=["ended", "a power of attorney", "revoked"],
    )
    def test_without_standing_authority_nobody_is_told(self, authority: dict[str, Any]) -> None:
        make_rule()
        self.guarded(**authority)

        scan(before(90))

        assert not Suggestion.objects.exists()

    def test_a_dead_parent_and_one_under_age_are_not_told(self) -> None:
        make_rule()
        _, mother, father = self.guarded()
        Citizen.objects.filter(pk=mother.pk).update(died_on=date(2026, 1, 1))
        Citizen.objects.filter(pk=father.pk).update(birth_date=date(2010, 1, 1))

        scan(before(90))

        assert not Suggestion.objects.exists()

    def test_a_parent_who_is_guardian_as_well_counts_once(self) -> None:
        make_rule()
        paper, mother, _ = self.guarded()
        AuthorityFactory(actor=mother, for_party=paper.holder, basis=AuthorityBasis.GUARDIAN)

        scan(before(90))

        assert told(mother) == [(90, 1)]

    def test_two_papers_of_twins_are_one_message_about_nobody_in_particular(self) -> None:
        make_rule()
        mother = CitizenFactory(birth_date=GROWN_UP)
        for _ in range(2):
            twin = CitizenFactory(birth_date=CHILD)
            AuthorityFactory(actor=mother, for_party=twin.party)
            licence(twin)

        scan(before(90))

        assert told(mother) == [(90, 2)]
        message = Message.objects.get()
        assert message.about_id is None
        assert message.thread_key == f"suggestion:{Suggestion.objects.earliest('pk').pk}"
        assert Suggestion.objects.count() == 2

    def test_who_comes_of_age_meanwhile_is_told_in_person(self) -> None:
        make_rule()
        paper, mother, _ = self.guarded()
        scan(before(90))
        Citizen.objects.filter(pk=paper.holder_id).update(birth_date=before(70).replace(year=2008))
        Authority.objects.update(valid=DateRange(date(2020, 1, 1), before(70)))

        scan(before(60))

        assert told(mother) == [(90, 1)]
        assert told(paper.holder) == [(60, 1)]
        assert Suggestion.objects.get().recipients.count() == 3


class TestOrganisations:
    def cooperative(self, badges: int, due_on: date = DUE) -> tuple[Any, Citizen]:
        organisation = OrganisationFactory()
        chair = CitizenFactory(birth_date=GROWN_UP)
        AuthorityFactory(
            actor=chair, for_party=organisation.party, basis=AuthorityBasis.REPRESENTATIVE
        )
        for _ in range(badges):
            CredentialFactory(
                holder=organisation, kind="transport_badge", expires_on=due_on,
                issued_on=date(2020, 1, 1),
            )  # fmt: skip
        return organisation, chair

    def test_fifty_badges_are_one_message(self) -> None:
        make_rule(BADGE, "badge")
        organisation, chair = self.cooperative(50)

        scan_before(16, 15, 14, 10, 5, 1, 0, -1)

        assert told(chair) == [(15, 50), (10, 50), (5, 50), (1, 50)]
        assert len(cycles(organisation.party)) == 50
        assert set(states()) == {"expired"}

    def test_badges_of_different_dates_are_one_message_about_the_most_urgent(self) -> None:
        make_rule(BADGE, "badge")
        organisation, chair = self.cooperative(2)
        CredentialFactory(
            holder=organisation, kind="transport_badge", expires_on=DUE - timedelta(days=5),
            issued_on=date(2020, 1, 1),
        )  # fmt: skip

        scan_before(20, 15)

        # At T-20 the one is 15 days away; at T-15 it reaches its 10 days, the others their 15.
        assert told(chair) == [(15, 1), (10, 3)]
        assert Message.objects.latest("pk").params["due_on"] == "2027-02-24"

    def test_a_message_about_many_goes_with_the_matter_it_names(self) -> None:
        make_rule(BADGE, "badge")
        _, chair = self.cooperative(2)
        scan(before(15))
        first, other = Suggestion.objects.order_by("pk")
        message = Message.objects.get()
        assert matter_url(chair, message.thread_key).endswith(f"{first.public_id}/")

        accept_suggestion(suggestion=first, citizen=chair, now=clock.now())
        message.refresh_from_db()
        assert message.state == MessageState.WITHDRAWN

        scan(before(10))
        assert told(chair) == [(15, 2), (10, 1)]
        assert Message.objects.latest("pk").thread_key == f"suggestion:{other.pk}"

    def test_a_citizen_s_rule_does_not_look_at_organisations(self) -> None:
        make_rule(BADGE | {"subject": "citizen"}, "badge")
        self.cooperative(1)

        scan(before(15))

        assert not Suggestion.objects.exists()
