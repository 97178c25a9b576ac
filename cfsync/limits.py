"""Every limit and default, in one place. Messages name them, so that nobody has to guess."""

from typing import Final

MIB: Final = 1024 * 1024

# Files
MAX_FILE_BYTES: Final = 16 * MIB
MAX_FILES: Final = 10_000
MAX_YAML_NODES: Final = 2_000_000
"""Counted as expanded, so that a small file of aliases cannot become a large one."""
MAX_YAML_DEPTH: Final = 100
MAX_DIGITS: Final = 300
MAX_PROBLEMS: Final = 100
"""Reported of one file; nobody fixes more at a time."""
MAX_PLAN_BYTES: Final = 1024 * MIB
"""Of a saved plan; one of 100,000 elements has a tenth of it."""
MAX_CACHE_BYTES: Final = 512 * MIB
"""Of files kept as parsed; 100,000 elements take a tenth of it."""
MIN_CACHED_BYTES: Final = 4096
"""A smaller file is parsed as fast as it is found."""
AHEAD_AFTER_BYTES: Final = MIB
"""Once so much was not in the cache, other processes help, if the rest is worth it."""
MIN_AHEAD_BYTES: Final = 8 * MIB
"""Parsing so much takes six times as long as another process takes to start: 0.6 and 0.1 s."""
MAX_AHEAD: Final = 3
"""Processes that help."""

# Requests
PAGE_LIMIT: Final = 100
MAX_ANSWER_BYTES: Final = 64 * MIB
MAX_JSON_DEPTH: Final = 200
REQUEST_TIMEOUT: Final = 30.0
CONNECT_TIMEOUT: Final = 10.0
"""At most, and never more than half of the whole request's time."""
PARALLEL: Final = 16
MAX_PARALLEL: Final = 256
READ_ATTEMPTS: Final = 5
WRITE_ATTEMPTS: Final = 5
"""Of writes that provably were not done; one of unknown outcome is never repeated blindly."""
BACKOFF_BASE: Final = 0.25
BACKOFF_CAP: Final = 20.0
RETRY_AFTER_CAP: Final = 120.0
RATE_LIMIT_PATIENCE: Final = 300.0
"""Seconds for which one request is tried again because of 429; then nobody waits any more."""
UNDO_PATIENCE: Final = 300.0
"""The same, kept apart for undo, so that a run that used up its own can still be taken back."""
LISTING_ATTEMPTS: Final = 3
MAX_LISTING_ITEMS: Final = 1_000_000
MIN_MASKED: Final = 8
"""Characters of a key. A shorter one (`any`, `x` for the local API) is part of ordinary words, and
masking it would blot them out, and the digits of a JSON document with them."""
MAX_REMOTE_TEXT: Final = 500
"""Characters of a message, a code or a name that the API answered and that we repeat."""

# Apply
SETTLE: Final = 10.0
SETTLE_LOOPBACK: Final = 1.0
SETTLE_LOCAL: Final = 0.0
GUARD_AGE: Final = 5.0
RESEND_ATTEMPTS: Final = 3
LEASE_SECONDS: Final = 90.0
KEPT_RUNS: Final = 20
"""The newest ended runs that `history --prune` leaves as they are, so that they can be undone."""

# Safety
MAX_DELETE_PERCENT: Final = 30
MAX_DELETES: Final = 100
DELETE_FLOOR: Final = 5
"""The percentage never refuses a plan that deletes this many resources or fewer."""

# Positions
MAX_POSITION: Final = 2**31 - 1
POSITION_STEP: Final = 1024
