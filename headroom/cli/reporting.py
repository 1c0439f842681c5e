"""`--report`: the page that is written once all pictures are done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from headroom.cli.job import Job
from headroom.cli.writing import make_folder, replacing
from headroom_core.errors import InvalidOption
from headroom_core.image import Attachment, Outcome

if TYPE_CHECKING:
    from headroom.report import Card

__all__ = ["ReportFile"]

_PICTURED: Final = 60
"""Cards that show their picture; a page of a whole batch must still open."""


class ReportFile:
    """Gathers cards, and writes the page."""

    def __init__(self, path: Path, job: Job) -> None:
        """Prepare the page, so that what stands in its way is said before the work is done.

        Raises:
            InvalidOption: It cannot be written there.
        """
        make_folder(path.parent)
        if path.is_dir():
            raise InvalidOption(f"cannot write the report to {str(path)!r}: it is a folder")
        self._path, self._job = path, job
        self._cards: list[Card] = []
        self._failed: list[tuple[str, str]] = []
        self._models: dict[str | None, None] = {}

    def add(
        self,
        name: str,
        question: str,
        data: bytes | None,
        outcome: Outcome,
        *,
        model: str | None = None,
        attached: tuple[Attachment, ...] = (),
        earlier: tuple[str, bytes | None] | None = None,
    ) -> None:
        """Add a picture.

        Args:
            name: What it is called.
            question: What was asked about it.
            data: Its bytes, or None.
            outcome: What was decided.
            model: The model that its own request names.
            attached: Its copies at later questions.
            earlier: The name and the bytes of the picture that it repeats.
        """
        from headroom.report import make_card

        self._models.setdefault(model)
        profile = self._job.profile(model)
        named = self._job.model or model
        few = len(self._cards) < _PICTURED
        made = make_card(
            name,
            question,
            data,
            outcome,
            profile,
            model=named,
            pictures=few,
            attached=attached,
            earlier=earlier,
        )
        self._cards.append(made)

    def add_failure(self, name: str, reason: str) -> None:
        """Add what could not be read."""
        self._failed.append((name, reason))

    def write(self) -> None:
        """Write the page.

        Raises:
            InvalidOption: It cannot be written there.
            MissingExtra: Jinja2 is not installed.
        """
        from headroom.report import Occasion, make_page

        job, models = self._job, list(self._models)
        occasion = Occasion(
            target=job.target(*models) if len(models) <= 1 else f"{len(models)} models",
            policy=job.policy,
            day=job.day,
            failed=tuple(self._failed),
        )
        with replacing(self._path) as file:
            file.write(make_page(self._cards, occasion).encode())
