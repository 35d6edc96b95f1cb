"""Patches are what SciPy would find, which only tests ask here."""

import numpy as np
import pytest
from scipy import ndimage

from changxiao.ledger.media import patches


@pytest.mark.parametrize("share", [0.0, 0.02, 0.3, 0.6, 0.95, 1.0])
@pytest.mark.parametrize("shape", [(1, 1), (5, 9), (60, 40)])
def test_closing_and_patches_are_those_of_scipy(shape, share):
    mask = np.random.default_rng(1).random(shape) < share
    closed = patches.closed(mask, 1, 3)
    assert np.array_equal(closed, ndimage.binary_closing(mask, np.ones((3, 7), bool)))
    for one in (mask, closed):
        found = ndimage.find_objects(ndimage.label(one)[0])
        told = [[x.start, y.start, x.stop - x.start, y.stop - y.start] for y, x in found]
        assert patches.patches(one).tolist() == told
