"""The ground on which stories and torture play, drawn on import: whoever is forked afterwards has
it and need not spend half a second of the processor on it."""

from changxiao.areas.generate import ground

ground("440500")
