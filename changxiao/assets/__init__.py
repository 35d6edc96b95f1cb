"""部件 assets: the fixed things of a city, each with a code, a place and an owner; their census.

Verbs: `import_census` takes a survey file in, `change_state` says that one component is damaged,
lost, repaired or gone. GB/T 30428.2 gives the classes, GB/T 30428.1 the code (domain.md §2, §3.1).
"""
