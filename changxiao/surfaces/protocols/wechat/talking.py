"""会话 talking: one message after the other into its sender's open chat; whole, it is filed."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from changxiao.areas.locate import locator
from changxiao.cases import actions, followed, naming, rules
from changxiao.cases.actions import Problem, Reporter, Shown
from changxiao.cases.chats import pieces, post
from changxiao.cases.chats.models import Chat, ChatMessage
from changxiao.cases.chats.pieces import Pieces
from changxiao.cases.models import Case, CasePhoto, Channel
from changxiao.catalog import known, policy, residents
from changxiao.catalog.models import Subcategory
from changxiao.kernel import spoken
from changxiao.kernel.act import NAMESPACE, Act
from changxiao.kernel.day import local_date
from changxiao.kernel.geo import Crs, to_wgs84
from changxiao.kernel.refused import Refused
from changxiao.kernel.transactions import whole
from changxiao.ledger import actions as ledger
from changxiao.ledger.media import actions as vault
from changxiao.ledger.media.formats import EXTENSIONS
from changxiao.ledger.media.models import Photo
from changxiao.ledger.refusals import Replayed
from changxiao.surfaces.protocols.wechat import client, consenting, words
from changxiao.surfaces.protocols.wechat.accounts import Account
from changxiao.surfaces.protocols.wechat.reading import Said

MOST_PHOTOS = 6
PATIENCE = timedelta(minutes=10)  # how long a report waits for a picture that is on its way


@dataclass(frozen=True, slots=True)
class Turn:
    """一轮: one message of one sender, at one moment."""

    ours: Account
    said: Said
    row: ChatMessage
    now: datetime


def heard(turn: Turn) -> str:
    """听一条: what the sender is answered; "" where nothing needs to be said.

    Raises Failed where a picture could not be fetched, and then nothing was changed.
    """
    said = turn.said
    if said.kind == "event":
        return _event(turn)
    if said.kind in {"text", "voice"}:
        if not said.text:
            return _("没有听清，请写成文字再发。")
        return _told(turn, said.text)
    if said.kind == "location":
        return _placed(turn)
    if said.kind == "image" and said.media:
        return _pictured(turn)
    return _("这里收文字、照片和位置，别的看不了。") + words.welcome()


def _event(turn: Turn) -> str:
    if turn.said.event == "subscribe":
        return words.welcome()
    orders = {"send", "drop", "mine", "tell", "hush", "help"}
    if turn.said.event == "click" and turn.said.event_key in orders:
        return _ordered(turn, turn.said.event_key)
    return ""


def _told(turn: Turn, text: str) -> str:
    order = pieces.order(text)
    if order == "code":
        try:
            return words.progress(followed.case_of(pieces.code_in(text)), turn.now)
        except Refused as no:
            return no.sentence
    if order:
        return _ordered(turn, order)
    with whole():
        chat = _open(turn)
        chat.text = pieces.joined(chat.text, text, rules.MOST_DESCRIPTION)
        return _going_on(chat, turn.now)


def _ordered(turn: Turn, order: str) -> str:
    if order in consenting.ORDERS:
        return consenting.ORDERS[order](turn)
    if order == "mine":
        chats = Chat.objects.filter(sender=turn.row.sender, case__isnull=False).order_by("-id")
        numbers = list(chats.values_list("case", flat=True)[: words.MOST_MINE])
        cases = Case.everything.select_related("subcategory", "duplicate_of").in_bulk(numbers)
        return words.mine([cases[pk] for pk in numbers], turn.now)
    chat = _standing(turn.row)
    if chat is None or order == "help":
        return words.welcome()
    if order == "drop":
        return _let_go(chat, turn.now, _("好的，这次不报了。"))
    if _pieces(chat).missing:
        return words.asking(_pieces(chat))
    chat.finishing, chat.ends_at = True, turn.now
    chat.save(update_fields=["finishing", "ends_at"])
    return ""  # the receipt says it, as soon as all pictures are there


def _placed(turn: Turn) -> str:
    said = turn.said
    try:
        lon, lat = to_wgs84(float(said.lon), float(said.lat), Crs.GCJ02)
        locator().at(lon, lat)
    except ValueError:
        return _("这个位置读不出，请重新发一个。")
    except Refused as no:
        return no.sentence
    with whole():
        chat = _open(turn)
        chat.lon, chat.lat, chat.address = round(lon, 7), round(lat, 7), said.label
        return _going_on(chat, turn.now)


def _pictured(turn: Turn) -> str:
    """A picture is fetched before anything is locked; one that comes after its report is added."""
    data, kind = client.picture(turn.ours, turn.said.media)
    name = next(one for one, known_ in EXTENSIONS.items() if known_ == kind)
    act = Act(actor=_actor(turn.row), key=str(uuid.uuid5(NAMESPACE, f"photo/{turn.row.key}")))
    try:
        photo = vault.store(data, declared_type=kind, name=f"wechat.{name}", act=act)
    except Refused as no:
        return no.sentence
    late = Q(state=Chat.State.FILED, began_at__lte=turn.row.came_at, ends_at__gte=turn.row.came_at)
    over = Chat.objects.filter(late, sender=turn.row.sender).select_related("case").last()
    if over is not None and over.case is not None:
        return _added(over.case, photo, act)
    with whole():
        chat = _open(turn)
        if photo.sha256 not in chat.photos:
            if len(chat.photos) >= MOST_PHOTOS:
                return _("一次最多%(most)d张照片，这张没有收。") % {"most": MOST_PHOTOS}
            chat.photos = [*chat.photos, photo.sha256]
        return _going_on(chat, turn.now)


def _added(case: Case, photo: Photo, act: Act) -> str:
    shown = [Shown(photo, CasePhoto.Role.BEFORE)]
    mine = Act.system("wechat", act.derive("late").key)
    try:
        actions.supplement(case, text=_("补到一张照片"), act=mine, photos=shown)
    except Replayed:
        pass
    except Refused:  # the case has ended: there is nothing left to add to
        return ""
    return _("照片已补到 %(number)s。") % {"number": case.number}


def _actor(row: ChatMessage) -> str:
    return f"wechat:{row.sender[:16]}"


def _standing(row: ChatMessage) -> Chat | None:
    rows = Chat.objects.filter(channel=row.channel, account=row.account, sender=row.sender)
    return rows.filter(state=Chat.State.OPEN).first()


def _open(turn: Turn) -> Chat:
    found = _standing(turn.row)
    if found is not None:
        return found
    contact = json.dumps({"openid": turn.said.sender})
    return Chat(
        channel=turn.row.channel,
        account=turn.row.account,
        sender=turn.row.sender,
        contact=ledger.seal(contact),
        key=turn.row.key,  # the first message's: worked twice, it is the same chat
        began_at=turn.row.came_at,
        ends_at=turn.now,
    )


def _going_on(chat: Chat, now: datetime) -> str:
    """What is still missing is asked for once, not after every message."""
    missing = ",".join(_pieces(chat).missing) or "none"
    answer = words.asking(_pieces(chat)) if missing != chat.asked else ""
    chat.asked = missing
    chat.ends_at = now + timedelta(minutes=policy.number("chat_window_minutes"))
    chat.save()
    return answer


def _pieces(chat: Chat) -> Pieces:
    return Pieces(chat.text, len(chat.photos), chat.lon is not None)


def over(chat: Chat, ours: Account, now: datetime) -> tuple[str, str]:
    """到时: files what is whole, lets go of what is not; the words, and to whom they are said."""
    if not _pieces(chat).missing:
        if post.pending(chat.sender) and now - chat.ends_at < PATIENCE:
            return "", ""  # a picture is still on its way
        return _filed(chat, ours, now)
    return _let_go(chat, now, words.lapsed()), chat.contact


def _let_go(chat: Chat, now: datetime, sentence: str) -> str:
    chat.state, chat.ends_at, chat.text = Chat.State.LAPSED, now, ""
    chat.save(update_fields=["state", "ends_at", "text"])
    return sentence


def _filed(chat: Chat, ours: Account, now: datetime) -> tuple[str, str]:
    code = followed.code_of(f"wechat/{chat.key}")
    act = Act.system("wechat", str(uuid.uuid5(NAMESPACE, f"chat/{chat.key}")))
    with whole():
        try:
            case = actions.report(_problem(chat, code, now), act=act)
        except Refused as no:
            return _let_go(chat, now, no.sentence), chat.contact
        chat.case, chat.state, chat.ends_at, chat.text = case, Chat.State.FILED, now, ""
        chat.save()
    return words.filed(chat, code, offers=consenting.offered(ours)), chat.contact


def _problem(chat: Chat, code: str, now: datetime) -> Problem:
    assert chat.lon is not None and chat.lat is not None
    subject = _subject(chat.text)
    place = locator().at(chat.lon, chat.lat)
    held = residents.control(subject, place.community_code, local_date(now))
    if held is not None:
        raise Refused("controlled", held.sentence)
    openid = json.loads(ledger.reveal(chat.contact) or "{}").get("openid", "")
    stored = {row.sha256: row for row in Photo.objects.filter(sha256__in=chat.photos)}
    return Problem(
        channel=Channel.WECHAT,
        subcategory=subject,
        lon=chat.lon,
        lat=chat.lat,
        description=chat.text,
        address=chat.address,
        reporter=Reporter(openid=openid),
        photos=[Shown(stored[one], CasePhoto.Role.BEFORE) for one in chat.photos if one in stored],
        follow=followed.digest_of(spoken.read(code)),
    )


def _subject(text: str) -> Subcategory:
    """小类 that the words name, else the city's for a picture without words; intake corrects it."""
    found = next(iter(naming.named(text)), None) or known.by_key(policy.text("chat_kind"))
    if found is None:
        raise Refused("kind_unknown", _("请写一句是什么问题，例如“井盖破了”。"))
    return found
