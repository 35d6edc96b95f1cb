"""机构与人员的页面: the tree of units and each unit, people, posts, rosters; one module a subject.

Edits go by `ledger.edits`: form, preview, confirmation, history in words, undo.
"""
