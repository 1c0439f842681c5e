"""What the differences between neighbouring pixels say: rows of text, flat graphics, photos."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from headroom_core.image.pixels.modes import grey
from headroom_core.image.pixels.silence import decoder

if TYPE_CHECKING:
    from PIL import Image

    from headroom_core.image.pixels.decoding import Decoded
    from headroom_core.image.pixels.turns import Box

__all__ = ["FLAT_SHARE", "STEP", "Colour", "Kind", "Rows", "darkest", "kind_of", "rows", "unlike"]


Colour = tuple[int, int, int]


class Kind(StrEnum):
    """The two kinds of pictures that are encoded differently."""

    PHOTO = "photo"
    GRAPHIC = "graphic"
    """Flat graphics and text: screenshots, pages, charts."""


FLAT_SHARE: Final = 0.45
"""From this share of exactly equal horizontal neighbours on, a picture is a graphic."""
_SAMPLE_ROWS: Final = 64
STEP: Final = 28
"""Grey levels between neighbours from which on a step is clear."""
_WHITE: Final = (255, 255, 255)
_CLEAR: Final = bytes(255 * (difference >= STEP) for difference in range(256))


@dataclass(frozen=True, slots=True)
class Rows:
    """How the pixels of a part of a picture differ from their right neighbours.

    Attributes:
        steps: For each row, from the top, the share of clear steps (`STEP` grey levels), 255 standing for all.
        flatness: Share of exactly equal neighbours, in [0, 1].
        edges: Share of clear steps, in [0, 1].
    """

    steps: bytes
    flatness: float
    edges: float


def rows(picture: Decoded, box: Box) -> Rows:
    """Compare the pixels in a box of the decoded upright picture with their right neighbours."""
    from PIL import Image

    with decoder():
        pairs = neighbours(grey(picture.window(box)))
        counts, number = pairs.histogram(), max(1, pairs.width * pairs.height)
        profile = pairs.point(_CLEAR).resize((1, pairs.height), Image.Resampling.BOX)
        return Rows(profile.tobytes(), counts[0] / number, sum(counts[STEP:]) / number)


def kind_of(image: Image.Image) -> Kind:
    """Tell a photo from flat graphics and text by the share of exactly equal horizontal neighbours.

    64 rows spread over the picture are looked at. Rendered pages, screenshots and charts have 60 to 99 % equal
    neighbours, photos 2 to 30 %.
    """
    from PIL import Image

    # Nearest rows keep the pixels of a row as they are, which is what is compared.
    sample = image.resize((image.width, min(image.height, _SAMPLE_ROWS)), Image.Resampling.NEAREST)
    pairs = neighbours(sample.convert("L"))
    return Kind.GRAPHIC if pairs.histogram()[0] >= FLAT_SHARE * pairs.width * pairs.height else Kind.PHOTO


def darkest(image: Image.Image) -> Colour:
    """Return the lowest level of each channel of an RGB image."""
    with decoder():
        red, green, blue = (int(image.getchannel(channel).getextrema()[0]) for channel in "RGB")  # type: ignore[arg-type]
        return red, green, blue


def unlike(image: Image.Image, colour: Colour, slack: int) -> Box | None:
    """Return the box of the pixels of an RGB image that are more than the slack off a colour in a channel, or None."""
    from PIL import Image, ImageChops

    with decoder():
        if colour == _WHITE:
            # The same, in less than two thirds of the time.
            other = ImageChops.invert(image)
        else:
            other = ImageChops.difference(image, Image.new("RGB", image.size, colour))
        box = other.getbbox()
        if box is None or not slack:
            return box
        # Most that a photo's noise leaves of a margin is of one colour: the rest is looked at again.
        other = other.crop(box)
        allowed = Image.new("RGB", other.size, (slack, slack, slack))
        inner = ImageChops.difference(ImageChops.lighter(other, allowed), allowed).getbbox()
        left, top = box[:2]
        return inner and (left + inner[0], top + inner[1], left + inner[2], top + inner[3])


def neighbours(grey: Image.Image) -> Image.Image:
    """The difference of each pixel to its right neighbour; a single column has itself."""
    from PIL import ImageChops

    width, height = grey.size
    last = max(1, width - 1)
    return ImageChops.difference(grey.crop((0, 0, last, height)), grey.crop((width - last, 0, width, height)))
