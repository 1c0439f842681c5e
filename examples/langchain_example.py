"""A LangChain chat model that is asked about a photo, then about a receipt, then about the photo again.

python examples/langchain_example.py                          # against the stand-in provider, no key
OPENAI_API_KEY=... python examples/langchain_example.py       # against OpenAI
"""

from __future__ import annotations

import base64
import os
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from langchain_core.messages import BaseMessage, HumanMessage
from langchain_openai import ChatOpenAI

from headroom.integrations import HeadroomChatModel

IMAGES = Path(__file__).parent / "images"


def asked(question: str, *names: str) -> HumanMessage:
    """A question with pictures from the bundled folder."""
    content: list[str | dict[str, Any]] = [{"type": "text", "text": question}]
    for name in names:
        data = base64.b64encode((IMAGES / name).read_bytes()).decode()
        content.append({"type": "image", "base64": data, "mime_type": "image/jpeg"})
    return HumanMessage(content)


def main() -> None:
    """Ask, then say what each request cost and why."""
    with ExitStack() as stack:
        if "OPENAI_API_KEY" not in os.environ:
            from tests.providers import ProviderServer

            server = stack.enter_context(ProviderServer())
            os.environ |= {"OPENAI_API_KEY": "none", "OPENAI_BASE_URL": f"{server.url}/v1"}

        llm = HeadroomChatModel(ChatOpenAI(model="gpt-4o"))
        talk: list[BaseMessage] = []
        for question in (
            asked("What is the mood of this picture?", "photo.jpg"),
            asked("What is the total of this receipt?", "receipt.jpg"),
            asked("How many flowers does the first picture show?"),
        ):
            talk.append(question)
            talk.append(llm.invoke(talk))
            result = llm.last_result
            print(f"{question.text}\n  {result.original_tokens} -> {result.compressed_tokens} image tokens")
            for outcome in result.outcomes:
                print(f"    {outcome.technique}: {outcome.reason}")
            for attachment in result.attachments:
                print(f"    attached: {attachment.note}")
        print(f"Tokens saved: {llm.total_tokens_saved}")


if __name__ == "__main__":
    main()
