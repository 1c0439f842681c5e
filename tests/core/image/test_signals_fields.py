"""The three sizes of a picture and the steps in them are those of plain definitions."""

from io import BytesIO

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from headroom_core.image.header import read_header
from headroom_core.image.pixels import decode
from headroom_core.image.signals import fields as of_fields
from headroom_core.image.signals.fields import CELL, STEP, fields
from headroom_core.image.signals.rules import rules_of


@given(
    width=st.integers(1, 150), height=st.integers(1, 150), seed=st.integers(0, 9), block=st.sampled_from([300, 1 << 17])
)
@settings(deadline=None, max_examples=80)
def test_each_size_is_the_mean_of_blocks_and_each_cell_counts_its_steps(width, height, seed, block):
    levels = np.random.default_rng(seed).integers(0, 256, (height, width), np.uint8)
    image = Image.fromarray(levels)
    out = BytesIO()
    image.save(out, "PNG")
    usual, of_fields.BLOCK = of_fields.BLOCK, block
    try:
        views = fields(decode(out.getvalue(), read_header(out.getvalue())))
    finally:
        of_fields.BLOCK = usual
    assert [view.zoom for view in views] == [1, 2, 4]
    for view in views:
        assert (view.grey == np.asarray(image.reduce(view.zoom))).all()
        clear = np.abs(np.diff(view.grey.astype(int), axis=1)) >= STEP
        cells = [clear[:, left : left + CELL].sum(axis=1) for left in range(0, view.grey.shape[1], CELL)]
        assert (view.steps == np.stack(cells, axis=1)).all()


@given(top=st.integers(0, 290), left=st.integers(0, 290), down=st.booleans(), seed=st.integers(0, 9))
@settings(deadline=None, max_examples=40)
def test_a_rule_is_found_wherever_it_stands_and_turns_with_the_picture(top, left, down, seed):
    grey = np.full((300, 300), 250 - seed, np.uint8)
    grey[top : top + 1 + seed % 3] = 100
    if down:
        grey[:, left] = 90
    rules, turned = rules_of(grey), rules_of(np.ascontiguousarray(grey.T))
    assert (rules.rows, rules.columns) == (turned.columns, turned.rows)
    assert (rules.across, rules.down) == (turned.down, turned.across)
    assert rules.rows >= 1
    assert rules.columns == int(down)
