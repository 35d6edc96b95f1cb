"""带证据文件的表单. Files are stored before the verb is asked, so that a refusal keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from django import forms
from django.core.signing import BadSignature, Signer
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from changxiao.kernel import scope
from changxiao.kernel.act import Act
from changxiao.kernel.refused import Refused
from changxiao.ledger.edits import EditForm
from changxiao.ledger.media import actions as media
from changxiao.ledger.media.fields import PROOF_TYPES, FilesField
from changxiao.ledger.media.models import Photo


class ProofsForm(EditForm):
    """带证据文件的表单: `files` are new ones, `kept` those that an earlier attempt has stored."""

    def __init__(self, data: Any = None, files: Any = None, **more: Any) -> None:
        super().__init__(data, files, **more)
        hint = _("照片、PDF 或 xlsx，可选多份，每份不超过 15 MB。照片去掉拍摄信息后显示。")
        self.fields["files"] = FilesField(_("证据文件"), accept=PROOF_TYPES, hint=hint)
        self.kept = list(dict.fromkeys(_kept(data)))

    @property
    def kept_rows(self) -> list[tuple[str, str]]:
        """已存文件: value and short hash, for the boxes that keep or drop them."""
        return [(_signer().sign(one), one[:8]) for one in self.kept]

    def draft(self) -> dict[str, Any]:
        """内容, without the files: each is named by what it holds."""
        return {name: told for name, told in super().draft().items() if name != "files"}

    def store(self, act: Act) -> list[Photo]:
        """存文件: the new ones, and those kept from before. Refused names the file."""
        for file in self.cleaned_data["files"]:
            sha256 = self._stored(file, act).sha256
            if sha256 not in self.kept:
                self.kept.append(sha256)
        found = {one.sha256: one for one in Photo.objects.filter(sha256__in=self.kept)}
        return [found[one] for one in self.kept if one in found]

    def _stored(self, file: Any, act: Act) -> Photo:
        try:
            return media.store(
                file,
                declared_type=file.content_type or "",
                name=file.name or "",
                act=act,
                also=media.PROOFS,
            )
        except Refused as no:
            raise Refused(no.code, f"{file.name}：{no.sentence}", field="files") from None


def _kept(data: Any) -> Iterator[str]:
    for value in data.getlist("kept") if isinstance(data, MultiValueDict) else []:
        with suppress(BadSignature):
            yield _signer().unsign(value)


def _signer() -> Signer:
    # Whoever has but heard of a hash has not sent the file.
    return Signer(salt=f"proof/{scope.current().name}")


class AttachForm(ProofsForm):
    """附证据: for which item of the sheet."""

    def __init__(self, items: list[tuple[str, str]], data: Any = None, files: Any = None) -> None:
        # Beside the form of the sheet, which has fields of the same names.
        super().__init__(data, files, auto_id="id_attach_%s")
        self.fields["item"] = forms.ChoiceField(label=_("项目"), choices=items)
        self.fields["note"].label = _("说明")
        self.order_fields(("item", "files", "note"))
