"""A compressor as it comes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from headroom.image import ImageCompressor


@pytest.fixture
def compressor() -> Iterator[ImageCompressor]:
    with ImageCompressor() as made:
        yield made
