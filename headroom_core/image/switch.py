"""What one call says about headroom: the kill switch that every adapter hands on."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from headroom_core.errors import InvalidOption
from headroom_core.image.policy import Policy

__all__ = ["policy_of"]

_log = logging.getLogger("headroom")


def policy_of(switch: object) -> Policy | None:
    """Return the policy that one call asks for with `{"policy": "off"}`, or None where it asks for none.

    A switch that is not understood switches off, with a warning: whoever wrote it did not want the usual, and a call
    that is on its way to a model is no place to raise.

    Args:
        switch: What stands under `headroom` where the framework takes the words of one call; None where nothing does.
    """
    if switch is None or switch == {}:
        return None
    if isinstance(switch, Mapping) and set(switch) == {"policy"}:
        try:
            return Policy.named(switch["policy"])
        except InvalidOption as error:
            _log.warning("images sent as they were: %s", error)
            return Policy.OFF
    _log.warning('images sent as they were: headroom=%.80r is not understood; write {"policy": "off"}', switch)
    return Policy.OFF
