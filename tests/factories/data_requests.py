"""Factory of data-subject requests as rows; what services make of them is tested with services."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import factory
from factory.django import DjangoModelFactory

from citizens.enums import DataRequestKind
from citizens.models import DataRequest
from portal.common import clock
from tests.factories.citizens import AgencyFactory, CitizenFactory, UserFactory


class DataRequestFactory(DjangoModelFactory[DataRequest]):
    """A request received today; `body="…"` sets what the person wrote."""

    class Meta:
        model = DataRequest
        exclude = ("body",)

    body = "Xin ngừng dùng số điện thoại cũ của tôi."
    citizen = factory.SubFactory(CitizenFactory)
    requested_by = factory.SubFactory(UserFactory, of_official=True)
    kind = DataRequestKind.OBJECT
    owner = factory.SubFactory(AgencyFactory)
    received_on = factory.LazyFunction(clock.today)
    answer_due_on = factory.LazyAttribute(lambda made: made.received_on + timedelta(days=2))
    public_id = factory.LazyFunction(uuid4)
    body_enc = factory.LazyAttribute(
        lambda made: DataRequest(public_id=made.public_id).seal("body_enc", made.body)
    )
    act_due_on = factory.LazyAttribute(lambda made: made.received_on + timedelta(days=15))
