"""消息 notices: who hears of what, by which channel, when; and what other systems are told.

A consumer writes outbox rows in the transaction of its cursor; a process of the worker's sends
them. Channels 渠道 are folders that look alike. Verbs: set_notice_rule, drop_notice_rule,
set_notice_preference. Texts, audiences, quiet hours and limits are rows of the city's.
"""
