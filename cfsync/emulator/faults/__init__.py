"""What goes wrong, sayable from Python and as text: `429@3.. retry-after=1`.

A fault is a small object around the answering of a request: it may act before, act after, answer
itself, or lose the answer. `when` says which requests, `grammar` reads the text, the other modules
hold the faults by idea.
"""

from cfsync.emulator.faults.grammar import Fault, sayable
from cfsync.emulator.faults.world import Act, Serve, World

__all__ = ["Act", "Fault", "Serve", "World", "sayable"]
