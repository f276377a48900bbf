import { TargetError, UsageError } from "../core/errors.ts";
import { naming, option } from "../core/option_words.ts";
import type { ModelDetection, ProtocolFactory } from "../core/protocol.ts";
import type { Call, WireResponse } from "../core/transport.ts";
import { isUnauthorized, WANTS_AUTHENTICATION } from "./shared/authentication.ts";
import { HTML_PAGE, parseBody, serverWords } from "./shared/server_answer.ts";
import { detectLanguageModel } from "./detect_language.ts";
import { GENERIC } from "./generic.ts";
import { kserveV2 } from "./kserve_v2.ts";
import { ollama } from "./ollama.ts";
import { openai } from "./openai.ts";
import { torchInference } from "./torch_inference.ts";
import { isNotReady, notReady } from "./shared/not_ready.ts";
import { isOfNoRoute } from "./shared/shown_absence.ts";
import { torchserve } from "./torchserve.ts";
import { tritonGenerate } from "./triton_generate.ts";

/** Every protocol that a server can be asked for, in the order in which they are tried. */
export const PROTOCOLS: readonly ProtocolFactory[] = [
  torchInference,
  kserveV2,
  torchserve,
  ollama,
  openai,
  tritonGenerate,
];

/** A protocol and why it was chosen. */
export interface DetectedProtocol {
  /** The protocol. */
  readonly factory: ProtocolFactory;
  /** `asked for`, or what the server showed. */
  readonly evidence: string;
}

interface Seen {
  readonly path: string;
  readonly response: WireResponse;
}

/**
 * Finds the protocol that a server speaks, by its own routes or, where it shows none, by those of its models.
 *
 * @param call Carries the questions.
 * @param name Name of the protocol, or `auto` to ask the server.
 * @param options Which model it is said to have, and whether it is told what to write (`writes`).
 * @throws {UsageError} If there is no protocol of that name.
 * @throws {ExchangeError} If no answer comes.
 * @throws {TargetError} If the server asks for authentication, or speaks none of the protocols.
 */
export async function detectProtocol(
  call: Call,
  name = "auto",
  options: Partial<ModelDetection> & { readonly writes?: boolean } = {},
): Promise<DetectedProtocol> {
  if (name !== "auto") return { factory: protocolNamed(name), evidence: "asked for" };
  const seen: Seen[] = [];
  const watched: Call = async (request, callOptions) => {
    const response = await call(request, callOptions);
    seen.push({ path: request.path, response });
    return response;
  };
  for (const factory of PROTOCOLS) {
    const evidence = await factory.detect(watched, options);
    if (evidence === null) continue;
    const language = await detectLanguageModel(call, factory, options);
    return language === null ? { factory, evidence } : { factory: openai, evidence: language };
  }
  const { model = null } = options;
  for (const factory of seen.some(leadsElsewhere) ? [] : PROTOCOLS) {
    const evidence = await factory.detectByModels?.(call, { ...options, model }) ?? null;
    if (evidence !== null) return { factory, evidence };
  }
  throw unrecognised(seen, model);
}

/**
 * The protocol of a name.
 *
 * @throws {UsageError} If there is none.
 */
export function protocolNamed(name: string): ProtocolFactory {
  if (name === GENERIC) {
    throw new UsageError(`Cannot use the protocol ${GENERIC} as it must be described: there is no description`, {
      hint: naming`Give ${option("generic")}.`,
    });
  }
  const found = PROTOCOLS.find((protocol) => protocol.name === name);
  if (found !== undefined) return found;
  const names = ["auto", ...PROTOCOLS.map((protocol) => protocol.name), GENERIC].join(", ");
  throw new UsageError(`Cannot use the protocol as it must be one of ${names}: current value is "${name}"`);
}

/** The error for a server that answers, but not as an inference server. */
function unrecognised(seen: readonly Seen[], model: string | null): TargetError {
  const found = seen.map(({ path, response }) => `${path} is answered with ${summary(response)}`).join("; ");
  const message = `Cannot connect as the server must be an inference server: ${found}`;
  if (seen.some(({ response }) => isUnauthorized(response))) return new TargetError(message, WANTS_AUTHENTICATION);
  const unready = seen.find(({ response }) => isNotReady(response));
  if (unready !== undefined) {
    return notReady(`${unready.path} is answered with ${summary(unready.response)}`, unready.response);
  }
  // What to do about a redirect is said by who knows the URL.
  if (seen.some(leadsElsewhere)) return new TargetError(message);
  const known = naming`Known protocols: ${PROTOCOLS.map(({ name }) => name).join(", ")}. Choose one with ${
    option("protocol")
  }, or describe the server with ${option("generic")}.`;
  const isHidden = model === null && seen.every(({ response }) => isOfNoRoute(response));
  const hidden = isHidden
    ? naming` If only the routes of a model are let through, name it with ${option("model")}.`
    : [];
  return new TargetError(message, { hint: [...known, ...hidden] });
}

function leadsElsewhere({ response: { status } }: Seen): boolean {
  return status >= 300 && status < 400;
}

function summary({ status, headers, body }: WireResponse): string {
  const value = parseBody(body);
  if (status >= 300 && status < 400) return `a redirect (${status}) to ${headers["location"] ?? "nowhere"}`;
  if (isUnauthorized({ status })) return `status ${status}`;
  const words = serverWords(value, body).slice(0, 80);
  if (words.startsWith(HTML_PAGE)) return `status ${status} and ${words}`;
  const kind = value !== undefined ? "JSON" : words === "" ? "nothing" : "text";
  return `status ${status} and ${kind}${words === "" ? "" : ` "${words}"`}`;
}
