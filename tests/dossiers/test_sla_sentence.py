"""Every due date explains itself in one sentence, in both languages."""

from __future__ import annotations

import pytest

from dossiers.enums import ClockEventKind
from dossiers.sla import Entry, Limit, explain, explain_end, replay
from procedures.enums import TimeUnit
from tests.dossiers.clock_cases import CAMPAIGN, HOUSE, SAME_DAY, YEAR_2026, at, day, working

START, PAUSE, RESUME = ClockEventKind.START, ClockEventKind.PAUSE, ClockEventKind.RESUME
WAIT, EXTEND, FINISH = ClockEventKind.SYNC_WAIT, ClockEventKind.EXTENSION, ClockEventKind.FINISH


@pytest.mark.parametrize(
    ("entries", "limit", "vi", "en"),
    [
        (
            [Entry(START, at("2026-11-20"))],
            working(5),
            "Hẹn trả thứ Sáu 27/11/2026: 5 ngày làm việc tính từ ngày tiếp nhận 20/11/2026, "
            "không tính thứ Bảy, Chủ nhật.",
            "Due on Friday 27/11/2026: 5 working days from the day of receipt, 20/11/2026, "
            "not counting Saturday, Sunday.",
        ),
        (
            [Entry(START, at("2026-11-23"))],
            working(1),
            "Hẹn trả thứ Ba 24/11/2026: 1 ngày làm việc tính từ ngày tiếp nhận 23/11/2026.",
            "Due on Tuesday 24/11/2026: 1 working day from the day of receipt, 23/11/2026.",
        ),
        (
            [Entry(START, at("2026-01-06"))],
            working(5),
            "Hẹn trả thứ Hai 12/01/2026: 5 ngày làm việc tính từ ngày tiếp nhận 06/01/2026, "
            "không tính Chủ nhật, có tính ngày làm bù 10/01.",
            "Due on Monday 12/01/2026: 5 working days from the day of receipt, 06/01/2026, "
            "not counting Sunday, counting make-up days 10/01.",
        ),
        (
            [Entry(START, at("2026-04-29"))],
            working(1),
            "Hẹn trả thứ Hai 04/05/2026: 1 ngày làm việc tính từ ngày tiếp nhận 29/04/2026, "
            "không tính thứ Bảy, Chủ nhật, ngày nghỉ 30/04, 01/05.",
            "Due on Monday 04/05/2026: 1 working day from the day of receipt, 29/04/2026, "
            "not counting Saturday, Sunday, days off 30/04, 01/05.",
        ),
        (
            [Entry(START, at("2026-11-20 15:01"))],
            SAME_DAY,
            "Hẹn trả thứ Hai 23/11/2026: giải quyết ngay trong ngày tiếp nhận 23/11/2026, "
            "vì hồ sơ đến sau 15:00 20/11/2026.",
            "Due on Monday 23/11/2026: handled on the very day of receipt, 23/11/2026, "
            "because it came in after 15:00 20/11/2026.",
        ),
        (
            [Entry(START, at("2026-11-22"))],
            working(1),
            "Hẹn trả thứ Ba 24/11/2026: 1 ngày làm việc tính từ ngày tiếp nhận 23/11/2026, "
            "vì hồ sơ đến vào ngày nghỉ 22/11/2026.",
            "Due on Tuesday 24/11/2026: 1 working day from the day of receipt, 23/11/2026, "
            "because it came in on 22/11/2026, a day off.",
        ),
        (
            [
                Entry(START, at("2026-11-23")),
                Entry(PAUSE, at("2026-11-24")),
                Entry(RESUME, at("2026-11-25")),
                Entry(ClockEventKind.EXTENSION, at("2026-11-25 15:00"), days=2),
            ],
            working(2),
            "Hẹn trả thứ Hai 30/11/2026: 2 ngày làm việc tính từ ngày tiếp nhận 23/11/2026, "
            "không tính thứ Bảy, Chủ nhật, cộng 1 ngày làm việc chờ công dân, "
            "cộng 2 ngày làm việc gia hạn.",
            "Due on Monday 30/11/2026: 2 working days from the day of receipt, 23/11/2026, "
            "not counting Saturday, Sunday, plus 1 working day spent waiting for the citizen, "
            "plus an extension of 2 working days.",
        ),
        (
            [Entry(START, at("2026-11-02"))],
            HOUSE,
            "Hẹn trả thứ Ba 17/11/2026: 15 ngày tính từ ngày tiếp nhận 02/11/2026.",
            "Due on Tuesday 17/11/2026: 15 calendar days from the day of receipt, 02/11/2026.",
        ),
        (
            [
                Entry(START, at("2026-11-02")),
                Entry(PAUSE, at("2026-11-03")),
                Entry(RESUME, at("2026-11-04")),
                Entry(WAIT, at("2026-11-05")),
                Entry(RESUME, at("2026-11-09")),
                Entry(PAUSE, at("2026-11-10")),
                Entry(RESUME, at("2026-11-12")),
                Entry(ClockEventKind.CALENDAR_CHANGE, at("2026-11-13"), due_on=day("2026-11-20")),
                Entry(WAIT, at("2026-11-16")),
            ],
            working(5),
            "Hẹn trả thứ Sáu 20/11/2026: 5 ngày làm việc tính từ ngày tiếp nhận 02/11/2026, "
            "không tính thứ Bảy, Chủ nhật, cộng 3 ngày làm việc chờ công dân (2 lần), "
            "cộng 2 ngày làm việc chờ hệ thống khác trả lời, "
            "dời theo lịch làm việc thay đổi ngày 13/11/2026, "
            "đang dừng từ 16/11/2026 để chờ hệ thống khác nên ngày hẹn sẽ lùi thêm.",
            "Due on Friday 20/11/2026: 5 working days from the day of receipt, 02/11/2026, "
            "not counting Saturday, Sunday, plus 3 working days spent waiting for the citizen "
            "(2 times), plus 2 working days spent waiting for another system, "
            "moved because the working calendar was changed on 13/11/2026, "
            "standing still since 16/11/2026 to wait for another system, so that the date will "
            "move on.",
        ),
        (
            [],
            working(5),
            "Thời hạn chưa bắt đầu tính: hồ sơ chưa được tiếp nhận.",
            "The time limit has not begun: the dossier has not been received yet.",
        ),
        (
            [Entry(START, at("2026-11-02"))],
            CAMPAIGN,
            "Thủ tục này không có thời hạn cố định trong danh mục.",
            "The catalogue sets no fixed time for this procedure.",
        ),
    ],
)
def test_sentence(entries: list[Entry], limit: Limit, vi: str, en: str) -> None:
    sentence = explain(replay(entries, limit, YEAR_2026), limit, YEAR_2026)

    assert (sentence.vi, sentence.en) == (vi, en)


