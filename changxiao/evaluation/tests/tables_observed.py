"""手算的表 of what is counted elsewhere: one table for each kind, and the call-backs."""

from changxiao.evaluation.indicators import observed

SUMS = """
    kind  | observed_at | numerator | denominator | why
    {key} | 10-03 08:30 | 85        | 100         | a morning at the junction
    {key} | 10-31 23:59 | 10        | 10          | the last minute of the month
    {key} | 10-09 08:30 | 0         | 0           | nobody passed: adds nothing
    {key} | 11-01 00:00 | 0         | 100         | the next month
    other | 10-03 08:30 | 0         | 100         | another kind
    """
TIMES = """
    kind  | observed_at | numerator | denominator | why
    {key} | 10-03 08:30 | 1         | 0           | found once
    {key} | 10-04 08:30 | 2         | 0           | and twice
    {key} | 11-01 00:00 | 5         | 0           | the next month
    other | 10-04 08:30 | 7         | 0           | another kind
    """
TABLES = {
    "solve": (1, 2, 0, """
        closed_at   | solved | why
        10-03 09:00 | +      | it is fixed, says the reporter
        10-03 09:00 | .      | it is not
        10-03 09:00 | -      | nobody was reached: no valid call-back
        11-03 09:00 | +      | closed in the next month
        """),
    "satisfy": (2, 3, 0, """
        closed_at   | satisfied | why
        10-03 09:00 | +         | satisfied
        10-03 09:00 | +         | fairly satisfied counts as satisfied
        10-03 09:00 | .         | not satisfied
        10-03 09:00 | -         | gave no mark
        -           | .         | put back: counts when it is closed again
        """),
}  # fmt: skip
TABLES |= {
    row.key: (3, 0, 0, TIMES.format(key=row.key))
    if row.kind == "count"
    else (95, 110, 0, SUMS.format(key=row.key))
    for row in observed.ROWS
    if row.key not in TABLES
}
