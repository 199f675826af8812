"""The due date in one sentence that a citizen and an official both understand, in two languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dossiers.sla.counting import Limit
from dossiers.sla.ledger import Clock, ClockState
from portal.common.calendar import SATURDAY, WorkingCalendar
from procedures.enums import TimeUnit

WEEKDAYS_VI = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_UNITS: dict[TimeUnit, tuple[str, str]] = {
    TimeUnit.WORKING_DAY: ("ngày làm việc", "working day"),
    TimeUnit.CALENDAR_DAY: ("ngày", "calendar day"),
}


@dataclass(frozen=True)
class Sentence:
    """One statement in Vietnamese and in English."""

    vi: str
    en: str


def explain(clock: Clock, limit: Limit, calendar: WorkingCalendar) -> Sentence:
    """Return why the due date is what it is: length, start, days left out, waiting, extension."""
    if clock.state is ClockState.NOT_STARTED or clock.started_on is None:
        return Sentence(
            "Thời hạn chưa bắt đầu tính: hồ sơ chưa được tiếp nhận.",
            "The time limit has not begun: the dossier has not been received yet.",
        )
    if clock.due_on is None:
        return Sentence(
            "Thủ tục này không có thời hạn cố định trong danh mục.",
            "The catalogue sets no fixed time for this procedure.",
        )
    parts = [
        _counted(clock, limit, clock.started_on),
        _shifted_start(clock, limit, calendar, clock.started_on),
        _left_out(clock.started_on, clock.due_on, limit, calendar),
        _moved_end(clock.started_on, limit, calendar),
        _made_up(clock.started_on, clock.due_on, limit, calendar),
        _waited(clock),
        _synced(clock),
        _extended(clock),
        _recalendared(clock),
        _held(clock),
    ]
    told = [part for part in parts if part is not None]
    return Sentence(
        f"Hẹn trả {_day_vi(clock.due_on)}: {', '.join(part.vi for part in told)}.",
        f"Due on {_day_en(clock.due_on)}: {', '.join(part.en for part in told)}.",
    )


def explain_end(clock: Clock, calendar: WorkingCalendar) -> Sentence | None:
    """Return whether an ended dossier was in time; None when there was no date to keep.

    What was extended is measured by the date without the extension, as figures measure it, and
    then by the new one.
    """
    ended, due = clock.ended_on, clock.due_on
    if ended is None or due is None:
        return None
    days, plain = clock.extended_days, clock.plain_due_on
    is_extended = bool(days) and plain is not None and plain != due
    kept = _kept(ended, plain if is_extended and plain else due, calendar)
    told = Sentence(
        f"Giải quyết xong {_day_vi(ended)}, {kept.vi}.",
        f"Finished on {_day_en(ended)}, {kept.en}.",
    )
    if not is_extended:
        return told
    then = _kept(ended, due, calendar)
    return Sentence(
        f"{told.vi} Đã gia hạn {days} ngày làm việc: {then.vi}.",
        f"{told.en} Extended by {days} working day{_plural(days)}: {then.en}.",
    )


def _kept(ended: date, due: date, calendar: WorkingCalendar) -> Sentence:
    """Say how an end stands against a date, in working days."""
    early, late = (
        calendar.working_days_between(ended, due),
        calendar.working_days_between(due, ended),
    )
    vi, en = f"hẹn {_day_vi(due)}", f"due on {_day_en(due)}"
    if late:
        return Sentence(
            f"trễ {late} ngày làm việc, {vi}", f"{late} working day{_plural(late)} late, {en}"
        )
    if early:
        return Sentence(
            f"sớm {early} ngày làm việc, {vi}", f"{early} working day{_plural(early)} early, {en}"
        )
    return Sentence(f"đúng hẹn, {vi}", f"in time, {en}")


def _day_vi(day: date) -> str:
    return f"{WEEKDAYS_VI[day.weekday()]} {day:%d/%m/%Y}"


def _day_en(day: date) -> str:
    return f"{WEEKDAYS_EN[day.weekday()]} {day:%d/%m/%Y}"


def _counted(clock: Clock, limit: Limit, start: date) -> Sentence:
    if limit.unit not in _UNITS:
        return Sentence(
            f"giải quyết ngay trong ngày tiếp nhận {start:%d/%m/%Y}",
            f"handled on the very day of receipt, {start:%d/%m/%Y}",
        )
    vi, en = _UNITS[limit.unit]
    return Sentence(
        f"{limit.days} {vi} tính từ ngày tiếp nhận {start:%d/%m/%Y}",
        f"{limit.days} {en}{_plural(limit.days or 0)} from the day of receipt, {start:%d/%m/%Y}",
    )


def _shifted_start(
    clock: Clock, limit: Limit, calendar: WorkingCalendar, start: date
) -> Sentence | None:
    """Say why the day of receipt is not the day on which the dossier came in."""
    received = clock.received_at
    if received is None or received.date() == start:
        return None
    if calendar.is_working(received.date()) and limit.cutoff is not None:
        when = f"{limit.cutoff:%H:%M} {received:%d/%m/%Y}"
        return Sentence(f"vì hồ sơ đến sau {when}", f"because it came in after {when}")
    return Sentence(
        f"vì hồ sơ đến vào ngày nghỉ {received:%d/%m/%Y}",
        f"because it came in on {received:%d/%m/%Y}, a day off",
    )


def _left_out(start: date, due: date, limit: Limit, calendar: WorkingCalendar) -> Sentence | None:
    """Name the rest days that do not count, weekends by their names and holidays by their dates."""
    if limit.unit is TimeUnit.CALENDAR_DAY:
        return None
    resting = calendar.rest_days_between(start, due)
    if not resting:
        return None
    weekend = sorted({day.weekday() for day in resting if day.weekday() >= SATURDAY})
    holidays = [f"{day:%d/%m}" for day in resting if day.weekday() < SATURDAY]
    vi = [WEEKDAYS_VI[number] for number in weekend]
    en = [WEEKDAYS_EN[number] for number in weekend]
    if holidays:
        vi.append(f"ngày nghỉ {_list(holidays)}")
        en.append(f"days off {_list(holidays)}")
    return Sentence(f"không tính {_list(vi)}", f"not counting {_list(en)}")


def _moved_end(start: date, limit: Limit, calendar: WorkingCalendar) -> Sentence | None:
    """Say that a calendar-day limit ran out on a rest day and so ends on the next working day."""
    if limit.unit is not TimeUnit.CALENDAR_DAY or limit.days is None:
        return None
    last = start + timedelta(days=limit.days)
    if calendar.is_working(last):
        return None
    return Sentence(
        f"vì ngày cuối rơi vào ngày nghỉ {last:%d/%m/%Y}",
        f"because the last day, {last:%d/%m/%Y}, is a day off",
    )


def _made_up(start: date, due: date, limit: Limit, calendar: WorkingCalendar) -> Sentence | None:
    """Name the make-up Saturdays that do count."""
    made_up = sorted(day for day in calendar.working_days if start < day <= due)
    if not made_up or limit.unit is TimeUnit.CALENDAR_DAY:
        return None
    days = _list([f"{day:%d/%m}" for day in made_up])
    return Sentence(f"có tính ngày làm bù {days}", f"counting make-up days {days}")


def _waited(clock: Clock) -> Sentence | None:
    return _added(
        clock.paused_days,
        clock.paused_count,
        Sentence("chờ công dân", "spent waiting for the citizen"),
    )


def _synced(clock: Clock) -> Sentence | None:
    return _added(
        clock.synced_days,
        clock.synced_count,
        Sentence("chờ hệ thống khác trả lời", "spent waiting for another system"),
    )


def _added(days: int, times: int, what: Sentence) -> Sentence | None:
    """Say how many working days a kind of waiting added, and in how many turns if in several."""
    if not days:
        return None
    vi, en = (f" ({times} lần)", f" ({times} times)") if times > 1 else ("", "")
    return Sentence(
        f"cộng {days} ngày làm việc {what.vi}{vi}",
        f"plus {days} working day{_plural(days)} {what.en}{en}",
    )


def _extended(clock: Clock) -> Sentence | None:
    days = clock.extended_days
    if not days:
        return None
    return Sentence(
        f"cộng {days} ngày làm việc gia hạn",
        f"plus an extension of {days} working day{_plural(days)}",
    )


def _recalendared(clock: Clock) -> Sentence | None:
    changed = clock.recalendared_at
    if changed is None:
        return None
    return Sentence(
        f"dời theo lịch làm việc thay đổi ngày {changed:%d/%m/%Y}",
        f"moved because the working calendar was changed on {changed:%d/%m/%Y}",
    )


def _held(clock: Clock) -> Sentence | None:
    """Say that the clock stands still, and so the date is not the last word."""
    since = clock.paused_on
    if since is None:
        return None
    is_system = clock.state is ClockState.WAITING
    vi, en = ("hệ thống khác", "another system") if is_system else ("công dân", "the citizen")
    return Sentence(
        f"đang dừng từ {since:%d/%m/%Y} để chờ {vi} nên ngày hẹn sẽ lùi thêm",
        f"standing still since {since:%d/%m/%Y} to wait for {en}, so that the date will move on",
    )


def _list(words: Sequence[str]) -> str:
    return ", ".join(words)


def _plural(count: int) -> str:
    return "" if count == 1 else "s"
