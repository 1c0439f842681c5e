"""The command that writes the page: `headroom compress --report FILE`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from headroom.cli import main
from headroom_core.image import ImageCompressor
from tests.core.pictures import as_bytes, as_data_url, page, scene
from tests.report.material import GIST, MODEL, Page, asked, conversation


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str | Path) -> int:
    monkeypatch.setattr(sys, "argv", ["headroom", "compress", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_files_give_a_card_each(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(as_bytes(scene()))
    (tmp_path / "b.png").write_bytes(as_bytes(page(), "PNG"))
    (tmp_path / "c.txt").write_text("a note")
    files = [tmp_path / name for name in ("a.jpg", "b.png", "c.txt")]
    out = tmp_path / "pages" / "report.html"
    assert run(monkeypatch, *files, "-q", GIST, "-m", MODEL, "--report", out) == 1
    parsed = Page(out.read_text())
    assert len(parsed.all("article")) == 2
    assert "c.txt : not a PNG, JPEG, GIF or WebP file" in parsed.text


def test_a_batch_gives_a_card_for_each_image_priced_by_its_own_model(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    content = asked(as_data_url(as_bytes(scene())), "https://example.com/x.png")
    lines = [
        {"custom_id": name, "body": {"model": name, "messages": [{"role": "user", "content": content}]}}
        for name in ("gpt-4o", "gpt-5.4")
    ]
    batch = tmp_path / "batch.jsonl"
    batch.write_text("\n".join(map(json.dumps, lines)))
    out = tmp_path / "report.html"
    assert run(monkeypatch, "--request", batch, "--dry-run", "--report", out) == 0
    parsed = Page(out.read_text())
    assert len(parsed.all("article")) == 4
    for words in (
        "gpt-4o, image 1",
        "gpt-5.4, image 2",
        "2 models",
        "openai_tiles",
        "openai_patches",
        "never fetched",
    ):
        assert words in parsed.text


def test_what_is_attached_again_counts_in_the_totals_and_has_a_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    request, out = tmp_path / "request.json", tmp_path / "report.html"
    body = conversation()
    request.write_text(json.dumps(body))
    assert run(monkeypatch, "--request", request, "--dry-run", "--report", out) == 0
    result = ImageCompressor().run(body).result
    (again,) = result.attachments
    parsed = Page(out.read_text())
    assert f"before {result.original_tokens:,} after {result.compressed_tokens:,}" in parsed.text
    assert result.compressed_tokens > result.original_tokens
    assert f"{-result.savings_percent:.0f} % more image tokens" in parsed.text
    words = f"image 1, whole, with the question in turn {again.turn + 1}, {again.tokens:,} tokens."
    assert parsed.text.count("Attached again:") == 1
    assert words in parsed.text
