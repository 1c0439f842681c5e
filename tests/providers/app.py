"""The web application: every provider's paths, each request recorded before it is answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from headroom_core.errors import InvalidOption
from tests.providers import (
    anthropic_messages,
    bedrock,
    gemini,
    openai_chat,
    openai_embeddings,
    openai_errors,
    openai_responses,
)
from tests.providers.recorder import Recorded, Recorder
from tests.providers.replies import reply

Reply = Callable[[dict[str, Any], str], Response]
Fault = Callable[[int, str], dict[str, Any]]
Endpoint = Callable[[Request], Awaitable[Response]]

PICTURES = Path(__file__).parents[2] / "examples" / "images"

# The first route that fits is taken.
POSTS: tuple[tuple[str, Reply, Fault], ...] = (
    ("/v1/chat/completions", openai_chat.complete, openai_errors.error),
    ("/chat/completions", openai_chat.complete, openai_errors.error),
    ("/openai/deployments/{model}/chat/completions", openai_chat.complete, openai_errors.error),
    ("/openai/v1/chat/completions", openai_chat.complete, openai_errors.error),
    ("/v1/responses", openai_responses.create, openai_errors.error),
    ("/responses", openai_responses.create, openai_errors.error),
    ("/v1/responses/input_tokens", openai_responses.count, openai_errors.error),
    ("/responses/input_tokens", openai_responses.count, openai_errors.error),
    ("/v1/embeddings", openai_embeddings.embed, openai_errors.error),
    ("/v1/messages", anthropic_messages.create, anthropic_messages.error),
    ("/v1/messages/count_tokens", anthropic_messages.count, anthropic_messages.error),
    ("/model/{model:path}/converse", bedrock.converse, bedrock.error),
    ("/model/{model:path}/invoke", anthropic_messages.create, bedrock.error),
    ("/{model:path}:generateContent", gemini.generate, gemini.error),
    ("/{model:path}:streamGenerateContent", gemini.generate_stream, gemini.error),
    ("/{model:path}:countTokens", gemini.count, gemini.error),
)


def application(recorder: Recorder) -> Starlette:
    """The stand-in providers, writing what they receive to the recorder."""
    routes = [Route(path, _answering(recorder, make, fault), methods=["POST"]) for path, make, fault in POSTS]
    routes.append(Route("/pictures/{name}", _recording(recorder, _picture)))
    routes.append(Route("/{path:path}", _recording(recorder, _unknown), methods=["GET", "POST", "PUT", "DELETE"]))
    return Starlette(routes=routes)


def _answering(recorder: Recorder, make: Reply, fault: Fault) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        seen = await _record(recorder, request)
        status = recorder.due_failure()
        if status is not None:
            return reply(fault(status, "This failure was asked for by the test."), status)
        if not isinstance(seen.body, dict):
            return reply(fault(400, "The body is not a JSON object."), 400)
        try:
            return make(seen.body, seen.path)
        except (KeyError, IndexError, TypeError, InvalidOption) as error:
            return reply(fault(400, f"The request is not well formed: {error!r}"), 400)

    return endpoint


def _recording(recorder: Recorder, make: Callable[[Request], Response]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        await _record(recorder, request)
        return make(request)

    return endpoint


async def _record(recorder: Recorder, request: Request) -> Recorded:
    headers = {name.lower(): value for name, value in request.headers.items()}
    raw = await request.body()
    seen = Recorded(request.method, request.url.path, request.url.query, headers, raw)
    recorder.requests.append(seen)
    return seen


def _picture(request: Request) -> Response:
    known = {path.name: path for path in PICTURES.iterdir() if path.suffix in (".jpg", ".png")}
    name = request.path_params["name"]
    return FileResponse(known[name]) if name in known else _unknown(request)


def _unknown(request: Request) -> Response:
    return reply(openai_errors.error(404, f"No such address: {request.url.path!r}"), 404)
