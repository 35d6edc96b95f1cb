"""手算的表 of the posts: (numerator, denominator, excluded), then rows with their reasons."""

ON_TIME = """
    kind   | due_at      | done_at     | why
    {kind} | 10-03 09:30 | 10-03 09:30 | on the second
    {kind} | 10-03 09:30 | 10-03 09:31 | a minute late
    {kind} | 10-31 23:59 | -           | not done
    {kind} | 11-01 00:00 | 10-31 23:50 | due in the next month
    {kind} | -           | 10-03 09:00 | its limit stood: not due
    other  | 10-03 09:30 | 10-03 09:00 | another task
    """


def on_time(kind):
    """按时: one in time of three that fell due, whatever the task."""
    return 1, 3, 0, ON_TIME.format(kind=kind)


TABLES = {
    "sup_valid_rate": (2, 3, 0, """
        kind   | post      | done_at     | sound | why
        report | collector | 10-03 09:00 | +     | filed
        report | collector | 10-31 23:59 | +     | filed
        report | collector | 10-03 09:00 | .     | declined
        report | collector | 10-31 23:59 | -     | not decided yet, or joined to another report
        report | intake    | 10-03 09:00 | .     | intake wrote down a call: no collector's
        report | collector | 11-01 00:00 | .     | the next month
        """),
    "sup_miss_rate": (1, 3, 0, """
        kind   | post      | done_at     | sound | why
        report | collector | 10-03 09:00 | +     | found
        report | collector | 10-04 09:00 | +     | found
        report | collector | 10-04 09:00 | .     | declined: nothing that was there to be found
        miss   | collector | 10-05 09:00 | -     | walked past it, confirmed
        miss   | collector | 11-05 09:00 | -     | confirmed in the next month
        """),
    "sup_miss_rate_as_seen": (2, 1, 0, """
        kind   | post      | done_at     | sound | why
        report | collector | 10-03 09:00 | +     | found
        miss   | collector | 10-05 09:00 | -     | missed
        miss   | collector | 10-06 09:00 | -     | missed: two of one is 200 %
        report | collector | 10-04 09:00 | .     | declined
        """),
    "sup_verify_rate": on_time("confirm"),
    "sup_check_rate": on_time("check"),
    "acc_count": (2, 0, 0, """
        kind   | done_at     | why
        accept | 10-03 09:00 | accepted, or declined
        accept | 10-31 23:59 | in the last minute
        accept | -           | not done
        accept | 11-01 00:00 | the next month
        """),
    "acc_on_time": on_time("accept"),
    "acc_verify_send": on_time("send_confirm"),
    "acc_check_send": on_time("send_check"),
    "sl_file_on_time": on_time("file"),
    "sl_file_accurate": (2, 3, 0, """
        kind | done_at     | sound | why
        file | 10-03 09:00 | +     | stands
        file | 10-04 09:00 | +     | stands
        file | 10-05 09:00 | .     | voided afterwards
        file | -           | -     | not filed yet
        """),
    "sl_close_on_time": on_time("close"),
    "dp_count": (2, 0, 0, """
        number | kind     | done_at     | why
        a      | dispatch | 10-03 09:00 | sent
        a      | dispatch | 10-04 09:00 | and sent again after a send-back: two dispatches
        b      | dispatch | 11-01 00:00 | the next month
        """),
    "dp_on_time": on_time("dispatch"),
    "dp_accurate": (2, 3, 0, """
        kind     | done_at     | sound | reworks | why
        dispatch | 10-03 09:00 | +     | 0       | to the right unit
        dispatch | 10-03 09:00 | +     | 3       | right, and badly repaired: not the dispatcher's
        dispatch | 10-03 09:00 | .     | 0       | sent back and given to another unit
        dispatch | 09-03 09:00 | .     | 0       | the month before
        """),
    "dp_accurate_as_seen": (0, 3, 0, """
        kind     | done_at     | sound | reworks | why
        dispatch | 10-03 09:00 | +     | 0       | right
        dispatch | 10-03 09:00 | +     | 3       | the repair failed three times
        dispatch | 10-03 09:00 | .     | 0       | to the wrong unit, and yet no deduction
        """),
}  # fmt: skip
