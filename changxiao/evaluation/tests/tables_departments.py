"""手算的表 of units and areas: (numerator, denominator, excluded), then rows with their reasons."""

TABLES = {
    "handling_rate": (2, 3, 2, """
        due_at      | handled_at  | suspended | voided_at   | why
        10-03 09:00 | 10-03 08:00 | .         | -           | handled in time
        10-03 09:00 | 10-20 08:00 | .         | -           | late, but handled when the month ended
        10-31 20:00 | 11-01 00:00 | .         | -           | handled when it was over
        10-05 09:00 | -           | +         | -           | hung: taken out
        10-05 09:00 | -           | .         | 10-05 08:00 | voided: taken out
        11-02 09:00 | 10-30 09:00 | .         | -           | due in the next month: counts there
        -           | -           | .         | -           | no limit yet
        """),
    "on_time_handling_rate": (2, 5, 1, """
        due_at      | handled_at  | late | appeal_upheld | why
        10-03 09:00 | 10-03 08:59 | .    | .             | a minute before
        10-03 09:00 | 10-03 09:00 | .    | .             | on the second: in time
        10-03 09:00 | 10-03 09:01 | +    | .             | a minute late
        10-09 09:00 | 10-08 09:00 | +    | .             | late before its rework: stays late
        10-31 09:00 | -           | .    | .             | due and not handled
        10-05 09:00 | 10-06 09:00 | +    | +             | appeal upheld: taken out, and told
        09-30 23:59 | 09-30 09:00 | .    | .             | due the month before
        11-01 00:00 | 10-30 09:00 | .    | .             | due in the next month
        """),
    "closing_rate": (2, 4, 1, """
        close_due_at | closed_at   | joined_at   | why
        10-03 09:00  | 10-03 08:00 | -           | in time
        10-03 09:00  | 10-30 08:00 | -           | late, but closed
        10-03 09:00  | 11-01 00:00 | -           | closed when the month was over
        10-03 09:00  | -           | -           | open (or put back by the reporter)
        10-03 09:00  | -           | 10-02 08:00 | joined to another: taken out
        09-03 09:00  | 10-03 08:00 | -           | due the month before
        """),
    "on_time_closing_rate": (1, 3, 1, """
        close_due_at | closed_at   | suspended | why
        10-03 09:00  | 10-03 09:00 | .         | on the second
        10-03 09:00  | 10-03 09:01 | .         | a minute late
        10-03 09:00  | -           | .         | open
        10-03 09:00  | -           | +         | hung: taken out
        11-01 00:00  | 10-30 09:00 | .         | due in the next month
        """),
    "late_closing_rate": (1, 4, 0, """
        close_due_at | closed_at   | why
        10-03 09:00  | 10-03 09:01 | late
        10-03 09:00  | 10-03 09:00 | in time
        10-03 09:00  | -           | open: not closed late, for it is not closed
        10-31 09:00  | 11-01 00:00 | closed when the month was over
        """),
    "open_rate": (2, 3, 1, """
        reported_at | filed_at    | closed_at   | suspended | why
        10-03 09:00 | 10-03 09:20 | 10-05 09:00 | .         | closed
        10-03 09:00 | 10-03 09:20 | -           | .         | open
        10-30 09:00 | 10-30 09:20 | 11-01 00:00 | .         | open when the month ended
        10-03 09:00 | -           | -           | .         | declined: no case, so none is open
        10-03 09:00 | 10-03 09:20 | -           | +         | hung: taken out
        09-03 09:00 | 09-03 09:20 | -           | .         | reported before
        """),
    "open_rate_as_seen": (1, 4, 0, """
        reported_at | filed_at    | closed_at   | why
        10-03 09:00 | 10-03 09:20 | -           | open
        10-03 09:00 | 10-03 09:20 | 10-05 09:00 | closed
        10-03 09:00 | -           | -           | declined, and yet it makes the rate look better
        10-04 09:00 | -           | -           | so does this one
        """),
    "rework_rate": (2, 4, 0, """
        closed_at   | reworks | why
        10-03 09:00 | 1       | failed once
        10-03 09:00 | 4       | failed four times: one case
        10-03 09:00 | 0       | right at once
        10-31 23:59 | 0       | right at once
        11-03 09:00 | 2       | closed in the next month
        -           | 1       | still open: counts when it is closed
        """),
    "rework_rate_as_seen": (5, 3, 0, """
        due_at      | reworks | why
        10-03 09:00 | 1       | failed once
        10-03 09:00 | 4       | four times: five of three is 166 %
        10-03 09:00 | 0       | right at once
        11-03 09:00 | 2       | due in the next month
        """),
    "return_rate": (1, 3, 0, """
        dispatched_at | returns | why
        10-03 09:00   | 2       | sent back twice: one case
        10-03 09:00   | 0       | kept
        10-31 23:59   | 0       | kept
        11-03 09:00   | 1       | dispatched in the next month
        -             | 0       | not dispatched
        """),
    "supervisor_report_rate": (2, 3, 0, """
        reported_at | channel   | public_found | why
        10-03 09:00 | collector | .            | found on patrol
        10-03 09:00 | collector | .            | found on patrol
        10-03 09:00 | hotline   | +            | a resident had to call
        10-03 09:00 | video     | .            | a camera: neither of the two
        09-03 09:00 | hotline   | +            | the month before
        """),
    "public_report_rate": (1, 3, 0, """
        reported_at | channel   | public_found | why
        10-03 09:00 | collector | .            | found on patrol
        10-03 09:00 | wechat    | +            | a resident
        10-03 09:00 | video     | .            | a camera: in the whole
        11-03 09:00 | wechat    | +            | the next month
        """),
    "self_found_rate": (2, 4, 0, """
        reported_at | channel   | self_found | why
        10-03 09:00 | collector | +          | our own eyes
        10-03 09:00 | video     | +          | our own camera
        10-03 09:00 | hotline   | .          | a resident
        10-03 09:00 | upper     | .          | the upper level saw it first
        """),
    "urgent_on_time_rate": (1, 2, 1, """
        urgent | due_at      | handled_at  | suspended | why
        +      | 10-03 09:00 | 10-03 08:00 | .         | in time
        +      | 10-03 09:00 | -           | .         | not handled
        +      | 10-03 09:00 | -           | +         | hung: taken out
        .      | 10-03 09:00 | -           | .         | not urgent
        """),
    "important_on_time_rate": (1, 2, 0, """
        important | due_at      | handled_at  | late | why
        +         | 10-03 09:00 | 10-03 08:00 | .    | in time
        +         | 10-03 09:00 | 10-04 08:00 | +    | late
        .         | 10-03 09:00 | 10-04 08:00 | +    | an ordinary case
        """),
    "reopen_rate": (1, 2, 0, """
        closed_at   | reopened | why
        10-03 09:00 | +        | put back by the reporter, closed again
        10-03 09:00 | .        | closed for good
        -           | +        | put back and still open: counts when it is closed
        """),
    "forced_closing_rate": (1, 3, 0, """
        closed_at   | forced | why
        10-03 09:00 | +      | by order
        10-03 09:00 | .      | in the ordinary way
        10-03 09:00 | .      | in the ordinary way
        09-03 09:00 | +      | the month before
        """),
}  # fmt: skip
