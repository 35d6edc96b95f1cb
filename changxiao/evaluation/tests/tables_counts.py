"""手算的表 of the counts: (numerator, denominator, excluded), then rows with their reasons."""

TABLES = {
    "reported": (3, 0, 0, """
        reported_at | stage    | why
        10-01 00:00 | closed   | the first moment of the month
        10-31 23:59 | declined | its last minute; declined, but reported all the same
        10-15 12:00 | on_spot  | put right on the spot, and reported
        11-01 00:00 | closed   | the first moment of the next month
        09-30 23:59 | closed   | the last minute before
        """),
    "valid_reported": (2, 0, 0, """
        reported_at | filed_at    | why
        10-03 09:00 | 10-03 09:20 | reported and filed in the month
        10-31 23:00 | 10-31 23:59 | filed in its last minute
        10-31 23:00 | 11-01 00:05 | filed after the month: not yet valid when it ended
        10-03 09:00 | -           | never filed
        09-30 23:00 | 10-01 08:00 | reported the month before
        """),
    "public_reported": (2, 0, 0, """
        reported_at | public_found | why
        10-03 09:00 | +            | a resident
        10-04 09:00 | +            | another
        10-03 09:00 | .            | a collector
        09-03 09:00 | +            | another month
        """),
    "filed": (2, 0, 1, """
        filed_at    | suspended | voided_at   | why
        10-03 09:00 | .         | -           | filed
        10-31 23:59 | .         | 11-02 09:00 | filed, and voided later: it was filed
        10-04 09:00 | +         | -           | hung: the field counts it apart
        11-01 00:00 | .         | -           | the next month
        -           | .         | -           | not filed
        """),
    "cancelled": (1, 0, 0, """
        filed_at    | voided_at   | why
        09-03 09:00 | 10-04 09:00 | voided in the month, whenever it was filed
        10-03 09:00 | 11-01 00:00 | voided in the next month
        10-03 09:00 | -           | not voided
        """),
    "should_dispatch": (2, 0, 0, """
        filed_at    | dispatched_at | why
        10-03 09:00 | 10-03 09:10   | filed and sent
        10-31 23:50 | 11-01 00:10   | filed in the month, sent in the next: it was to be sent
        11-01 00:00 | 11-01 00:10   | filed in the next month
        -           | -             | never filed
        """),
    "dispatched": (2, 0, 0, """
        filed_at    | dispatched_at | why
        10-03 09:00 | 10-03 09:10   | sent in the month
        09-30 23:50 | 10-01 00:00   | filed before, sent in its first moment
        10-31 23:50 | 11-01 00:00   | sent in the next month
        10-03 09:00 | -             | not sent
        """),
    "should_handle": (2, 0, 2, """
        due_at      | handled_at  | suspended | appeal_upheld | why
        10-03 09:00 | 10-03 08:00 | .         | .             | due and handled
        10-31 23:59 | -           | .         | .             | due in its last minute, not handled
        10-05 09:00 | -           | +         | .             | hung: taken out, and told
        10-05 09:00 | 10-06 09:00 | .         | +             | appeal upheld: taken out, and told
        11-01 00:00 | 10-31 09:00 | .         | .             | handled early, due in the next month
        -           | -           | .         | .             | no limit yet
        """),
    "handled": (2, 0, 0, """
        due_at      | handled_at  | why
        10-03 09:00 | 10-03 08:00 | handled
        09-03 09:00 | 10-31 23:59 | due long ago, handled in the last minute
        10-03 09:00 | 11-01 00:00 | handled in the next month
        10-03 09:00 | -           | not handled (or sent back by the check)
        """),
    "handled_on_time": (1, 0, 0, """
        due_at      | handled_at  | late | why
        10-03 09:00 | 10-03 09:00 | .    | on the second
        10-03 09:00 | 10-03 09:01 | +    | a minute late
        10-09 09:00 | 10-08 09:00 | +    | late the first time, then reworked in time: it stays late
        10-03 09:00 | -           | .    | not handled
        """),
    "handled_late": (2, 0, 1, """
        due_at      | handled_at  | late | appeal_upheld | why
        10-03 09:00 | 10-03 09:01 | +    | .             | a minute late
        10-09 09:00 | 10-08 09:00 | +    | .             | was late once
        10-03 09:00 | 10-05 09:00 | +    | +             | late, the appeal was upheld: told apart
        10-03 09:00 | 10-03 08:00 | .    | .             | in time
        10-03 09:00 | -           | +    | .             | late and still not handled: another count
        """),
    "late_unhandled": (2, 0, 1, """
        due_at      | handled_at  | voided_at   | why
        10-03 09:00 | -           | -           | due and never handled
        10-03 09:00 | 11-01 00:00 | -           | handled when the month was over
        10-03 09:00 | 10-31 23:59 | -           | late, but handled within the month
        10-03 09:00 | -           | 10-04 09:00 | voided: taken out, and told
        11-03 09:00 | -           | -           | not yet due
        """),
    "should_close": (2, 0, 1, """
        close_due_at | closed_at   | joined_at   | why
        10-03 09:00  | 10-03 08:00 | -           | due and closed
        10-31 23:59  | -           | -           | due in the last minute
        10-05 09:00  | -           | 10-04 09:00 | joined to another case: taken out, and told
        11-01 00:00  | -           | -           | due in the next month
        -            | -           | -           | no limit
        """),
    "closed": (2, 0, 0, """
        closed_at   | forced | why
        10-03 09:00 | .      | closed
        10-31 23:59 | +      | closed by order: closed all the same, and counted by name elsewhere
        11-01 00:00 | .      | the next month
        -           | .      | open
        """),
    "closed_on_time": (1, 0, 0, """
        close_due_at | closed_at   | why
        10-03 09:00  | 10-03 09:00 | on the second
        10-03 09:00  | 10-03 09:01 | a minute late
        -            | 10-03 09:00 | no limit: neither in time nor late
        10-03 09:00  | -           | open
        """),
    "missed": (1, 0, 0, """
        filed_at    | missed | why
        10-03 09:00 | +      | a collector had walked there just before
        10-03 09:00 | .      | nobody had
        11-01 00:00 | +      | the next month
        -           | +      | declined: no problem, so nothing was missed
        """),
    "reworked_1_2": (2, 0, 0, """
        closed_at   | reworks | why
        10-03 09:00 | 1       | once
        10-03 09:00 | 2       | twice
        10-03 09:00 | 3       | thrice: the other count
        10-03 09:00 | 0       | never
        -           | 1       | still open
        """),
    "reworked_3": (2, 0, 0, """
        closed_at   | reworks | why
        10-03 09:00 | 3       | thrice
        10-03 09:00 | 7       | more often
        10-03 09:00 | 2       | twice: the other count
        11-03 09:00 | 3       | the next month
        """),
    "reworked_1_2_important": (1, 0, 0, """
        closed_at   | reworks | important | why
        10-03 09:00 | 2       | +         | a leader asked for it
        10-03 09:00 | 2       | .         | an ordinary case
        10-03 09:00 | 3       | +         | three times: the other count
        """),
    "reworked_3_important": (1, 0, 0, """
        closed_at   | reworks | important | why
        10-03 09:00 | 3       | +         | the press wrote of it
        10-03 09:00 | 3       | .         | an ordinary case
        10-03 09:00 | 1       | +         | once: the other count
        """),
    "rework": (2, 0, 0, """
        number | kind   | done_at     | why
        a      | rework | 10-03 09:00 | failed a check
        a      | rework | 10-05 09:00 | and another: times are counted, not cases
        b      | rework | 11-01 00:00 | the next month
        c      | check  | 10-03 09:00 | a check that was passed
        """),
    "returned": (1, 0, 0, """
        kind     | done_at     | why
        return   | 10-03 09:00 | the dispatcher agreed
        return   | 09-30 23:59 | the month before
        dispatch | 10-03 09:00 | sent, not sent back
        """),
    "suspended": (1, 0, 0, """
        kind    | done_at     | why
        suspend | 10-31 23:59 | granted in the last minute
        suspend | 11-01 00:00 | the next month
        handle  | 10-03 09:00 | no suspension
        """),
    "should_verify": (2, 0, 0, """
        kind    | due_at      | done_at     | why
        confirm | 10-03 09:30 | 10-03 09:10 | done in time
        confirm | 10-31 23:59 | -           | due in the last minute, not done
        confirm | 11-01 00:00 | 10-31 23:50 | due in the next month
        confirm | -           | 10-03 09:00 | nobody was on shift: its limit stood
        check   | 10-03 09:30 | 10-03 09:10 | a check after handling, not before filing
        """),
    "verified_on_time": (1, 0, 0, """
        kind    | due_at      | done_at     | why
        confirm | 10-03 09:30 | 10-03 09:30 | on the second
        confirm | 10-03 09:30 | 10-03 09:31 | a minute late
        confirm | 10-03 09:30 | -           | not done
        check   | 10-03 09:30 | 10-03 09:10 | another task
        """),
    "should_check": (2, 0, 0, """
        kind    | due_at      | done_at     | why
        check   | 10-03 09:30 | 10-03 09:10 | done in time
        check   | 10-03 09:30 | -           | not done
        check   | 09-30 23:59 | 10-03 09:10 | due the month before
        confirm | 10-03 09:30 | 10-03 09:10 | before filing, not after handling
        """),
    "checked_on_time": (1, 0, 0, """
        kind    | due_at      | done_at     | why
        check   | 10-03 09:30 | 10-03 09:30 | on the second
        check   | 10-03 09:30 | 10-04 09:30 | a day late
        check   | 10-03 09:30 | -           | not done
        confirm | 10-03 09:30 | 10-03 09:10 | another task
        """),
}  # fmt: skip
