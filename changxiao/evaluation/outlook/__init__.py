"""研判: where it gathers (`hotspots`), how much comes next week (`forecast`). Pure: numpy, scipy.

Analyses, not part of a sealed ranking: they count in floating point.
"""
