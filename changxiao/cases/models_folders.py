"""子目录的表: what the folders of this room own, so that Django finds them with the room's."""

from changxiao.cases.chats.models import Chat, ChatMessage
from changxiao.cases.finds.models import Camera, Find, FindSource
from changxiao.cases.handover.models import ShiftHandover
from changxiao.cases.saved.models import SavedFilter

__all__ = ["Camera", "Chat", "ChatMessage", "Find", "FindSource", "SavedFilter", "ShiftHandover"]
