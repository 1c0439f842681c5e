"""Every adapter under the contract: a new one joins by its one function, here."""

from __future__ import annotations

from tests.contract.carriers import Carrier, carriers_of
from tests.contract.through_agno import agno
from tests.contract.through_langchain import langchain, langchain_agent
from tests.contract.through_litellm import litellm_call
from tests.contract.through_mcp import mcp_gateway

ADAPTERS = (langchain, langchain_agent, litellm_call, agno, mcp_gateway)

CARRIERS: tuple[Carrier, ...] = tuple(carrier for adapter in ADAPTERS for carrier in carriers_of(adapter))
