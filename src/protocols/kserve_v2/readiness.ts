import { TargetError } from "../../core/errors.ts";
import type { ProtocolCallOptions } from "../../core/protocol.ts";
import type { Call, WireRequest } from "../../core/transport.ts";
import { percentEncoded } from "../../core/untrusted/percent.ts";
import { isUnauthorized, WANTS_AUTHENTICATION } from "../shared/authentication.ts";
import { seen } from "../shared/capability_probe.ts";
import { isNotReady, notReady } from "../shared/not_ready.ts";
import { ask, isRecord, jsonRequest, type ServerAnswer, succeeded } from "../shared/server_answer.ts";
import type { ModelQuestion } from "../shared/shown_absence.ts";

/** Whether the models of one server say that they are ready. */
export class Readiness {
  readonly #call: Call;
  #hasRoute = false;

  /** @param call Carries the questions. */
  constructor(call: Call) {
    this.#call = call;
  }

  /** The question after one model. A success that was ever answered shows that the server has a route for it. */
  question(model: string): ModelQuestion {
    return { path: readyRequest(model).path, model, hasRoute: this.#hasRoute };
  }

  /** Asks for one model. */
  async ask(model: string, options?: ProtocolCallOptions): Promise<ServerAnswer> {
    const answer = await ask(this.#call, readyRequest(model), `see whether the model "${model}" is ready`, options);
    this.#hasRoute ||= succeeded(answer);
    return answer;
  }

  /**
   * Checks that a model is ready, where its server does not say that of itself.
   *
   * @throws {TargetError} If the server says that it is not.
   */
  async check(model: string, options?: ProtocolCallOptions): Promise<void> {
    const answer = await this.ask(model, options);
    if (isReady(answer) || answer.status === 404 || answer.status === 405) return;
    if (isNotReady(answer)) throw notReady(seen(readyRequest(model), answer), answer);
    throw new TargetError(
      `Cannot use the model "${model}" as it must be ready: ${seen(readyRequest(model), answer)}`,
      isUnauthorized(answer) ? WANTS_AUTHENTICATION : {},
    );
  }
}

/** Whether an answer says that the model is ready. */
export function isReady(answer: ServerAnswer): boolean {
  return succeeded(answer) && !(isRecord(answer.value) && answer.value["ready"] === false);
}

function readyRequest(model: string): WireRequest {
  return jsonRequest("GET", `/v2/models/${percentEncoded(model)}/ready`);
}
