"""The standard suites of langchain-tests, for a provider's chat model bare and wrapped."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any, ClassVar

import httpx
import pytest
import requests
from langchain_core.language_models import BaseChatModel
from langchain_core.load import dumpd
from langchain_tests.integration_tests import ChatModelIntegrationTests
from langchain_tests.unit_tests import ChatModelUnitTests

from tests.integrations.langchain.material import picture
from tests.providers import ProviderServer

__all__ = ["Integration", "Unit", "made_by"]


def made_by(base: type[BaseChatModel], wrap: Callable[[BaseChatModel], BaseChatModel]) -> type[BaseChatModel]:
    """A class whose construction gives a wrapped `base`, for suites that construct the models themselves."""

    def construct(cls: type, *args: Any, **options: Any) -> BaseChatModel:
        return wrap(base(*args, **options))

    return type(base)(base.__name__, (base,), {"__module__": base.__module__, "__new__": construct})


class Given:
    """What a provider's suites share: the class, its parameters and the stand-in's address."""

    base: ClassVar[type[BaseChatModel]]
    params: ClassVar[dict[str, Any]]
    path: ClassVar[str] = ""
    wrap: ClassVar[Any] = None

    @pytest.fixture(autouse=True)
    def _server(self, provider_server: ProviderServer) -> None:
        self.url = provider_server.url

    @property
    def chat_model_class(self) -> type[BaseChatModel]:
        return made_by(self.base, self.wrap) if self.wrap else self.base

    @property
    def chat_model_params(self) -> dict[str, Any]:
        return {**self.params, "base_url": self.url + self.path}


class Unit(Given, ChatModelUnitTests):
    """The unit suite, in which the serialised form to expect is that of the bare class."""

    @pytest.fixture
    def snapshot(self) -> Callable[..., Any]:
        bare = self.base(**{**self.standard_chat_model_params, **self.chat_model_params})
        return lambda name: dumpd(bare)


class Integration(Given, ChatModelIntegrationTests):
    """The integration suite; what it would download is a picture from here."""

    @pytest.fixture(autouse=True)
    def _pictures(self, monkeypatch: pytest.MonkeyPatch) -> None:
        data = base64.b64decode(picture(9, 320, 240))

        def answer(url: str, **_: Any) -> httpx.Response:
            return httpx.Response(200, content=data, headers={"content-type": "image/jpeg"})

        def answer_requests(url: str, **_: Any) -> requests.Response:
            response = requests.Response()
            response.status_code, response._content = 200, data
            response.headers["content-type"] = "image/jpeg"
            return response

        monkeypatch.setattr(httpx, "get", answer)
        monkeypatch.setattr(requests, "get", answer_requests)

    @property
    def supports_image_inputs(self) -> bool:
        return True

    @property
    def supports_image_urls(self) -> bool:
        return True