def test_a_moved_end_of_a_calendar_limit_is_explained() -> None:
    limit = Limit(15, TimeUnit.CALENDAR_DAY)

    sentence = explain(replay([Entry(START, at("2026-11-06"))], limit, YEAR_2026), limit, YEAR_2026)

    assert "vì ngày cuối rơi vào ngày nghỉ 21/11/2026" in sentence.vi
    assert "because the last day, 21/11/2026, is a day off" in sentence.en


@pytest.mark.parametrize(
    ("entries", "vi", "en"),
    [
        (
            [Entry(FINISH, at("2026-11-25"))],
            "Giải quyết xong thứ Tư 25/11/2026, sớm 2 ngày làm việc, hẹn thứ Sáu 27/11/2026.",
            "Finished on Wednesday 25/11/2026, 2 working days early, due on Friday 27/11/2026.",
        ),
        (
            [Entry(FINISH, at("2026-11-27"))],
            "Giải quyết xong thứ Sáu 27/11/2026, đúng hẹn, hẹn thứ Sáu 27/11/2026.",
            "Finished on Friday 27/11/2026, in time, due on Friday 27/11/2026.",
        ),
        (
            [Entry(FINISH, at("2026-11-30"))],
            "Giải quyết xong thứ Hai 30/11/2026, trễ 1 ngày làm việc, hẹn thứ Sáu 27/11/2026.",
            "Finished on Monday 30/11/2026, 1 working day late, due on Friday 27/11/2026.",
        ),
        (
            [Entry(EXTEND, at("2026-11-26"), days=3), Entry(FINISH, at("2026-12-01"))],
            "Giải quyết xong thứ Ba 01/12/2026, trễ 2 ngày làm việc, hẹn thứ Sáu 27/11/2026. "
            "Đã gia hạn 3 ngày làm việc: sớm 1 ngày làm việc, hẹn thứ Tư 02/12/2026.",
            "Finished on Tuesday 01/12/2026, 2 working days late, due on Friday 27/11/2026. "
            "Extended by 3 working days: 1 working day early, due on Wednesday 02/12/2026.",
        ),
        (
            [Entry(EXTEND, at("2026-11-26"), days=3), Entry(FINISH, at("2026-11-27"))],
            "Giải quyết xong thứ Sáu 27/11/2026, đúng hẹn, hẹn thứ Sáu 27/11/2026. "
            "Đã gia hạn 3 ngày làm việc: sớm 3 ngày làm việc, hẹn thứ Tư 02/12/2026.",
            "Finished on Friday 27/11/2026, in time, due on Friday 27/11/2026. "
            "Extended by 3 working days: 3 working days early, due on Wednesday 02/12/2026.",
        ),
    ],
)
def test_what_ended_says_whether_it_was_in_time(entries: list[Entry], vi: str, en: str) -> None:
    clock = replay([Entry(START, at("2026-11-20")), *entries], working(5), YEAR_2026)

    sentence = explain_end(clock, YEAR_2026)

    assert sentence is not None
    assert (sentence.vi, sentence.en) == (vi, en)


def test_without_a_date_nothing_was_in_time_or_late() -> None:
    entries = [Entry(START, at("2026-11-20")), Entry(FINISH, at("2026-11-25"))]

    assert explain_end(replay(entries, CAMPAIGN, YEAR_2026), YEAR_2026) is None
    assert explain_end(replay(entries[:1], working(5), YEAR_2026), YEAR_2026) is None
