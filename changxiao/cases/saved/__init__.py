"""常用筛选: the filters a person comes back to, by name, as chips above the list.

They are a preference of one person, like the theme of a page, and no entries of the log: they
decide nothing about any case, nobody else ever sees them, and nobody would ever ask to prove them.
So `book` writes rows without an Act; what a filter shows is asked anew each time within the reach
of that moment, for a saved filter gives no right to anything.
"""
