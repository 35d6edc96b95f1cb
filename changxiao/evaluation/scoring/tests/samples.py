"""Two departments, a questionnaire of 100, a bonus of at most 5; and a sheet as offices fill it."""

from changxiao.evaluation.indicators.library import LIBRARY
from changxiao.evaluation.rankings.marks import Line
from changxiao.evaluation.schemes import read_scheme
from changxiao.evaluation.tests.rounds import SCHEME

OUTSIDE = """
[[outside]]
key = "survey"
title = "群众问卷"
full = 100

[[outside]]
key = "bonus"
title = "加分"
kind = "points"
cap = 5
"""
MIXED = SCHEME.replace("weight = 100", "weight = 60") + OUTSIDE
MIXED += '[[items]]\nkey = "survey"\ntitle = "群众问卷"\nweight = 40\nscore = "survey"\n'
GROUPS = {"SZ-DL": "市政道路处", "YL-LH": "园林绿化处"}
HEAD = ["项目", "对象代码", "对象", "得分", "扣分", "原因", "证据", "填报人"]
ROADS = ["群众问卷", "SZ-DL", "", "", "8", "井盖异响", "问卷 17 号", "何调查"]
PARKS = ["群众问卷", "", "园林绿化处", "95.5", "", "", "", "何调查"]


def scheme(text=MIXED):
    return read_scheme(text, LIBRARY)


def line(item="survey", group="SZ-DL", score="", minus="", reason="", **more):
    told = {"evidence": "", "author": "", **more}
    return Line(item, group, score, minus, reason, **told)


LINES = [
    line(minus="8", reason="井盖异响", evidence="问卷 17 号", author="何调查"),
    line(group="YL-LH", score="95.5", author="何调查"),
    line("bonus", "SZ-DL", score="2", reason="创新做法"),
]
