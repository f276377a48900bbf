import { assert, assertAlmostEquals, assertEquals, assertGreaterOrEqual, assertLessOrEqual } from "@std/assert";
import { loadResult } from "../../../src/cli/inputs/report_file.ts";
import { run } from "../command.ts";
import { fromFileUrl } from "../paths.ts";

const ANSWER_MS = 20;

/** Runs the command against a server in another process that answers after 20 ms; gives its results and its samples. */
async function measured(args: readonly string[]) {
  const script = fromFileUrl(import.meta.resolve("./steady_server.ts"));
  const server = new Deno.Command(Deno.execPath(), { args: ["run", "-A", script, `${ANSWER_MS}`], stdout: "piped" })
    .spawn();
  const folder = await Deno.makeTempDir();
  const reader = server.stdout.pipeThrough(new TextDecoderStream()).getReader();
  try {
    const url = `http://127.0.0.1:${Number((await reader.read()).value)}`;
    const files = ["--output", `${folder}/r.json`, "--samples", `${folder}/s.csv`];
    const { code, stderr } = await run(["--test-type", "basic", "--url", url, ...args, ...files]);
    assertEquals(code, 0, stderr);
    const { tests } = await loadResult(`${folder}/r.json`);
    assertEquals((await loadResult(`${folder}/s.csv`)).tests, tests);
    const rows = (await Deno.readTextFile(`${folder}/s.csv`)).split("\n").filter((line) => line.startsWith("basic,"))
      .map((line) => line.split(","));
    const moments = rows.map((cells) => ({
      scheduledMs: Number(cells[3]),
      sentMs: Number(cells[4]),
      endedMs: Number(cells[7]),
      outcome: cells.at(-1),
    }));
    const repeats = Number(await (await fetch(`${url}/repeats`)).text());
    return { basic: tests.basic!, moments, repeats };
  } finally {
    await reader.cancel();
    server.kill();
    await server.status;
    await Deno.remove(folder, { recursive: true });
  }
}

/** The most requests that were outstanding at one time. */
function mostAtOnce(moments: readonly { readonly sentMs: number; readonly endedMs: number }[]): number {
  const changes = moments.flatMap(({ sentMs, endedMs }) => [[sentMs, 1], [endedMs, -1]] as const);
  let outstanding = 0, most = 0;
  for (const [, by] of changes.toSorted(([a, x], [b, y]) => a - b || x - y)) {
    most = Math.max(most, outstanding += by);
  }
  return most;
}

Deno.test("workers share a closed loop: so many requests outstanding as one thread would have, in one window", async () => {
  const args = ["--concurrency", "5", "--requests", "300", "--workers", "2"];
  const { basic, moments, repeats } = await measured(args);
  assertEquals(repeats, 0, "no request is another's, whatever thread sent it");
  assertEquals([basic.requests, basic.succeeded, basic.warmUpRequests >= 10], [300, 300, true]);
  assert(basic.latencyMs!.min >= ANSWER_MS * 0.9);
  assert(
    moments.every(({ endedMs }, i) => i === 0 || endedMs >= moments[i - 1]!.endedMs),
    "in the order of their ends",
  );
  assertEquals(mostAtOnce(moments), 5);
  // Little's law, on moments of both threads.
  const { requestsPerSecond, latencyMs } = basic;
  assertAlmostEquals(requestsPerSecond!.value * latencyMs!.mean.value / 1000, 5, 1.5);
});

Deno.test("workers share the arrivals of an open loop: each is sent by one of them, none before it is due", async () => {
  const rate = ["--rate", "50", "--arrivals", "constant", "--duration", "2", "--warmup", "10"];
  const { basic, moments } = await measured([...rate, "--workers", "3"]);
  const due = moments.map(({ scheduledMs }) => Math.round(scheduledMs)).toSorted((a, b) => a - b);
  assertEquals(due, due.map((_, i) => 20 * i));
  assert(moments.every(({ sentMs, scheduledMs }) => sentMs >= scheduledMs - 0.01));
  assertEquals(basic.due, basic.succeeded);
  assertGreaterOrEqual(basic.due!, 90);
  assertLessOrEqual(basic.due!, 130);
});

Deno.test("workers open no more connections for an open loop than they may, though they are more", async () => {
  const rate = ["--rate", "200", "--arrivals", "constant", "--duration", "1", "--warmup", "10"];
  const { moments } = await measured([...rate, "--max-connections", "2", "--workers", "3"]);
  assertEquals(mostAtOnce(moments), 2);
});
