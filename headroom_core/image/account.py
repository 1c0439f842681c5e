"""What every adapter tells about its savings."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from headroom_core.image.compressor import ImageCompressor
    from headroom_core.image.door import Door
    from headroom_core.image.outcome import Outcome
    from headroom_core.image.result import CompressionResult

__all__ = ["Account"]


class Account:
    """The savings of what passed through one door of the engine, which the adapter keeps as `headroom_door`."""

    if TYPE_CHECKING:
        headroom_door: Door

    @property
    def compressor(self) -> ImageCompressor:
        """The engine, to be shared with other adapters."""
        return self.headroom_door.compressor

    @property
    def total_tokens_saved(self) -> int:
        """Image tokens saved so far."""
        return self.headroom_door.total_tokens_saved

    @property
    def last_result(self) -> CompressionResult | None:
        """What happened to the images of the latest request; for one caller at a time."""
        return self.headroom_door.last_result

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What happened to the latest images, oldest first; a bounded number of them."""
        return self.headroom_door.outcomes
