"""LiteLLM's token counter, with the images at the price of the model."""

from __future__ import annotations

import re
from typing import Any, Final

import litellm
from litellm.utils import convert_list_message_to_dict

from headroom_core import formats
from headroom_core.image.counting import count_request, without_images

__all__ = ["token_counter"]

_FETCHED: Final = re.compile(r"command-r|llama-?[23]|replicate", re.IGNORECASE)
"""Models whose tokenizer LiteLLM downloads (1.106, `huggingface_tokenizer_kind` of `litellm.utils`)."""
_TIKTOKEN: Final = {"type": "openai_tokenizer", "tokenizer": None}
"""The one that LiteLLM falls back to where it must not download; it brings the files."""


def token_counter(
    model: str = "",
    custom_tokenizer: Any = None,
    text: str | list[str] | None = None,
    messages: Any = None,
    count_response_tokens: bool | None = False,
    tools: Any = None,
    tool_choice: Any = None,
    use_default_image_token_count: bool | None = False,  # noqa: ARG001 - LiteLLM's signature
    default_token_count: int | None = None,
) -> int:
    """Count as `litellm.token_counter` does, and each image by the model's own rule, size and detail.

    Words, tools and framing are LiteLLM's own count, so that without images the result is the very same. LiteLLM takes
    every image without `detail: high` for 85 tokens, whatever the model.

    Nothing is ever fetched. An image behind a URL counts as one of 1024 x 1024 pixels; words for Llama and Command R
    are counted by tiktoken, as LiteLLM does with `disable_hf_tokenizer_download`, unless a tokenizer is given.

    Args:
        model: The model, as LiteLLM writes it.
        custom_tokenizer: As in LiteLLM.
        text: As in LiteLLM; instead of messages.
        messages: The conversation, in any wire shape that LiteLLM takes; never changed.
        count_response_tokens: As in LiteLLM.
        tools: As in LiteLLM.
        tool_choice: As in LiteLLM.
        use_default_image_token_count: Without effect: it keeps LiteLLM from fetching images.
        default_token_count: What LiteLLM returns for words that it cannot count, in place of an error.

    Raises:
        ValueError: As LiteLLM: neither or both of text and messages are given, or a message cannot be counted.
    """
    images = 0
    if messages is not None and not litellm.disable_token_counter:
        messages = convert_list_message_to_dict(messages)
        if blocks := formats.find(messages):
            images = count_request(messages, model=model, provider=None if model else "openai").image_tokens
            messages = without_images(messages, blocks)
    words: int = litellm.token_counter(
        model,
        _TIKTOKEN if custom_tokenizer is None and _FETCHED.search(model or "") else custom_tokenizer,
        text,
        messages,
        count_response_tokens,
        tools,
        tool_choice,
        use_default_image_token_count=True,
        default_token_count=default_token_count,
    )
    return words + images
