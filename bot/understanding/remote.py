"""What Rasa does anew with every call of the action server though nothing has changed, it does once or not at all.

It would connect, check the answer against a schema, which takes longer than the policies take to decide, and send the
whole domain and every event along, which our actions read for themselves or not at all.
"""

from typing import Any, Dict, Text

import aiohttp
from rasa.core.actions.action import RemoteAction
from rasa.core.constants import DEFAULT_REQUEST_TIMEOUT
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa.version import __version__

IDLE = 2.0  # seconds for which a connection is kept; the action server closes its end after five


def _checked(_action: RemoteAction, result: Any) -> bool:
    """Whether an answer of the action server has what Rasa reads of it: True, or ValueError."""
    shaped = isinstance(result, dict) and all(isinstance(result.get(part), list) for part in ("events", "responses"))
    if not shaped or not all(isinstance(item, dict) for part in ("events", "responses") for item in result[part]):
        raise ValueError("the action server's answer has no lists of events and responses")
    return True


def _call(action: RemoteAction, tracker: DialogueStateTracker, _domain: Domain) -> Dict[Text, Any]:
    """The body of a call. rasa_sdk refuses one without a domain, an empty one it takes."""
    return {
        "next_action": action.name(),
        "sender_id": tracker.sender_id,
        "tracker": {**tracker.current_state(EventVerbosity.NONE), "events": []},
        "domain": {},
        "version": __version__,
    }


async def _request(endpoint: EndpointConfig, json: Any, **_: Any) -> Any:
    """Post to the action server over a connection that is kept. Out: its answer. Raises aiohttp.ClientError."""
    kept = vars(endpoint)
    if "connections" not in kept:
        limit = aiohttp.ClientTimeout(total=DEFAULT_REQUEST_TIMEOUT)
        connector = aiohttp.TCPConnector(keepalive_timeout=IDLE)
        kept["connections"] = aiohttp.ClientSession(connector=connector, timeout=limit)
    async with kept["connections"].post(endpoint.url, json=json) as response:
        if response.status >= 400:
            raise ClientResponseError(response.status, response.reason, await response.text())
        return await response.json()


def call_lightly() -> None:
    """Have Rasa call the action server so."""
    RemoteAction._validate_action_result = _checked
    RemoteAction._action_call_format = _call
    EndpointConfig.request = _request
