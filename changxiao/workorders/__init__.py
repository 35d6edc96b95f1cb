"""工单 work orders of 12345, the upper level, letters and media: in by Excel or API, answered in
their own layout. Each becomes a case by the same report as any other, under the source's own
number and limit; the case's answer 答复 goes back, so that nobody types twice.

Verbs: set_source, take_order, return_order, ask_order_time, settle_order_time, send_answers.
"""
