"""公式 formulas: a small language in which an evaluation office writes a score of its own. Pure.

    handling_rate * 0.6 + (100% - rework_rate) * 0.4
    if(filed >= 2001case, 100%, filed / 2001case * 100%)

+ − × ÷, brackets, min, max, comparisons, and, or, not, if(condition, then, else); names of
indicators and of other formulas; a rate's own counts as `name.n`, `name.d`, `name.excluded`. Every
number may carry a unit (`%`, `pt`, `case`, `h`), every sum and comparison is of like units, a
formula that gets better as things get worse is found out, and nothing is ever handed to Python.
"""

from changxiao.evaluation.formulas.checking import Checked, Named, check, in_order
from changxiao.evaluation.formulas.parsing import Node, names_in, parse
from changxiao.evaluation.formulas.units import CASE, HOUR, NUMBER, PERCENT, POINT, Unit
from changxiao.evaluation.formulas.working import work_out

__all__ = [
    "CASE",
    "HOUR",
    "NUMBER",
    "PERCENT",
    "POINT",
    "Checked",
    "Named",
    "Node",
    "Unit",
    "check",
    "in_order",
    "names_in",
    "parse",
    "work_out",
]
