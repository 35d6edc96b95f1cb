"""另放的表: what the other files and the folders of this room own, so that Django finds them with
the room's."""

from changxiao.cases.chats.models import Chat, ChatMessage
from changxiao.cases.finds.models import Camera, Find, FindSource
from changxiao.cases.handover.models import ShiftHandover
from changxiao.cases.models_amendment import Amendment
from changxiao.cases.models_public import CaseDetail, Publication, Relay
from changxiao.cases.models_recheck import Recheck
from changxiao.cases.models_suggesting import SuggestionModel, SuggestionUse, Training
from changxiao.cases.saved.models import SavedFilter

__all__ = [
    "Amendment",
    "Camera",
    "CaseDetail",
    "Chat",
    "ChatMessage",
    "Find",
    "FindSource",
    "Publication",
    "Recheck",
    "Relay",
    "SavedFilter",
    "ShiftHandover",
    "SuggestionModel",
    "SuggestionUse",
    "Training",
]
