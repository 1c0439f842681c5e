"""The callback through which LiteLLM's requests pass on their way to a deployment."""

from __future__ import annotations

import asyncio
import logging
from functools import cache
from typing import TYPE_CHECKING, Any

from litellm.integrations.custom_logger import CustomLogger

from headroom_core.image import Account, Door, policy_of
from headroom_litellm.call import PASSED_THROUGH, PROMPTS, asks, hand_on, record_of, strip, switch_of
from headroom_litellm.choices import in_its_words, with_choices
from headroom_litellm.deployment import Deployment
from headroom_litellm.savings import ALREADY_SAVED, SAVINGS, Savings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from headroom_core.image import Compressed, ImageCompressor

__all__ = ["HeadroomCallback", "shared_callback"]

_log = logging.getLogger("headroom")


class HeadroomCallback(Account, CustomLogger):
    """Makes images smaller after LiteLLM has chosen the deployment: `litellm.callbacks = [HeadroomCallback()]`.

    LiteLLM asks at two moments, and the work is done once: before an asynchronous call, for every attempt, with its
    keywords; and before anything is sent, with the body. The second serves synchronous calls. What the caller handed
    over is never changed.

    A call is set apart with `headroom={"policy": "off"}`, which never reaches the provider; or by the same words under
    the key `headroom` of its `metadata` or `litellm_metadata`.
    """

    def __init__(
        self,
        *,
        compressor: ImageCompressor | None = None,
        model: str | None = None,
        policy: str | None = None,
        holdout: float = 0.0,
    ) -> None:
        """Build the callback.

        Args:
            compressor: An engine to share; None makes one.
            model: Name that prices every request, in place of the deployment's own.
            policy: `off`, `observe`, `safe`, `balanced` or `aggressive`; None keeps the compressor's.
            holdout: Share of conversations that is left alone, in [0, 1], so that the effect can be measured.

        Raises:
            InvalidOption: There is no such policy, or `holdout` is not a share.
        """
        super().__init__()
        self.headroom_door = Door(compressor, model=model, policy=policy, holdout=holdout)

    async def async_pre_call_deployment_hook(self, kwargs: dict[str, Any], call_type: Any) -> dict[str, Any] | None:
        """Return the keywords with smaller images; LiteLLM asks for every attempt, with the deployment's own model."""
        return await asyncio.to_thread(self.prepare, kwargs, getattr(call_type, "value", call_type), record_of(kwargs))

    async def async_pre_call_hook(
        self,
        user_api_key_dict: Any,  # noqa: ARG002  # LiteLLM passes these by name
        cache: Any,  # noqa: ARG002
        data: dict[str, Any],
        call_type: str,
    ) -> Any:
        """Return the body of a pass-through route with smaller images; no deployment is chosen for it."""
        return await self.async_pre_call_deployment_hook(data, call_type) if call_type == PASSED_THROUGH else None

    def log_pre_api_call(self, model: str, messages: Any, kwargs: dict[str, Any]) -> None:  # noqa: ARG002
        """Change the body about to be sent, unless the work is done; note the savings for the spend logs."""
        try:
            savings = ALREADY_SAVED.get() or kwargs.get(SAVINGS) or self._change(kwargs)
            if savings is not None:
                savings.note_in(kwargs)
        except Exception:  # noqa: BLE001
            _log.exception("a request of LiteLLM could not be read and goes out as it came")

    def prepare(self, call: Mapping[str, Any], call_type: str | None, record: dict[str, Any]) -> dict[str, Any] | None:
        """Return the keywords with smaller images, None to leave them for now. Never raises: that would fail the call.

        Args:
            call: The keywords.
            call_type: LiteLLM's name of the call, e.g. `acompletion`.
            record: LiteLLM's record of the call, in which the work is noted.
        """
        try:
            return self._prepared(call, call_type or "", record)
        except Exception:  # noqa: BLE001
            _log.exception("a call of LiteLLM could not be read and goes out as it came")
            return None

    def _prepared(self, call: Mapping[str, Any], call_type: str, record: dict[str, Any]) -> dict[str, Any] | None:
        kept, given = dict(call), switch_of(call)
        switch = record["headroom"] = switch_of(record) if given is None else given
        strip(kept)
        if call_type not in PROMPTS:
            return None if switch is None else kept
        deployment = Deployment.of({"model": record.get("model"), **call})
        if call.get("fallbacks"):
            return None
        if deployment.bridged(call_type):
            return hand_on(call, call_type, switch)
        done = record.get(SAVINGS)
        if asks(kept) and (done is None or done.call_type == call_type):  # else: the inside of a call that is done
            compressed = self._run(kept, deployment, switch)
            kept, record[SAVINGS] = compressed.messages, Savings.of(compressed.result, call_type)
        return kept

    def _change(self, record: Mapping[str, Any]) -> Savings | None:
        body, deployment = (record.get("additional_args") or {}).get("complete_input_dict"), Deployment.of(record)
        if not isinstance(body, dict) or deployment.signed:
            return None
        strip(body)
        if record.get("call_type") not in PROMPTS or not asks(body):
            return None
        shown = with_choices(body, record.get("messages"))
        compressed = self._run(shown, deployment, switch_of(record))
        made = compressed.messages if shown is body else in_its_words(body, compressed)
        body.update((key, made[key]) for key in ("messages", "input", "contents") if key in body)
        return Savings.of(compressed.result, record["call_type"])

    def _run(self, request: dict[str, Any], to: Deployment, switch: object) -> Compressed:
        policy = policy_of(switch)
        return self.headroom_door.run(request, provider=to.provider, model=to.model, policy=policy, translated=True)


@cache
def shared_callback() -> HeadroomCallback:
    """Return the one callback that a configuration file names, built when it is first asked for."""
    return HeadroomCallback()
