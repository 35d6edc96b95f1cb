"""会话 chats: a resident reports in pieces, in any order, over a channel that carries messages.

What came and what is answered are post on its way and no acts: nobody decides by them, and their
words go once they are worked. The act is the report at the end, one for each chat.
"""
