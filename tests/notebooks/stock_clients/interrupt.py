"""Presses the stop button while a cell of the Deno kernel runs: python interrupt.py FOLDER. Prints what cells showed."""

import json
import sys
import threading

from jupyter_client.manager import start_new_kernel

MEASURE = """
import { connect, liveProgress, runThroughputTest, show, startEmbeddedServer } from "../mod.ts";
const server = await startEmbeddedServer();
const target = await connect(server.url, { model: "mobilenet_v2", embedded: true });
"""
LONG = """
let told = false;
const result = await liveProgress((onProgress, signal) => runThroughputTest(target, {
  signal,
  onProgress(progress) {
    onProgress(progress);
    if (!told) console.log("measuring");
    told = true;
  },
}));
await show(String(result.partial));
"""
AFTER = """
await show(`${result.levels.length > 0 ? "levels" : "nothing"}, ${(await fetch(server.url)).status < 500}`);
await target.close();
await server.close();
"""

manager, client = start_new_kernel(kernel_name="deno", cwd=sys.argv[1], startup_timeout=120)
shown = []


def press():
    manager.interrupt_kernel()


def execute(code, interrupt=False):
    """What a cell shows, with its reply's status."""
    texts = []

    def take(message):
        content = message["content"]
        kind = message["msg_type"]
        if kind == "stream" and interrupt and "measuring" in content["text"]:
            threading.Timer(2, press).start()
        elif kind in ("display_data", "update_display_data"):
            texts.append(content["data"].get("text/plain"))
        elif kind == "error":
            texts.append(content["evalue"])

    reply = client.execute_interactive(code, output_hook=take, timeout=300)
    shown.append([reply["content"]["status"], *texts[-2:]])


try:
    execute(MEASURE)
    execute(LONG, interrupt=True)
    execute(AFTER)
    shown.append(manager.is_alive())
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
print(json.dumps(shown))
