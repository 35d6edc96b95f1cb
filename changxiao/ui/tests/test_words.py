"""What a deadline and a moment are called."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from changxiao.ui.deadline import HOUR, MINUTE, WORK_DAY, State, span_words, standing
from changxiao.ui.moments import moment_words

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai


@pytest.mark.parametrize(
    ("seconds", "working", "words"),
    [
        (3 * HOUR + 20 * MINUTE, False, "3 小时 20 分"),
        (59, False, "不到 1 分"),
        (26 * HOUR + 5 * MINUTE, False, "1 天 2 小时"),
        (WORK_DAY, True, "1 工作日"),
        (WORK_DAY + HOUR, True, "1 工作日 1 工作时"),
    ],
)
def test_a_span_is_said_in_its_two_largest_units(seconds, working, words):
    assert span_words(seconds, working=working) == words


@pytest.mark.parametrize(
    ("used", "state", "words"),
    [
        (1 * HOUR, State.ON_TRACK, "剩 3 小时"),
        (3 * HOUR, State.NEAR, "剩 1 小时"),
        (4 * HOUR, State.NEAR, "剩 不到 1 分"),
        (4 * HOUR + 40 * MINUTE, State.OVERDUE, "超期 40 分"),
    ],
)
def test_the_last_quarter_is_near_and_past_the_limit_is_overdue(used, state, words):
    now = standing(used=used, limit=4 * HOUR)

    assert (now.state, now.words) == (state, words)


def test_a_paused_clock_shows_what_is_left_and_is_never_overdue():
    now = standing(used=HOUR, limit=2 * HOUR, paused=True)

    assert (now.state, now.words, now.percent) == (State.PAUSED, "已暂停，剩 1 小时", 50)


def test_a_deadline_speaks_english_too():
    with translation.override("en"):
        assert standing(used=5 * WORK_DAY, limit=4 * WORK_DAY, working=True).words == (
            "1 working day overdue"
        )


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (timedelta(hours=9), "今天 18:00"),
        (timedelta(days=-1), "昨天 09:00"),
        (timedelta(days=5), "3月7日 09:00"),
        (timedelta(days=365), "2027年3月2日 09:00"),
    ],
)
def test_near_days_have_names(after, words):
    assert moment_words(MONDAY + after, MONDAY) == words
