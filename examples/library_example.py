"""The compressor by itself: no framework, no key, no network.

python examples/library_example.py
"""

from __future__ import annotations

import base64
from pathlib import Path

from headroom.image import ImageCompressor, compress_image

IMAGES = Path(__file__).parent / "images"


def main() -> None:
    """Compress a request in Anthropic's shape, then one picture by itself."""
    data = base64.b64encode((IMAGES / "photo.jpg").read_bytes()).decode()
    source = {"type": "base64", "media_type": "image/jpeg", "data": data}
    question = {"type": "text", "text": "What is the mood of this picture?"}
    messages = [{"role": "user", "content": [{"type": "image", "source": source}, question]}]

    with ImageCompressor(model="claude-opus-5-5") as compressor:
        compressed = compressor.run(messages, provider="anthropic")
        result = compressed.result
        print(f"{result.technique}: {result.original_tokens} -> {result.compressed_tokens} tokens. {result.reason}")

    page = compress_image(IMAGES / "page.png", "What does section 2 say?", model="gpt-6-astra")
    print(f"{page.outcome.technique}: {page.outcome.tokens_before} tokens. {page.outcome.reason}")


if __name__ == "__main__":
    main()
