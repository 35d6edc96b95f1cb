"""机器发现 finds: what cameras with software in them say they saw, until a person says whether.

A find is no case: it waits in a queue of its own for one look at its picture. Yes reports it in
the channel 智能识别, no keeps it with the reason; either counts for how often that camera is right
about that class. One that is wrong too often is muted: it is counted and asks nobody.
"""
