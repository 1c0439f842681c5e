"""Engines that the tests of the adapters hand in: one that is watched, one that fails."""

from __future__ import annotations

import threading
from typing import Any

from headroom_core.image import ImageCompressor


class Watched(ImageCompressor):
    """An engine that remembers in which threads it ran, once for each run."""

    def __init__(self) -> None:
        super().__init__()
        self.threads: list[threading.Thread] = []

    def run(self, *args: Any, **options: Any) -> Any:
        self.threads.append(threading.current_thread())
        return super().run(*args, **options)

    @property
    def stayed_off_this_thread(self) -> bool:
        """It ran, and never in the thread that asks: that of the event loop."""
        return bool(self.threads) and threading.current_thread() not in self.threads


class Broken(ImageCompressor):
    """An engine that fails, whatever it is asked."""

    def run(self, *args: Any, **options: Any) -> Any:
        raise RuntimeError("secret words of an engine")
