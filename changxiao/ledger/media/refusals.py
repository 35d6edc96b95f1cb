"""照片拒收 refusals: each code of a picture, paper or clip not taken, in a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

from changxiao.kernel.refused import Refused
from changxiao.kernel.words import gettext as _
from changxiao.ledger.media.formats import BadPicture


def refusal(code: str, **values: object) -> Refused:
    """拒收: the refusal of this code; an unknown one reads as a broken picture."""
    sentence = _pictures() | _documents() | _sheets() | _recordings()
    found = sentence.get(code)
    if found is None:
        code, found = "photo_broken", sentence["photo_broken"]
    field = "reason" if code == "photo_reason" else "photo"
    return Refused(code, found % values if values else found, field=field)


def _pictures() -> dict[str, str]:
    return {
        "photo_empty": _("照片是空文件，请重新选择"),
        "photo_too_large": _("照片超过 15 MB，请调低相机的像素后重拍"),
        "photo_name": _("照片文件名过长或含有不可见字符，请改名后再传"),
        "photo_type": _(
            "照片只收 JPEG、PNG、WebP，且内容、声明的类型和扩展名须一致；请用相机原图或另存为 JPEG"
        ),
        "photo_broken": _("照片不完整或已损坏，请重拍或重新导出"),
        "photo_animated": _("照片含有多帧动画，请改传单张静态照片"),
        "photo_pixels": _("照片超过 4000 万像素或边长超过 12000，请调低相机的像素后重拍"),
        "photo_costly": _("照片结构异常，在限定的时间和内存内无法读出，请另存为 JPEG 再传"),
        "photo_busy": _("照片处理正忙，照片尚未收下，请稍后重试"),
        "photo_digest": _("收到的照片与清单上的校验值不符，请重新上传"),
        "photo_quota": _("24 小时内最多上传 %(quota)s 张照片，已到上限，请明天再传"),
        "photo_reason": _("调阅原始照片须写明理由（至少 4 个字）"),
    }


def _documents() -> dict[str, str]:
    return {
        "document_type": _(
            "材料只收 PDF，或 JPEG、PNG、WebP 照片，且内容、声明的类型和扩展名须一致；"
            "其他文件请打印成 PDF 再传"
        ),
        "document_too_large": _("PDF 超过 15 MB，请降低扫描的清晰度，或分成几份再传"),
        "document_broken": _("PDF 不完整或结构不合规范，请打印成不带脚本的 PDF 再传"),
        "document_mixed": _("PDF 里混有另一种格式的内容，请打印成不带脚本的 PDF 再传"),
        "document_encrypted": _("PDF 设了密码或权限限制，请解除后打印成不带脚本的 PDF 再传"),
        "document_active": _(
            "PDF 含有脚本、附件、表单提交或打开时自动执行的动作，请打印成不带脚本的 PDF 再传"
        ),
        "document_costly": _("PDF 结构异常，在限定的时间和内存内无法查完，请打印成新的 PDF 再传"),
    }


def _sheets() -> dict[str, str]:
    return {
        "sheet_type": _(
            "证据只收 JPEG、PNG、WebP 照片，PDF，或 xlsx 表格，且内容、声明的类型和扩展名须一致；"
            "旧版 xls 请另存为 xlsx，设了密码的请先解除，其他文件请打印成 PDF 再传"
        ),
        "sheet_too_large": _("xlsx 超过 15 MB，请删去其中的图片，或分成几份再传"),
        "sheet_broken": _("xlsx 不完整或结构不合规范，请用 Excel 或 WPS 另存为 xlsx 再传"),
        "sheet_encrypted": _("xlsx 里有加密的内容，请解除密码后再传"),
        "sheet_active": _(
            "xlsx 含有宏、控件、嵌入的文件或指向外部的链接和数据连接，请另存为不含这些的 xlsx，"
            "或打印成 PDF 再传"
        ),
        "sheet_costly": _(
            "xlsx 展开后过大或结构异常，在限定的时间和内存内无法查完，请分成几份再传"
        ),
    }


def _recordings() -> dict[str, str]:
    return {
        "recording_empty": _("录音录像是空文件，请重新录制"),
        "recording_too_large": _("录音录像超过 15 MB，请缩短后重录"),
        "recording_type": _(
            "录音录像只收 WebM、MP4、Ogg，且内容须与声明的类型一致；请在外业页面中重新录制"
        ),
        "recording_broken": _("录音录像不完整或已损坏，请重新录制"),
        "recording_codec": _("录音录像的编码或轨道不在可收之列，请在外业页面中重新录制"),
        "recording_mixed": _("录音录像里混有另一种格式的内容或附件，请在外业页面中重新录制"),
        "recording_long": _("录音录像超过 15 秒，请缩短后重录"),
        "recording_costly": _("录音录像结构异常，在限定的步数内无法读完，请重新录制"),
    }


@contextmanager
def explained() -> Iterator[None]:
    """说明: a BadPicture inside leaves as the Refused that its uploader can read."""
    try:
        yield
    except BadPicture as bad:
        raise refusal(bad.code) from None
