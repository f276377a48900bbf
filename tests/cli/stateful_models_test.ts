/** Models that keep a state from request to request, through the command. */
import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { run, start } from "./command.ts";
import { answer, openInference, PREDICTION } from "./open_inference_server.ts";

interface Sequence {
  requests: number;
  inFlight: boolean;
  ended: boolean;
}

/** A model that refuses what Triton's sequence batcher refuses. */
async function openStateful(config: object = { sequence_batching: {} }) {
  const sequences = new Map<unknown, Sequence>();
  const refused: string[] = [];
  const refuse = (error: string) => {
    refused.push(error);
    return answer({ error }, 400);
  };
  const server = await openInference(async ({ body }) => {
    const { parameters: { sequence_id: id, sequence_start, sequence_end } = {} as Record<string, unknown> } = JSON
      .parse(body);
    if (!id) return refuse("must specify a non-zero or non-empty correlation ID");
    if (sequence_start) {
      if (sequences.has(id)) return refuse("the id is another's");
      sequences.set(id, { requests: 0, inFlight: false, ended: false });
    }
    const sequence = sequences.get(id);
    if (sequence === undefined || sequence.ended) return refuse("must specify the START flag on the first request");
    if (sequence.inFlight) return refuse("one at a time");
    sequence.inFlight = true;
    await new Promise((resolve) => setTimeout(resolve, 2));
    sequence.inFlight = false;
    sequence.requests++;
    sequence.ended = sequence_end === true;
    return answer(PREDICTION);
  }, {
    "GET /v2": answer({ name: "triton", version: "1", extensions: ["model_configuration"] }),
    "GET /v2/models/m/config": answer({ max_batch_size: 4, ...config }),
  });
  return { server, sequences, refused };
}

const basic = (url: string, ...more: string[]) => ["--test-type", "basic", "--url", url, "--model", "m", ...more];

Deno.test("the command sends a stateful model sequences, and leaves none of them open", async () => {
  const loads = [["--concurrency", "3"], ["--concurrency", "4", "--workers", "2"], ["--rate", "60", "--duration", "2"]];
  for (const load of loads) {
    const { server, sequences, refused } = await openStateful();
    await using _ = server;
    const { code, stdout, stderr } = await run(
      basic(server.url, "--requests", "120", "--sequence-length", "7", ...load),
    );
    assertEquals(code, 0, stderr);
    assertStringIncludes(stdout, "100.0%");
    assertStringIncludes(stdout, "sequences of 7 requests");
    assertEquals(refused, []);
    const all = [...sequences.values()];
    assert(all.every(({ ended, requests }) => ended && requests <= 7));
    assertGreater(all.filter(({ requests }) => requests === 7).length, 5);
  }
});

Deno.test("the command ends its sequences where it is interrupted", async () => {
  const { server, sequences } = await openStateful();
  await using _ = server;
  const command = start(basic(server.url, "--concurrency", "3", "--duration", "60", "--requests", "100000"));
  while (sequences.size < 6) await new Promise((resolve) => setTimeout(resolve, 20));
  command.signal("SIGINT");
  const { stdout } = await command.finished;
  assertStringIncludes(stdout, "PARTIAL");
  assertEquals([...sequences.values()].filter(({ ended }) => !ended), []);
});

Deno.test("the command sends sequences where the user says so, and words for ids where the model has them", async () => {
  const control_input = [{ control: [{ kind: "CONTROL_SEQUENCE_CORRID", data_type: "TYPE_STRING" }] }];
  for (const [config, more] of [[{}, ["--sequence"]], [{ sequence_batching: { control_input } }, []]] as const) {
    const { server, sequences, refused } = await openStateful(config);
    await using _ = server;
    const { code, stdout, stderr } = await run(basic(server.url, "--requests", "30", ...more));
    assertEquals([code, refused], [0, []], stderr);
    assertStringIncludes(stdout, "sequences of 20 requests");
    const words = [...sequences.keys()].filter((id) => typeof id === "string");
    assertEquals(words.length, more.length === 0 ? sequences.size : 0);
  }
});

Deno.test("the command says before the load what cannot be: batches of a sequence, lengths of none", async () => {
  const { server, sequences } = await openStateful();
  await using _ = server;
  const batch = await run(basic(server.url, "--batch-size", "2"));
  assertEquals([batch.code, sequences.size], [2, 0]);
  assertStringIncludes(batch.stderr, "A request of a sequence holds one item.");
  const plain = await openStateful({});
  await using __ = plain.server;
  const length = await run(basic(plain.server.url, "--sequence-length", "3"));
  assertEquals([length.code, plain.refused], [2, []]);
  assertStringIncludes(length.stderr, "--sequence");
});

Deno.test("the command sends parameters with every request, and shows them", async () => {
  const sent = new Set<string>();
  await using server = await openInference(({ body }) => {
    sent.add(JSON.stringify(JSON.parse(body).parameters));
    return answer(PREDICTION);
  });
  const parameters = ["threshold=0.5", 'tag="7"', "debug=true"].flatMap((one) => ["--parameter", one]);
  const { code, stdout, stderr } = await run(basic(server.url, "--requests", "10", ...parameters));
  assertEquals([code, [...sent]], [0, ['{"threshold":0.5,"tag":"7","debug":true}']], stderr);
  assertStringIncludes(stdout, 'Parameters: threshold=0.5, tag="7", debug=true');
});
