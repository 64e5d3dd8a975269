"""What Rasa does anew with every call of the action server though nothing has changed, it does once or not at all.

The schema of an answer is checked, which takes longer than the policies take to decide; and the whole domain is sent
along, which our actions read for themselves.
"""

from functools import lru_cache
from typing import Any, Dict, Text

from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.version import __version__


@lru_cache(maxsize=1)
def _validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def _checked(_action: RemoteAction, result: Any) -> bool:
    """Whether an answer of the action server has the shape that Rasa wants: True, or ValidationError."""
    fault = best_match(_validator().iter_errors(result))
    if fault is not None:
        raise fault
    return True


def _call(action: RemoteAction, tracker: DialogueStateTracker, _domain: Domain) -> Dict[Text, Any]:
    """The body of a call. rasa_sdk refuses one without a domain, an empty one it takes."""
    return {
        "next_action": action.name(),
        "sender_id": tracker.sender_id,
        "tracker": tracker.current_state(EventVerbosity.ALL),
        "domain": {},
        "version": __version__,
    }


def call_lightly() -> None:
    """Have Rasa call the action server so."""
    RemoteAction._validate_action_result = _checked
    RemoteAction._action_call_format = _call
