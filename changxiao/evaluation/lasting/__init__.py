"""长效: whether order lasts, from closed cases and the times of patrols. Pure: numpy and scipy.

`recurrence` (does the same come back to the same place), `survival` (how long it stays away),
`rebound` (what a campaign leaves behind), `steadiness` (is there somebody on ordinary days),
`index` (0 to 100 out of these, with its formula). Analyses, not part of a sealed ranking: they
count in floating point.
"""
