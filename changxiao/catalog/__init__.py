"""Catalogue 目录: what is a problem, when it counts as one, how long it may take, whose it is.

Categories and sub-categories (GB/T 30428.2, CJ/T 214-2007), filing and closing criteria, time
limits with area grades, periods and emergencies, the responsibility table, working windows and
calendar, and the numbers that a city sets. All of it is rows; edits are verbs (`actions`) with
entries on the streams `criterion:`, `responsibility:`, `policy:`, `calendar:` and so on.
"""
