"""交接班: what stands open, what was promised, what is odd, signed by who goes and who comes.

Verbs: hand_shift 交班, take_shift 接班. A sheet both have signed is never changed again: a trigger
of the database holds it.
"""
