"""Running Rasa's graph of components one after the other: its own way, through dask, costs a message a millisecond."""

from typing import Any, Dict, List, Optional, Text

import rasa.core.processor
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.trackers import DialogueStateTracker


class InOrder(DaskGraphRunner):
    """Runs what the targets need, each component once."""

    def run(
        self, inputs: Optional[Dict[Text, Any]] = None, targets: Optional[List[Text]] = None
    ) -> Dict[Text, Any]:  # fmt: skip
        """The targets' output, by name. In: what the graph is given, by the name under which it is needed."""
        done = {name: (name, value) for name, value in (inputs or {}).items()}
        nodes = self._graph_schema.nodes

        def output(name: Text) -> Any:
            if name not in done:
                done[name] = self._instantiated_nodes[name](*map(output, nodes[name].needs.values()))
            return done[name]

        return dict(output(target) for target in targets or self._graph_schema.target_names)


def understood(processor: MessageProcessor, message: UserMessage) -> Dict[Text, Any]:
    """What the pipeline makes of a message, without Rasa's copies of it for a log that nobody reads."""
    return processor._parse_message_with_graph(message, DialogueStateTracker.from_events(message.sender_id, []))


def run_in_order() -> None:
    """Have Rasa run the models that it loads from now on so."""
    rasa.core.processor.DaskGraphRunner = InOrder
