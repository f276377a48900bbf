"""Runs a server that lives no longer than whoever started this: `supervise.py LOG COMMAND...`

The server gets a process group of its own and writes to LOG; its process id is the first line on stdout. When stdin
closes (also because the parent was killed) the group is asked to end, and killed after a grace time; the line "kill"
on stdin kills it at once. Exits with the server's exit code.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

GRACE_S = 5
TRACKER_GRACE_S = 2


def signal_group(server, number):
    try:
        os.killpg(server.pid, number)
    except ProcessLookupError:
        pass


def kill_group(server):
    """Kills all of the group, but for Python's resource trackers: those end by themselves when the processes that they
    watch are gone, and remove the semaphores that these left in /dev/shm."""
    deadline = time.monotonic() + TRACKER_GRACE_S
    while members := members_of(server.pid):
        for pid, is_tracker in members.items():
            if not is_tracker:
                kill(pid)
        if time.monotonic() > deadline:
            break
        time.sleep(0.02)
    signal_group(server, signal.SIGKILL)


def kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def members_of(group):
    """Living processes of a group, and whether each is a resource tracker; none where there is no /proc."""
    members = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, _, of_group = (folder / "stat").read_text().rsplit(")", 1)[1].split()[:3]
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if int(of_group) == group and state not in "ZX":
            members[int(folder.name)] = b"multiprocessing.resource_tracker" in command
    return members


def obey(server):
    for line in sys.stdin:
        if line.strip() == "kill":
            kill_group(server)
    signal_group(server, signal.SIGTERM)
    try:
        server.wait(GRACE_S)
    except subprocess.TimeoutExpired:
        pass
    kill_group(server)


def main():
    log_path, *command = sys.argv[1:]
    with open(log_path, "ab") as log:
        server = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    print(server.pid, flush=True)
    threading.Thread(target=obey, args=(server,), daemon=True).start()
    code = server.wait()
    # Workers must not outlive a server that ended by itself.
    kill_group(server)
    sys.exit(code if code >= 0 else 128 - code)


main()
