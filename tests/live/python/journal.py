"""The journal that the tests check the live servers by."""

import json
import sys
import time


def write_journal(event, model, started_at):
    """One line for the tests: what was done for how long, in seconds of the system's monotonic clock."""
    line = json.dumps(
        {"event": event, "model": model, "started_at": started_at, "ended_at": time.monotonic()}
    )
    # Servers read these lines from their workers' stdout, so one must come as a whole.
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
