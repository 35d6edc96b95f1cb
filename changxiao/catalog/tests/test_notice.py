"""放假通知: the State Council's own sentences, rows of a table, and what is refused."""

from datetime import date

import pytest

from changxiao.catalog import notice
from changxiao.kernel.refused import Refused
from changxiao.kernel.worktime_city import read_days

# 国办发明电〔2024〕12号 on the holidays of 2025: the numbered items as published.
NOTICE_2025 = """
一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。
"""


def test_the_notice_of_2025_gives_the_day_table_of_2025():
    told = {one.date: one.is_workday for one in notice.read(NOTICE_2025, 2025)}
    known = {row.date: row.is_workday for row in read_days("cn") if row.date.year == 2025}

    assert told == known


@pytest.mark.parametrize(
    "line",
    [
        "2027-01-01 放假 元旦",
        "2027/1/1\t0\t元旦",
        "2027年1月1日,休,元旦",
        "２０２７-01-01 放假 元旦",
    ],
)
def test_a_row_of_a_table_is_read_in_each_style(line):
    assert notice.read(line, 2027) == [notice.Told(date(2027, 1, 1), False, "元旦")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "notice_unreadable"),
        ("放假安排如下", "notice_unreadable"),
        ("😀" * 100, "notice_unreadable"),
        ("一、元旦：2月31日放假", "day_unreadable"),
        ("一、元旦：1月5日至3日放假", "day_unreadable"),
        ("一、元旦：1月1日（周三）放假", "weekday_differs"),
        ("2027-01-01 放假\n2027-01-01 上班", "notice_contradicts"),
        ("2027-02-31 放假 元旦", "day_unreadable"),
    ],
)
def test_what_is_no_notice_is_refused(text, code):
    with pytest.raises(Refused) as no:
        notice.read(text, 2027)

    assert no.value.code == code
