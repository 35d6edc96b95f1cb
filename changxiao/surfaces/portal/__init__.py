"""市民端 portal: report without an account, follow by a code, read what was released.

A page below /p/ is for a phone in the rain and for a browser without scripts alike: each form is a
plain one first. It asks `cases` for everything and holds no table of its own.
"""
