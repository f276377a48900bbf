import { ExchangeError } from "../../core/errors.ts";
import type { Protocol, Verdict } from "../../core/protocol.ts";
import type { AnswerStream } from "../../core/stream/answer_stream.ts";
import { isRoutingName } from "../../core/request/secret_name.ts";
import type { Call, WireResponse } from "../../core/transport.ts";
import { NO_SUCH_MODEL } from "./capability_probe.ts";
import { parseBody } from "./server_answer.ts";

const MASK = "***";
/** Authentication schemes are no secrets. */
const SCHEME = /^(basic|bearer|digest)$/i;
/** Nor are names that everybody knows, and that answers are searched for. */
const KNOWN = [NO_SUCH_MODEL, "kserve"];

/** What stands between the parts of a value. */
const BETWEEN = /[\s,;=:"&]+/;

/**
 * The parts of the values of headers, or of a query, that must not be shown: the values, for `Bearer abc` what follows
 * the scheme, for `Basic abc` also what that says, and each as URLs, JSON and HTML write it. Parts under 6 characters are
 * left out, since replacing them everywhere would garble messages and hide nothing. So are values
 * that choose a model by its name, which masked in a list of models would hide the model, and the names of this program and
 * of a server.
 *
 * @param headers Names and values in turn.
 */
export function secretsOf(headers: readonly string[]): string[] {
  const values = headers.filter((_, i) => i % 2 === 1 && !isRoutingName(headers[i - 1]!));
  const said = values.flatMap((value) => [value, ...basicCredentials(value)]);
  const parts = said.flatMap((value) => [value, ...value.split(BETWEEN)]).filter((part) => !SCHEME.test(part));
  const secret = parts.filter((part) => !KNOWN.some((known) => known.includes(part.toLowerCase())));
  return [...new Set(secret.flatMap(writings))].filter((part) => part.length >= 6).sort((a, b) => b.length - a.length);
}

/** What the value of a header for basic authentication says: name and password. */
function basicCredentials(value: string): string[] {
  const encoded = /^basic\s+(\S+)$/i.exec(value)?.[1];
  if (encoded === undefined) return [];
  try {
    const said = new TextDecoder().decode(Uint8Array.fromBase64(encoded));
    return [said, said.slice(said.indexOf(":") + 1)];
  } catch {
    return [];
  }
}

/** A text as it is, and as a server may repeat it. */
function writings(text: string): string[] {
  const html = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
  return [text, encodeURIComponent(text.toWellFormed()), JSON.stringify(text).slice(1, -1), html];
}

/** What stands at the end of a text that was cut. */
const CUT = "...";
/** Fewer characters of a secret tell nothing. */
const LEAST_SHOWN = 4;

/**
 * A text with every secret in it masked, also one that was cut.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { masked } from "./secrets.ts";
 * assertEquals(masked("bad token abc123", ["abc123"]), "bad token ***");
 * assertEquals(masked("bad token abc1...", ["abc123"]), "bad token ***...");
 * ```
 *
 * @param text Any text.
 * @param secrets What to mask.
 */
export function masked(text: string, secrets: readonly string[]): string {
  const whole = secrets.reduce((rest, secret) => rest.replaceAll(secret, MASK), text);
  if (!whole.includes(CUT)) return whole;
  return whole.split(CUT).map((part, i, { length }) => i === length - 1 ? part : withoutBeginning(part, secrets))
    .join(CUT);
}

/** A text without the beginning of a secret at its end. */
function withoutBeginning(text: string, secrets: readonly string[]): string {
  for (const secret of secrets) {
    for (let length = secret.length - 1; length >= LEAST_SHOWN; length--) {
      if (text.endsWith(secret.slice(0, length))) return text.slice(0, -length) + MASK;
    }
  }
  return text;
}

/** Calls whose answers have every secret masked, since a server's words end up in messages. */
export function maskedCall(call: Call, secrets: readonly string[]): Call {
  if (secrets.length === 0) return call;
  return async (request, options) => {
    try {
      return maskedAnswer(await call(request, options), secrets);
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
      throw new ExchangeError(error.reason, masked(error.message, secrets));
    }
  };
}

function maskedAnswer({ status, headers, body, trailers }: WireResponse, secrets: readonly string[]): WireResponse {
  const maskedValues = (fields: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, masked(value, secrets)]));
  return {
    status,
    headers: maskedValues(headers),
    body: maskedBody(body, secrets),
    ...(trailers === undefined ? {} : { trailers: maskedValues(trailers) }),
  };
}

