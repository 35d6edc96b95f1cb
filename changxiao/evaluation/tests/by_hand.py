"""Scores worked out by hand with pencil and paper, each row with its reason (A-05).

A row: scheme | counts of one unit (a rate n/d, a count n) | score to two places (– none) | why.
"""

from changxiao.evaluation.tests.schemes import ONE, TWO

_LEAF = '[[items]]\nkey = "k"\ntitle = "项"\nweight = 100\nscore = "%s"\n%s'
_BANDS = (
    "steps = [{from=2001,score=100},{from=1201,to=2000,score=90},{from=501,to=1200,score=75},"
    "{from=301,to=500,score=60},{from=101,to=300,score=40},{to=100,score=0}]\n"
)
_LESS = '[[adjustments]]\nkey="r"\ntitle="返工"\neach=-0.2\nof="rework"\n'
SCHEMES = {
    "one": ONE,
    "two": TWO,
    "bands": _LEAF % ("filed", _BANDS),
    "less": _LEAF % ("100% - bad", ""),
    "full": _LEAF % ("good", "full = {at = 70, minus = 1}\n"),
    "fullbad": _LEAF % ("bad", "full = {at = 3, minus = 2}\n"),
    "points": _LEAF % ("good / 1% * 0.5pt", ""),
    "capped": _LEAF % ("target", ""),
    "mean": _LEAF % ("(good + fast) / 2", ""),
    "worst": _LEAF % ("min(good, fast)", ""),
    "cut": _LEAF % ("if(good >= 90%, 100%, good)", ""),
    "ratio": _LEAF % ("100% - rework / filed * 100%", ""),
    "rework": ONE + _LESS,
    "double": ONE + _LESS + 'double = "grave"\n',
    "most": ONE + _LESS + "most = 1\n",
    "minus": "most_minus = 3\n" + ONE + _LESS
    + '[[adjustments]]\nkey="g"\ntitle="重"\neach=-1\nof="grave"\n',
    "plus": "most_plus = 2\n" + ONE
    + '[[adjustments]]\nkey="f"\ntitle="奖"\neach=0.5\nof="filed"\n',
    "neutral": 'no_data = "neutral"\nneutral = 60\n' + TWO,
    "tree": '[[items]]\nkey="a"\ntitle="甲"\nweight=80\n'
    '[[items.items]]\nkey="good"\ntitle="好"\nweight=60\nscore="good"\n'
    '[[items.items]]\nkey="fast"\ntitle="快"\nweight=20\nscore="fast"\n'
    '[[items]]\nkey="bad"\ntitle="差"\nweight=20\nscore="100% - bad"\n',
    "named": '[formulas]\nkept = "100% - bad"\nboth = "(good + kept) / 2"\n' + _LEAF % ("both", ""),
}  # fmt: skip
ROWS = """
one | good=95/100 | 95.00 | a share is its percentage
one | good=1/3 | 33.33 | one third, rounded once
one | good=2/3 | 66.67 | two thirds, half up
one | good=1/8 | 12.50 | no rounding needed
one | good=1/800 | 0.13 | 0.125 rounds up, away from zero
one | good=3/800 | 0.38 | 0.375 rounds up
one | good=0/50 | 0.00 | nothing of something is nought
one | good=50/50 | 100.00 | all is the full weight
one | good=0/0 | - | nothing due is no data, never nought
one | good=99999/100000 | 100.00 | 99.999 rounds to 100.00
one | good=19999/20000 | 100.00 | 99.995 rounds up to 100.00
one | good=9999/10000 | 99.99 | 99.99 stays
two | good=90/100 fast=80/100 | 86.00 | 54 + 32
two | good=1/3 fast=1/3 | 33.33 | 20 + 13.333: rounded after adding
two | good=0/0 fast=80/100 | 80.00 | the 60 go to the other: 80 of 100
two | good=90/100 fast=0/0 | 90.00 | the 40 go to the other
two | good=0/0 fast=0/0 | - | nothing at all is no score
two | good=1/2 fast=0/10 | 30.00 | nought is data: 30 + 0
bands | filed=0 rework=1 | 0.00 | lowest band
bands | filed=100 | 0.00 | its upper edge belongs to it
bands | filed=101 | 40.00 | next band begins
bands | filed=300 | 40.00 | upper edge
bands | filed=301 | 60.00 | next band
bands | filed=500 | 60.00 | upper edge
bands | filed=501 | 75.00 | next band
bands | filed=1200 | 75.00 | upper edge
bands | filed=1201 | 90.00 | next band
bands | filed=2000 | 90.00 | upper edge
bands | filed=2001 | 100.00 | highest band
bands | filed=1000000 | 100.00 | open upwards
less | bad=0/40 | 100.00 | no fault at all
less | bad=1/40 | 97.50 | 100 − 2.5
less | bad=40/40 | 0.00 | all at fault
less | bad=0/0 | - | nothing looked at
full | good=70/100 | 100.00 | at the line
full | good=71/100 | 100.00 | above the line
full | good=69/100 | 99.00 | one point below costs one
full | good=139/200 | 99.50 | 69.5: half a point below costs half
full | good=0/100 | 30.00 | 70 below costs 70
fullbad | bad=3/100 | 100.00 | at the line, where less is better
fullbad | bad=2/100 | 100.00 | better than the line
fullbad | bad=5/100 | 96.00 | two points worse at two each
fullbad | bad=60/100 | 0.00 | 57 × 2 is more than there is: never below 0
points | good=80/100 | 40.00 | half a point for each percent
points | good=1/1 | 50.00 | at most 50 by its own formula
capped | target=2688/2600 | 100.00 | 103.38 % of a target scores its weight, no more
capped | target=1300/2600 | 50.00 | half the target
mean | good=90/100 fast=80/100 | 85.00 | of two rates
mean | good=90/100 fast=0/0 | - | a sum with no data is no data
worst | good=90/100 fast=80/100 | 80.00 | the lower of the two
cut | good=90/100 | 100.00 | the line itself is reached
cut | good=899/1000 | 89.90 | just below keeps its own value
ratio | rework=3 filed=60 | 95.00 | 3 ÷ 60 is 5 %
ratio | rework=0 filed=0 | - | divided by nothing
rework | good=95/100 rework=0 | 95.00 | nothing to take off
rework | good=95/100 rework=7 | 93.60 | 7 × 0.2 = 1.4
rework | good=1/100 rework=50 | 0.00 | 1 − 10 stops at nought
rework | good=0/0 rework=50 | - | deductions alone make no score
double | good=95/100 rework=7 grave=2 | 93.20 | 7 × 0.2 and 2 once more
most | good=95/100 rework=4 | 94.20 | 0.8 is below the cap
most | good=95/100 rework=50 | 94.00 | 10 is capped at 1
minus | good=95/100 rework=5 grave=1 | 93.00 | 1 + 1
minus | good=95/100 rework=50 grave=9 | 92.00 | 19 is capped at 3
plus | good=95/100 filed=3 | 96.50 | 1.5 is below the cap
plus | good=95/100 filed=30 | 97.00 | 15 is capped at 2
plus | good=99/100 filed=30 | 101.00 | a bonus may pass the total
neutral | good=90/100 fast=0/0 | 78.00 | 54 + 60 % of 40
neutral | good=0/0 fast=50/100 | 56.00 | 36 + 20
neutral | good=0/0 fast=0/0 | - | neutral for all would be a score for nothing
tree | good=90/100 fast=80/100 bad=5/100 | 89.00 | 54 + 16 + 19
tree | good=0/0 fast=80/100 bad=5/100 | 83.00 | inside the branch: 80 % of 80, then 19
tree | good=0/0 fast=0/0 bad=5/100 | 95.00 | the whole branch goes to the other
tree | good=90/100 fast=80/100 bad=0/0 | 87.50 | 70 of 80 becomes 87.5 of 100
named | good=90/100 bad=20/100 | 85.00 | (90 + 80) ÷ 2, by two named formulas
"""


def rows():
    """Scheme, cells, expected score or None, and the reason."""
    for line in ROWS.strip().splitlines():
        name, cells, score, why = (part.strip() for part in line.split("|"))
        found = {}
        for cell in cells.split():
            key, _equals, told = cell.partition("=")
            numbers = [int(number) for number in told.split("/")]
            found[key] = tuple(numbers) if len(numbers) > 1 else numbers[0]
        yield name, found, None if score == "-" else score, why
