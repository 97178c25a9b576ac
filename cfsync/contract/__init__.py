"""What is known of the API, read from `schemas/codefluss.openapi.yaml`: kinds, paths, fields.

No path and no field list of the API stands anywhere else. Every operation and field says whether
it is documented by Codefluss or assumed by this project. `kinds` are the nouns, `reading` makes
them of the file, `violations` words what does not conform, `contract` is what everybody asks.
"""

from cfsync.contract.contract import Contract
from cfsync.contract.kinds import Field, Kind, Operation, Role, Shape, Source, Verb
from cfsync.contract.reading import SHIPPED, load
from cfsync.contract.violations import Violation

__all__ = [
    "SHIPPED",
    "Contract",
    "Field",
    "Kind",
    "Operation",
    "Role",
    "Shape",
    "Source",
    "Verb",
    "Violation",
    "load",
]
