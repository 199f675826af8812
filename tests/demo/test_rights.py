"""Requests and choices of the demo: every state, both colours of the clocks, nobody's story cut."""

from __future__ import annotations

from datetime import date

import pytest

from citizens.enums import DataRequestKind, DataRequestState
from citizens.models import Consent, DataRequest, HouseholdMember, User
from notifications.selectors import opted_out_parties
from portal.demo.accounts import CITIZENS
from portal.demo.generating import generate
from portal.demo.rights import ASKED, COPIES

ON = date(2026, 11, 25)


@pytest.mark.django_db
@pytest.mark.slow
def test_requests_stand_in_every_state_and_those_who_sign_in_still_hear() -> None:
    generate(citizens=400, seed=1, on=ON, progress=lambda _what, _count: None)

    requests = DataRequest.objects.all()
    mine = User.objects.filter(username__in=[account.username for account in CITIZENS])
    stopped = opted_out_parties("credential_expiring")

    assert requests.count() == len(ASKED) + len(COPIES)
    assert set(requests.values_list("state", flat=True)) == set(DataRequestState)
    assert set(requests.values_list("kind", flat=True)) == set(DataRequestKind)
    assert requests.filter(state="received", answer_due_on__lt=ON).exists()
    assert requests.filter(state="received", answer_due_on=ON).exists()
    assert requests.filter(is_extended=True).exists()
    assert not requests.filter(answered_at__date__gt=ON).exists()
    assert stopped.exists()
    at_home = HouseholdMember.objects.filter(household__members__citizen__user__in=mine)
    assert not stopped.filter(party__in=at_home.values("citizen")).exists()
    assert set(Consent.objects.values_list("is_given", flat=True)) == {True, False}
