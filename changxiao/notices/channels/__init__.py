"""渠道: the ways by which a message leaves, one folder each; the only list of them."""

from __future__ import annotations

from collections.abc import Mapping

from changxiao.notices.channels.base import Channel
from changxiao.notices.channels.dingtalk import CHANNEL as DINGTALK
from changxiao.notices.channels.email import CHANNEL as EMAIL
from changxiao.notices.channels.feishu import CHANNEL as FEISHU
from changxiao.notices.channels.in_app import CHANNEL as IN_APP
from changxiao.notices.channels.sms import CHANNEL as SMS
from changxiao.notices.channels.web_push import CHANNEL as WEB_PUSH
from changxiao.notices.channels.wechat import CHANNEL as WECHAT
from changxiao.notices.channels.wecom import CHANNEL as WECOM

CHANNELS: Mapping[str, Channel] = {
    channel.key: channel
    for channel in (IN_APP, WEB_PUSH, EMAIL, SMS, WECHAT, WECOM, DINGTALK, FEISHU)
}
