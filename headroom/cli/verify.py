"""`headroom tokens --verify`: our count beside the one of the provider's own counting endpoint."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from headroom.cli.endpoints import ENDPOINTS, CountingFailed, counted_image
from headroom.cli.files import ImageFile, image_files, reason_of
from headroom.cli.terminal import complain, json_out, output, pixels, printable, table
from headroom_core.errors import ImageError, InvalidOption
from headroom_core.image.header import read_header
from headroom_core.tokens import Drift, DriftFigure, VisionProfile, image_tokens, resolve
from headroom_core.tokens.names import read_name

__all__ = ["run"]

_SETTING_SCOPES: Final = frozenset({"detail", "media_resolution"})


@dataclass(frozen=True, slots=True)
class _Checked:
    name: str
    size: tuple[int, int]
    model: str
    estimated: int
    billed: int
    exactness: str

    @property
    def difference(self) -> int:
        return self.billed - self.estimated

    def as_dict(self) -> dict[str, Any]:
        return {
            "image": self.name,
            "width": self.size[0],
            "height": self.size[1],
            "model": self.model,
            "estimated": self.estimated,
            "counted": self.billed,
            "difference": self.difference,
            "exactness": self.exactness,
        }


def run(paths: list[Path], *, models: list[str], detail: str | None, provider: str | None, as_json: bool) -> int:
    """Ask the providers, and print what they say beside what we say; return the exit code.

    Raises:
        InvalidOption: The command was used wrongly, or there is no key.
    """
    if not models or not paths:
        raise InvalidOption(
            "--verify asks about pictures on a model: headroom tokens --verify --model gpt-4o photo.jpg"
        )
    asked = [(model, _askable(model, provider)) for model in models]
    files, drift = image_files(paths), Drift()
    checked = list(_check_all(files, asked, detail, drift))
    done = [one for one in checked if one is not None]
    if as_json:
        json_out([one.as_dict() for one in done])
    elif done:
        _show(done, drift)
    return 0 if len(done) == len(checked) else 1


def _askable(model: str, provider: str | None) -> VisionProfile:
    profile = resolve(model, provider=provider)
    if profile.provider not in ENDPOINTS or profile.host is not None:
        where, known = profile.host or profile.provider, ", ".join(ENDPOINTS)
        raise InvalidOption(f"--verify cannot ask about {model!r}: {where} has no free counting endpoint; {known} have")
    return profile


def _check_all(
    files: list[ImageFile], asked: list[tuple[str, VisionProfile]], detail: str | None, drift: Drift
) -> Iterator[_Checked | None]:
    for file in files:
        for model, profile in asked:
            try:
                one = _check(file, model, profile, detail)
            except (ImageError, CountingFailed, OSError) as error:
                complain(file.name, reason_of(error) if isinstance(error, OSError) else error)
                yield None
            else:
                drift.observe(model, one.estimated, one.billed)
                yield one


def _check(file: ImageFile, model: str, profile: VisionProfile, detail: str | None) -> _Checked:
    data = file.path.read_bytes()
    header = read_header(data)
    estimate = image_tokens(model, *header.size, detail=detail, provider=profile.provider)
    setting = profile.checked(detail, {}) if profile.setting_scope in _SETTING_SCOPES else None
    billed = counted_image(profile.provider, read_name(model).model, data, header.media_type, setting)
    return _Checked(file.name, header.size, model, estimate.tokens, billed, estimate.exactness.value)


def _show(checked: list[_Checked], drift: Drift) -> None:
    console = output()
    made = table("image", ">size", "model", ">ours", ">theirs", ">difference", width=console.width)
    for one in checked:
        difference = f"{one.difference:+,}" if one.difference else "none"
        made.add_row(
            printable(one.name),
            pixels(one.size),
            printable(one.model),
            f"{one.estimated:,}",
            f"{one.billed:,}",
            difference,
        )
    console.print(made)
    for figure in drift.report():
        console.print(_drift_words(figure))


def _drift_words(figure: DriftFigure) -> str:
    pictures = f"{figure.observations} picture{'' if figure.observations == 1 else 's'}"
    if figure.lowest == figure.highest == 1.0:
        return f"{printable(figure.model)}: our count is the provider's on {pictures}."
    return f"{printable(figure.model)}: {figure.words}."
