"""Requests about data in every state, and a few choices with their proof, in the last weeks.

They go through the same services as everybody's, so dates, messages and effects are real. Nothing
is stopped for those who sign in: their stories need to be told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from citizens.enums import ConsentPurpose, DataRequestKind
from citizens.models import Citizen, DataRequest, HouseholdMember, User
from citizens.selectors import working_calendar
from dossiers.services import (
    answer_data_request,
    cancel_data_request,
    extend_data_request,
    finish_data_request,
    make_data_copy,
    refuse_data_request,
    submit_data_request,
)
from notifications.services import make_choice
from portal.common.calendar import WorkingCalendar
from portal.common.clock import CIVIL_ZONE

K, P = DataRequestKind, ConsentPurpose
_STEWARD = "dulieu"
_GROWN_UP = timedelta(days=18 * 366)
Then = Callable[[DataRequest, User, datetime], DataRequest]


def _accept(request: DataRequest, steward: User, sent_at: datetime) -> DataRequest:
    return answer_data_request(
        request=request,
        user=steward,
        version=request.version,
        answer="Cơ quan chấp nhận yêu cầu và sẽ báo cho nơi quản lý dữ liệu gốc.",
        now=sent_at + timedelta(hours=5),
    )


def _accept_late(request: DataRequest, steward: User, sent_at: datetime) -> DataRequest:
    return _accept(request, steward, sent_at + timedelta(days=6))


def _finish(request: DataRequest, steward: User, sent_at: datetime) -> DataRequest:
    return finish_data_request(
        request=_accept(request, steward, sent_at),
        user=steward,
        version=request.version + 1,
        note="Đã báo Công an phường và cơ quan bảo hiểm xã hội; hai nơi đã ngừng sử dụng.",
        now=sent_at + timedelta(days=2),
    )


def _extend(request: DataRequest, steward: User, sent_at: datetime) -> DataRequest:
    answered = answer_data_request(
        request=request,
        user=steward,
        version=request.version,
        answer="Cơ quan chấp nhận; đơn vị chuyển tin cũng phải được báo.",
        has_processors=True,
        now=sent_at + timedelta(hours=3),
    )
    return extend_data_request(
        request=answered,
        user=steward,
        version=answered.version,
        days=10,
        reason="Đơn vị chuyển tin xin thêm thời gian để xóa danh sách cũ.",
        now=sent_at + timedelta(days=3),
    )


def _refuse(request: DataRequest, steward: User, sent_at: datetime) -> DataRequest:
    return refuse_data_request(
        request=request,
        user=steward,
        version=request.version,
        reason="Ngày cấp giấy phép khớp với sổ gốc của Sở Y tế nên không có gì phải sửa.",
        legal_basis="Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15",
        now=sent_at + timedelta(hours=26),
    )


def _cancel(request: DataRequest, _steward: User, sent_at: datetime) -> DataRequest:
    return cancel_data_request(
        request=request,
        user=request.requested_by,
        version=request.version,
        now=sent_at + timedelta(hours=2),
    )


@dataclass(frozen=True)
class Asked:
    """A request `back` working days ago; `who` is a sign-in name, or the number of a neighbour."""

    who: str | int
    kind: DataRequestKind
    back: int
    body: str
    then: Then | None = None


ASKED = (
    Asked("lan", K.CORRECT, 6, "Địa chỉ của tôi thiếu số kiệt: đúng là K12/4.", _accept),
    Asked("hoa", K.CORRECT, 9, "Ngày cấp giấy phép hành nghề của tôi bị ghi sai.", _refuse),
    Asked("hoa", K.ACCESS, 4, "Những cơ quan nào đã nhận dữ liệu của tôi?", _cancel),
    Asked("minh", K.OBJECT, 0, "Xin không dùng số điện thoại của tôi để hỏi ý kiến."),
    Asked("tai", K.ACCESS, 2, "Dữ liệu về hợp tác xã được lưu đến khi nào?"),
    Asked(0, K.RESTRICT, 12, "Chỉ dùng dữ liệu của tôi khi giải quyết hồ sơ.", _finish),
    Asked(1, K.OBJECT, 5, "Không muốn nhận gợi ý nữa."),
    Asked(2, K.WITHDRAW, 14, "Rút mọi điều đã đồng ý trước đây.", _extend),
    Asked(3, K.RESTRICT, 10, "Số điện thoại cũ đã đổi chủ, xin ngừng dùng.", _accept_late),
)
COPIES = (("lan", K.COPY, 2), ("tai", K.ACCESS, 1))
CHOSEN = (
    ("lan", P.RESEARCH, True),
    ("lan", P.SURVEYS, True),
    ("hoa", P.RESEARCH, False),
    ("tai", P.SURVEYS, False),
)


def ask_about_data(on: date) -> int:
    """Write the choices, and the requests as of the civil date `on`; return how many requests."""
    users = {user.username: user for user in User.objects.select_related("citizen__party")}
    calendar, steward = working_calendar(), users[_STEWARD]
    for name, purpose, is_given in CHOSEN:
        by = users[name]
        make_choice(citizen=_citizen(by), purpose=purpose, is_given=is_given, by=by, language="vi")
    for turn, (name, kind, back) in enumerate(COPIES):
        at = _moment(calendar, on, back, turn)
        make_data_copy(citizen=_citizen(users[name]), kind=kind, by=users[name], now=at)
    people: dict[str | int, tuple[User, Citizen]] = {
        number: (steward, citizen) for number, citizen in enumerate(_neighbours(on))
    }
    people |= {name: (by, _citizen(by)) for name, by in users.items() if by.citizen is not None}
    asked_here = [asked for asked in ASKED if asked.who in people]
    for turn, asked in enumerate(asked_here):
        by, citizen = people[asked.who]
        at = _moment(calendar, on, asked.back, turn)
        request = submit_data_request(
            citizen=citizen, kind=asked.kind, body=asked.body, by=by, now=at
        )
        if asked.then is not None:
            asked.then(request, steward, at)
    return len(asked_here) + len(COPIES)


def _citizen(user: User) -> Citizen:
    """Return the person of a citizen's account."""
    if user.citizen is None:
        raise TypeError(f"{user.username} is no citizen's account.")
    return user.citizen


def _neighbours(on: date) -> list[Citizen]:
    """Return grown-up people without an account, from other homes than those of the sign-ins."""
    grown_up = Citizen.objects.alive().filter(birth_date__lte=on - _GROWN_UP, user=None)
    of_the_sign_ins = HouseholdMember.objects.filter(
        household__members__citizen__user__isnull=False
    )
    grown_up = grown_up.exclude(pk__in=of_the_sign_ins.values("citizen"))
    wanted = 1 + max(asked.who for asked in ASKED if isinstance(asked.who, int))
    return list(grown_up.select_related("party", "unit").order_by("pk")[:wanted])


def _moment(calendar: WorkingCalendar, on: date, back: int, turn: int) -> datetime:
    """Return the morning `back` working days before `on`."""
    day = on
    while back:
        day -= timedelta(days=1)
        back -= calendar.is_working(day)
    return datetime.combine(day, time(8, 5 + turn * 7 % 50), CIVIL_ZONE)
