"""政策取值 about 证据疑点: from where on evidence looks odd."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy

from changxiao.catalog.setting import Setting

FLAGS: Mapping[str, Setting] = {
    # reliability.md §6.3: what is odd about evidence; a flag, never a verdict
    "flag_exif_browser_m": Setting(
        150,
        gettext_lazy("疑点：相机与浏览器位置相差（米）"),
        1,
        100_000,
        gettext_lazy("照片自带位置与提交时浏览器定位相差超过这么远，列为疑点。"),
    ),
    "flag_pin_m": Setting(
        100,
        gettext_lazy("疑点：照片离案卷位置（米）"),
        1,
        100_000,
        gettext_lazy("照片或浏览器定位离案卷位置超过这么远，列为疑点。"),
    ),
    "flag_taken_hours": Setting(
        24,
        gettext_lazy("疑点：拍摄与记录相差（小时）"),
        1,
        8760,
        gettext_lazy("相机记下的拍摄时间与记录时间相差超过这么久，列为疑点。"),
    ),
    "flag_speed_kmh": Setting(
        120,
        gettext_lazy("疑点：两次办理间的速度（公里/小时）"),
        1,
        1000,
        gettext_lazy("同一监督员两次办理之间移动得比这更快，列为疑点。"),
    ),
    # Seven is what the banded look-up can promise to find (cases/likeness.py).
    "flag_copy_bits": Setting(
        6,
        gettext_lazy("疑点：近似照片的差异（位，共 64）"),
        0,
        7,
        gettext_lazy("与其他案卷照片的指纹相差不超过这么多位，列为疑点。"),
    ),
    "flag_copy_days": Setting(
        180,
        gettext_lazy("疑点：近似照片往前查找（天）"),
        1,
        3650,
        gettext_lazy("在这么多天内的照片中查找近似照片；完全相同的不限时间。"),
    ),
    "flag_unchanged_bits": Setting(
        1,
        gettext_lazy("疑点：处置前后无差别（位，共 64）"),
        0,
        7,
        gettext_lazy("处置后与处置前照片的指纹相差不超过这么多位，列为疑点。"),
    ),
    "flag_editors": Setting(
        "photoshop gimp lightroom snapseed meitu picsart 美图 醒图",
        gettext_lazy("疑点：图片编辑软件"),
        meaning=gettext_lazy("照片自带信息提到这些软件时列为疑点；用空格分开。"),
    ),
}
