"""文件字段: any number of files in a form of any room, checked when the media room stores them."""

from __future__ import annotations

from typing import Any

from django import forms

PHOTO_TYPES = ".jpg,.jpeg,.png,.webp"
DOCUMENT_TYPES = f".pdf,{PHOTO_TYPES}"
PROOF_TYPES = f".xlsx,{DOCUMENT_TYPES}"


class ManyFiles(forms.ClearableFileInput):
    """多个文件."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"

    def use_required_attribute(self, initial: Any) -> bool:
        return False  # a file that an earlier attempt stored is there without being chosen again


class FilesField(forms.FileField):
    """文件: any number of them; `accept` is what the browser offers."""

    def __init__(self, label: Any, *, accept: str, must: bool = False, hint: Any = "") -> None:
        widget = ManyFiles(attrs={"accept": accept, "multiple": True})
        super().__init__(label=label, required=must, widget=widget, help_text=hint)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(file, initial) for file in files if file]
