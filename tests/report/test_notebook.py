"""Results in a notebook: `_repr_html_`."""

from __future__ import annotations

from headroom_core.image import CompressedImage, CompressionResult, ImageCompressor, compress_image
from tests.core.parts import BESIDE, PAGE, READ, SCREEN, knowing, talk
from tests.core.pictures import as_bytes, scene
from tests.report.material import GIST, MODEL, Page, asked, conversation


def of_a_question() -> CompressionResult:
    return ImageCompressor().run([{"role": "user", "content": asked()}], model="gpt-4o").result


def test_a_result_is_a_table_with_a_row_for_each_image() -> None:
    result = of_a_question()
    parsed = Page(result._repr_html_())
    assert len(parsed.all("tr")) == 2
    assert f"{result.original_tokens:,} → {result.compressed_tokens:,}" in parsed.text
    assert parsed.all("img") == []


def test_what_is_attached_again_is_named_with_its_cost() -> None:
    result = ImageCompressor().run(conversation()).result
    (again,) = result.attachments
    words = f"attached again: image 1, whole, with the question in turn {again.turn + 1}, {again.tokens:,} tokens"
    assert words in Page(result._repr_html_()).text
    assert "attached again" not in of_a_question()._repr_html_()


def test_a_result_without_images_is_a_line() -> None:
    assert Page(CompressionResult()._repr_html_()).all("table") == []


def test_an_image_shows_a_small_copy_of_what_is_sent() -> None:
    image = compress_image(as_bytes(scene()), GIST, model=MODEL)
    parsed = Page(image._repr_html_())
    (shown,) = parsed.all("img")
    assert str(shown["src"]).startswith("data:image/webp;base64,")
    assert len(str(shown["src"])) < 40_000
    assert image.outcome.reason in parsed.text


def test_all_parts_of_an_image_are_shown() -> None:
    cut = Page(compress_image(SCREEN, BESIDE, model=MODEL, compressor=knowing())._repr_html_())
    assert [str(one["alt"]).partition(",")[0] for one in cut.all("img")] == [
        "the part that is sent",
        "the overview that is sent with it",
    ]
    assert "[Headroom] this part of the picture is shown" in cut.text
    image = compress_image(PAGE, READ, model=MODEL, compressor=knowing())
    read = Page(image._repr_html_())
    assert read.all("img") == []
    assert " ".join(str(image.text).split()) in read.text


def test_a_repeat_and_a_dearer_result_are_said_in_words() -> None:
    text = Page(knowing().run(talk((GIST, SCREEN), ("And now?", SCREEN))).result._repr_html_()).text
    assert "same as image 1 1920×1200 → a note" in text
    dearer = Page(ImageCompressor().run(conversation()).result._repr_html_()).text
    assert "11 % more, for what later questions need again" in dearer


def test_an_image_that_cannot_be_read_is_a_table_alone() -> None:
    image = compress_image(b"no picture", GIST, model=MODEL)
    assert isinstance(image, CompressedImage)
    assert Page(image._repr_html_()).all("img") == []


def test_reasons_are_text() -> None:
    outcome = compress_image(b"no picture", GIST, model="<script>x</script>").outcome
    assert "<script" not in CompressionResult((outcome,))._repr_html_()
