"""Make the accounts of the demo: the fixed citizens' and the officials' with their grants."""

from __future__ import annotations

from datetime import date, datetime, time

from django.contrib.auth.hashers import make_password
from django.db.backends.postgresql.psycopg_any import DateRange

from citizens.enums import ContactChannel, UserKind
from citizens.models import Agency, ContactPoint, Grant, Official, Unit, User
from citizens.registers.units import MERGED_ON
from portal.common.clock import CIVIL_ZONE
from portal.demo.accounts import CITIZENS, PASSWORD, POSTS, Post
from portal.demo.plan import PHONE_RANGE
from portal.demo.writing import Writer

_FIRST_OF_OFFICIALS = 9_999_000  # no person's number ends so: they are counted from nought


def write_accounts(writer: Writer) -> int:
    """Write all accounts, return how many; the password is hashed once, as all share it."""
    password = make_password(PASSWORD)
    people = writer.population.people
    citizens = [
        User(
            username=account.username,
            password=password,
            kind=UserKind.CITIZEN,
            citizen_id=writer.people[account.person],
            display_name=people[account.person].name.full,
        )
        for account in CITIZENS
    ]
    officials = [
        User(
            username=post.username,
            password=password,
            kind=UserKind.OFFICIAL,
            display_name=post.name,
        )
        for post in POSTS
    ]
    User.objects.bulk_create([*citizens, *officials])
    _appoint({user.username: user for user in officials}, writer.population.on)
    verified_at = datetime.combine(writer.population.on, time(8), CIVIL_ZONE)
    ContactPoint.objects.bulk_create(_telephone(user, verified_at) for user in officials)
    return len(citizens) + len(officials)


def _appoint(users: dict[str, User], day: date) -> None:
    """Give each official a post and a role: one grants, another confirms."""
    stands = Agency.objects.filter(valid__contains=day).select_related("unit")
    agencies = {(agency.kind_id, agency.unit.code): agency for agency in stands}
    employed = DateRange(MERGED_ON, None)
    officials = [
        Official(
            user=users[post.username],
            agency=agencies[post.agency_kind, post.unit],
            position=post.position,
            employed=employed,
        )
        for post in POSTS
    ]
    Official.objects.bulk_create(officials)
    units = {unit.code: unit for unit in Unit.objects.valid_on(day)}
    Grant.objects.bulk_create(_grant(post, users, units[post.unit]) for post in POSTS)


def _telephone(official: User, verified_at: datetime) -> ContactPoint:
    """Return an official's own demo phone, to which texts may be sent for trial."""
    names = [post.username for post in POSTS]
    number = f"{PHONE_RANGE}{_FIRST_OF_OFFICIALS + names.index(official.username):07d}"
    return ContactPoint(
        user=official,
        channel=ContactChannel.SMS,
        value_enc=ContactPoint.seal_value(ContactChannel.SMS, number),
        value_index=ContactPoint.index_of(ContactChannel.SMS, number),
        verified_at=verified_at,
    )


def _grant(post: Post, users: dict[str, User], unit: Unit) -> Grant:
    """Return a grant in which nobody grants or confirms for themselves."""
    granting = "lanhdao" if post.username in {"quantri", "pheduyet"} else "quantri"
    confirming = "lanhdao" if post.username not in {"quantri", "pheduyet", "lanhdao"} else "dulieu"
    return Grant(
        official_id=users[post.username].pk,
        role=post.role,
        unit=unit,
        valid=DateRange(MERGED_ON, None),
        granted_by=users[granting],
        confirmed_by=users[confirming],
    )
