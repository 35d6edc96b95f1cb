"""巡查: who walks which duty grid when (考勤), and what he passed by 漏报 (GB/T 30428.4).

Verbs: start_patrol, finish_patrol; propose_missed, confirm_missed, dismiss_missed, object_missed,
uphold_missed, overturn_missed. It stands above cases and hears of them by `wiring`.
"""
