"""Kernel: what every room shares and no table stands behind: acts, refusals, scope, time."""
