"""CloudEvents 1.0 over HTTP: what cameras with software in them say, into finds a person looks at.

A channel as its neighbours are: a key (`keys`), words into ours (`events`, `reading`), views that
end in `cases.finds.actions.take_find`, from where a person's yes goes to `cases.actions.report`.
"""
