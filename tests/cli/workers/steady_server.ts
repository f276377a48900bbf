/**
 * A server of the Open Inference Protocol that answers after as many ms as its argument says. Prints its port. `/repeats`
 * tells how many bodies it had seen before.
 */
import { INFERENCE_ANSWERS } from "./inference_answers.ts";

const answerMs = Number(Deno.args[0]);
const init = { headers: { "content-type": "application/json" } };
const texts = Object.fromEntries(
  Object.entries(INFERENCE_ANSWERS).map(([route, answer]) => [route, JSON.stringify(answer)]),
);

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
