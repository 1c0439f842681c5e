"""A real LiteLLM proxy, started from a configuration file that names the callback."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from headroom_core.image import ImageCompressor
from tests.integrations.litellm.material import CLAUDE, GEMINI, GPT, chat, contents, items, messages
from tests.providers.server import ProviderServer

OFF = {"headroom": {"policy": "off"}}
SPENT = """
import json
from litellm.integrations.custom_logger import CustomLogger
from litellm.proxy.spend_tracking.spend_tracking_utils import get_logging_payload

class Spent(CustomLogger):
    async def async_log_success_event(self, kwargs, response_obj, start_time, end_time):
        row = get_logging_payload(kwargs, response_obj, start_time, end_time)
        with open({path!r}, "a") as log:
            print(json.dumps(json.loads(row["metadata"]).get("compression_savings")), file=log, flush=True)

recorder = Spent()
"""
"""A file beside the configuration, as LiteLLM's users write them: it keeps what the spend logs would."""


class Proxy:
    """The proxy's address and its key."""

    def __init__(self, url: str, key: str, log: Path) -> None:
        self.url, self.key, self.log = url, key, log

    def ask(self, path: str, body: dict[str, Any]) -> str:
        keys = {"authorization": f"Bearer {self.key}", "x-api-key": self.key, "x-goog-api-key": self.key}
        headers = {"content-type": "application/json", **keys}
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.read().decode()


@pytest.fixture(scope="module", params=["headroom_litellm.handler", "headroom.integrations.litellm.handler"])
def proxy(request, provider_server: ProviderServer, tmp_path_factory):
    """A proxy in a process of its own, once for each documented path of the instance."""
    folder = tmp_path_factory.mktemp("proxy")
    log = folder / "spent.jsonl"
    (folder / "spent.py").write_text(SPENT.format(path=str(log)))
    (folder / "config.yaml").write_text(json.dumps(configuration(provider_server.url, request.param)))
    key, port = f"sk-{secrets.token_hex(24)}", free_port()
    upstream = dict.fromkeys(("ANTHROPIC_API_BASE", "OPENAI_API_BASE", "GEMINI_API_BASE"), provider_server.url)
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        **upstream,
        **dict.fromkeys(("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY"), "not-a-key"),
        "LITELLM_MASTER_KEY": key,
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    }
    command = [
        Path(sys.executable).parent / "litellm",
        "--config",
        "config.yaml",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    with (folder / "proxy.log").open("w") as output:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        wait_until_alive(f"http://127.0.0.1:{port}", process, folder / "proxy.log")
        yield Proxy(f"http://127.0.0.1:{port}", key, log)
    finally:
        process.terminate()
        process.wait(timeout=30)


def configuration(url: str, handler: str) -> dict[str, Any]:
    deployments = {
        "vision": {"model": GPT, "api_base": f"{url}/v1"},
        "spare": {"model": CLAUDE, "api_base": url},
        "third": {"model": GEMINI, "api_base": url},
        "broken": {"model": GPT, "api_base": "http://127.0.0.1:9/v1", "max_retries": 0},
    }
    return {
        "model_list": [
            {"model_name": name, "litellm_params": {**params, "api_key": "not-a-key"}}
            for name, params in deployments.items()
        ],
        "router_settings": {"fallbacks": [{"broken": ["spare"]}], "num_retries": 0},
        "litellm_settings": {"callbacks": [handler, "spent.recorder"]},
    }


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def wait_until_alive(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()[-3000:]
        try:
            with urllib.request.urlopen(f"{url}/health/liveliness", timeout=2):
                return
        except OSError:
            time.sleep(0.5)
    raise AssertionError(log.read_text()[-3000:])


ROUTES = {
    "chat, OpenAI": (GPT, "/v1/chat/completions", {"model": "vision", "messages": chat()}),
    "chat, streamed": (GPT, "/v1/chat/completions", {"model": "vision", "messages": chat(), "stream": True}),
    "chat, Claude": (CLAUDE, "/v1/chat/completions", {"model": "spare", "messages": chat()}),
    "chat, fallback": (CLAUDE, "/v1/chat/completions", {"model": "broken", "messages": chat()}),
    "messages, Claude": (CLAUDE, "/v1/messages", {"model": "spare", "messages": messages(), "max_tokens": 64}),
    "messages, OpenAI": (GPT, "/v1/messages", {"model": "vision", "messages": messages(), "max_tokens": 64}),
    "responses, OpenAI": (GPT, "/v1/responses", {"model": "vision", "input": items()}),
    "responses, Claude": (CLAUDE, "/v1/responses", {"model": "spare", "input": items()}),
    "generateContent, Gemini": (GEMINI, "/v1beta/models/third:generateContent", {"contents": contents()}),
    "generateContent, OpenAI": (GPT, "/v1beta/models/vision:generateContent", {"contents": contents()}),
    "passed through, OpenAI": (GPT, "/openai/v1/chat/completions", {"model": "gpt-4o", "messages": chat()}),
    "passed through, Claude": (
        CLAUDE,
        "/anthropic/v1/messages",
        {"model": "claude-sonnet-4-5", "messages": messages(), "max_tokens": 64},
    ),
}


@pytest.mark.parametrize("name", ROUTES)
def test_every_route_carries_the_form_of_its_real_deployment(name, proxy, provider):
    model, path, body = ROUTES[name]
    proxy.ask(path, {**body, **OFF})
    (before,) = provider.bodies
    provider.clear()
    proxy.ask(path, body)
    (after,) = provider.bodies
    assert "headroom" not in before
    assert after == ImageCompressor().compress(before, model.partition("/")[0], model=model) != before


def test_a_gemini_route_names_its_model_in_the_url_alone_so_only_what_is_worse_on_none_is_done(proxy, provider):
    path = "/gemini/v1beta/models/gemini-2.0-flash:generateContent"
    proxy.ask(path, {"contents": contents(), **OFF})
    proxy.ask(path, {"contents": contents()})
    before, after = provider.bodies
    assert "headroom" not in before
    assert after == ImageCompressor().compress(before, "google")


def test_spend_logs_hold_the_savings(proxy, provider):
    before = len(rows(proxy))
    proxy.ask("/v1/chat/completions", ROUTES["chat, OpenAI"][2])
    proxy.ask("/v1/messages", ROUTES["messages, Claude"][2])
    proxy.ask("/v1/chat/completions", {"model": "vision", "messages": [{"role": "user", "content": "Hi"}]})
    deadline = time.monotonic() + 30
    while len(rows(proxy)) < before + 3 and time.monotonic() < deadline:
        time.sleep(0.2)
    saved = [row["tokens_saved"] if row else 0 for row in rows(proxy)[before:]]
    assert sorted(value > 0 for value in saved) == [False, True, True]


def test_a_count_of_tokens_is_of_the_images_as_they_came(proxy, provider):
    """LiteLLM asks no hook before it counts, so what its route says is more than what the provider bills."""
    body = ROUTES["messages, Claude"][2]
    counted = json.loads(proxy.ask("/v1/messages/count_tokens", {"model": body["model"], "messages": body["messages"]}))
    billed = json.loads(proxy.ask("/v1/messages", body))["usage"]["input_tokens"]
    assert counted["input_tokens"] > billed


def rows(proxy: Proxy) -> list[Any]:
    return [json.loads(line) for line in proxy.log.read_text().splitlines()] if proxy.log.exists() else []
