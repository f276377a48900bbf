/**
 * A server of the Open Inference Protocol that answers after as many ms as its argument says. Prints its port. `/repeats`
 * tells how many bodies it had seen before.
 */
const answerMs = Number(Deno.args[0]);
const tensor = (name: string, shape: readonly number[]) => ({ name, datatype: "FP32", shape });
const answers: Readonly<Record<string, unknown>> = {
  "GET /v2": { name: "server", version: "1", extensions: [] },
  "GET /v2/health/ready": {},
  "GET /v2/models/m": { name: "m", inputs: [tensor("x", [-1, 2])], outputs: [tensor("y", [-1, 1])] },
  "GET /v2/models/m/ready": {},
  "POST /v2/repository/index": [{ name: "m", state: "READY" }],
  "POST /v2/models/m/infer": { model_name: "m", outputs: [{ ...tensor("y", [1, 1]), data: [0.5] }] },
};
const init = { headers: { "content-type": "application/json" } };
const texts = Object.fromEntries(Object.entries(answers).map(([route, answer]) => [route, JSON.stringify(answer)]));

const seen = new Set<string>();
let repeats = 0;

Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  // deno-lint-ignore no-console -- another process reads it
  onListen: ({ port }) => console.log(port),
}, async (request) => {
  const { pathname } = new URL(request.url);
  if (pathname === "/repeats") return new Response(String(repeats), init);
  const text = texts[`${request.method} ${pathname}`];
  const body = String(new Uint8Array(await request.arrayBuffer()));
  if (text === undefined) return new Response("{}", { ...init, status: 404 });
  if (pathname.endsWith("/infer")) {
    if (seen.has(body)) repeats++;
    seen.add(body);
    if (answerMs > 0) await new Promise((resolve) => setTimeout(resolve, answerMs));
  }
  return new Response(text, init);
});
