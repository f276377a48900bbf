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

GRACE_S = 5


def signal_group(server, number):
    try:
        os.killpg(server.pid, number)
    except ProcessLookupError:
        pass


def obey(server):
    for line in sys.stdin:
        if line.strip() == "kill":
            signal_group(server, signal.SIGKILL)
    signal_group(server, signal.SIGTERM)
    try:
        server.wait(GRACE_S)
    except subprocess.TimeoutExpired:
        pass
    signal_group(server, signal.SIGKILL)


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
    signal_group(server, signal.SIGKILL)
    sys.exit(code if code >= 0 else 128 - code)


main()
