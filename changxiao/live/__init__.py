"""即时更新进程: a small ASGI app beside web and worker that tells open pages what changed.

`hub` looks at the log and decides who hears of what, `asgi` speaks server-sent events. Nobody
depends on it: without, pages stay as they were loaded.
"""