/** Larger bodies are not looked through for what they are made of, bytes. */
const MOST_LOOKED_THROUGH = 2 ** 20;
/** A text of JSON, with the colon behind it where it names a field, or a number. */
const JSON_TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|-?\d[\d.eE+-]*/g;
/** Names of fields that answers are read by, but for those that are shorter than any secret that is masked. */
const FIELDS: ReadonlySet<string> = new Set(
  (
    "arguments available_models batchSize binary_data_size checks choices components compute_infer compute_input " +
    "compute_output compute_time content contentEncoding contentMediaType control_input data_type datatype " +
    "default description detail device deviceType example examples exclusiveMaximum exclusiveMinimum " +
    "execution_count executions extensions finish_reason format function generative_sequence gpu_available " +
    "gpu_metrics headers health healthy inference_count inference_stats input_count input_shape input_type inputs " +
    "iterative_sequence loaded location max_batch_size max_sequence_idle_microseconds maxBatchDelay maximum " +
    "maxWorkers memory_allocated_mb memory_reserved_mb memoryUsage message method metrics minimum minWorkers " +
    "model_id model_info model_name model_version modelName models modelUrl modelVersion nextPageToken object " +
    "openapi options output outputs parameters platform predictions processing_time progress properties " +
    "queue_time reason reasoning refusal requestBody requests required response responseTimeout result results " +
    "schema scores sequence_batching size_mb source startupTimeout status success text_output thinking token_ids " +
    "version versions workers"
  ).split(" "),
);

/** JSON stays what it is: the names of fields that it is read by are left, or an answer could not be read any more. */
function maskedBody(body: Uint8Array, secrets: readonly string[]): Uint8Array {
  const text = new TextDecoder().decode(body);
  const whole = masked(text, secrets);
  if (whole === text) return body;
  const isJson = body.length <= MOST_LOOKED_THROUGH && parseBody(body) !== undefined;
  return new TextEncoder().encode(isJson ? text.replaceAll(JSON_TOKEN, maskedToken) : whole);

  function maskedToken(token: string, colon: string | undefined): string {
    if (!token.startsWith('"')) return secrets.includes(token) ? `"${MASK}"` : token;
    return colon !== undefined && FIELDS.has(token.split('"')[1]!) ? token : masked(token, secrets);
  }
}

/** A protocol whose verdicts and notes have every secret masked; the rest of it is masked by its calls. */
export function maskedVerdicts(protocol: Protocol, secrets: readonly string[]): Protocol {
  if (secrets.length === 0) return protocol;
  const { notes, openStream } = protocol;
  return {
    ...protocol,
    judge: (response, asked) => maskedVerdict(protocol.judge(response, asked), secrets),
    ...openStream !== undefined && { openStream: () => maskedStream(openStream.call(protocol), secrets) },
    ...notes !== undefined && { notes: () => notes.call(protocol).map((note) => masked(note, secrets)) },
  };
}

function maskedVerdict(verdict: Verdict, secrets: readonly string[]): Verdict {
  return verdict.kind === "success" ? verdict : { ...verdict, message: masked(verdict.message, secrets) };
}

/** The same stream, which masks what it says for people. */
function maskedStream(stream: AnswerStream, secrets: readonly string[]): AnswerStream {
  const end = stream.end.bind(stream), soFar = stream.soFar.bind(stream);
  return Object.assign(stream, {
    end: (response: WireResponse) => maskedVerdict(end(response), secrets),
    soFar: () => masked(soFar(), secrets),
  });
}
