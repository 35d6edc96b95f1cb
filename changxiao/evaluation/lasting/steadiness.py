"""平稳: are there people on ordinary days, or only before an inspection?

The burstiness of Goh and Barabási (2008), in the form of Kim and Jo (2016) that does not depend on
how many visits there were: −1 as regular as a clock, 0 as if by chance, towards 1 in bursts.
"""

from __future__ import annotations

import numpy as np

from changxiao.evaluation.lasting.problems import Floats

FEWEST = 3  # visits, below which nothing is said


def burstiness(moments: Floats) -> float:
    """突发度: of visits at these moments (any unit, any order); NaN for fewer than three."""
    if len(moments) < FEWEST:
        return float("nan")
    gaps = np.diff(np.sort(moments))
    if not gaps.any():
        return 1.0  # all at once
    count = len(gaps)
    ratio = gaps.std() / gaps.mean()
    above = np.sqrt(count + 1) * ratio - np.sqrt(count - 1)
    below = (np.sqrt(count + 1) - 2) * ratio + np.sqrt(count - 1)
    return float(above / below)


def steadiness(moments: Floats) -> float:
    """平稳度: 1 for visits no more in bursts than chance would have them, 0 for one burst."""
    return float(np.clip(1 - burstiness(moments), 0, 1))
