"""邮件: by the SMTP server that `keys/notices/smtp` names, one line:
`smtps://user:password@host:465?from=city@example.org` (or `smtp://` with STARTTLS, `?tls=off` for
a relay of one's own network).
"""

from __future__ import annotations

import smtplib
from collections.abc import Collection
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from changxiao.notices.channels.base import TIMEOUT, Address, Channel, Failed, Message, Side, kept
from changxiao.orgs.models import Staff


def off() -> str:
    """未开通的原因."""
    written = kept("smtp")
    if not written:
        return _("缺少文件 %(file)s：请写入发信服务器") % {"file": "keys/notices/smtp"}
    parts = urlsplit(written)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or not _sender(written):
        return _("文件 %(file)s 无法识别：请写成 smtps://用户:口令@主机:465?from=发件地址") % {
            "file": "keys/notices/smtp"
        }
    return ""


def reaches(staff: Collection[int]) -> set[int]:
    """登记了邮箱的人."""
    rows = Staff.objects.filter(pk__in=staff, is_active=True).exclude(email="")
    return set(rows.values_list("pk", flat=True))


def send(to: Address, message: Message) -> None:
    """发信: one message to one person. A 5xx of the server's is for good, all else is not."""
    if why := off():
        raise Failed(why)
    email = Staff.objects.filter(pk=to.staff or 0).values_list("email", flat=True).first()
    if not email:
        raise Failed(_("没有登记邮箱"), for_good=True)
    written = kept("smtp")
    text = "\n\n".join(part for part in (message.text, message.url) if part)
    subject = " ".join(f"【{message.title}】{message.text}".split())[:120]
    headers = {"Message-ID": f"<{message.key}@changxiao>", "Auto-Submitted": "auto-generated"}
    mail = EmailMessage(
        subject, text, _sender(written), [email], connection=_backend(written), headers=headers
    )
    try:
        mail.send()
    except smtplib.SMTPResponseException as wrong:
        raise Failed(_said(wrong.smtp_code, wrong.smtp_error), for_good=_lasting(wrong)) from None
    except smtplib.SMTPRecipientsRefused as wrong:
        code, words = next(iter(wrong.recipients.values()))
        raise Failed(_said(code, words), for_good=500 <= code < 600) from None
    except OSError as wrong:
        raise Failed(_("发信服务器没有回应：%(why)s") % {"why": str(wrong)[:120]}) from None


def _lasting(wrong: smtplib.SMTPResponseException) -> bool:
    # A wrong password is mended in the file, and what waits for it still goes.
    refused = isinstance(wrong, smtplib.SMTPAuthenticationError)
    return 500 <= wrong.smtp_code < 600 and not refused


def _said(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return _("发信服务器答 %(code)s %(words)s") % {"code": code, "words": text[:150]}


def _sender(written: str) -> str:
    return next(iter(parse_qs(urlsplit(written).query).get("from", [])), "")


def _backend(written: str) -> EmailBackend:
    parts = urlsplit(written)
    secure = parts.scheme == "smtps"
    plain = parse_qs(parts.query).get("tls") == ["off"]
    return EmailBackend(
        host=parts.hostname,
        port=parts.port or (465 if secure else 587),
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_ssl=secure,
        use_tls=not secure and not plain,
        timeout=TIMEOUT,
    )


CHANNEL = Channel(
    "email", pgettext_lazy("channel", "邮件"), frozenset({Side.STAFF}), off, reaches, send
)
