import { exchangeReason, TargetError } from "../../core/errors.ts";
import type { ProtocolCallOptions } from "../../core/protocol.ts";
import type { Call, WireRequest } from "../../core/transport.ts";
import { percentEncoded } from "../../core/untrusted/percent.ts";
import { seen } from "../shared/capability_probe.ts";
import { isNotReady, notReady, WAIT_HINT } from "../shared/not_ready.ts";
import { ask, isRecord, jsonRequest, type ServerAnswer, succeeded } from "../shared/server_answer.ts";
import { isOfNoRoute, type ModelQuestion, refusalShowsAbsence } from "../shared/shown_absence.ts";

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
   * Checks that a model that its server describes is ready as well: it may still load while its server is healthy.
   *
   * @throws {TargetError} If the server says that it is not. A refusal that says nothing of the model may be the route's, and
   * that a question was not answered, or had no room, says nothing of it either.
   */
  async check(model: string, options?: ProtocolCallOptions): Promise<void> {
    const answer = await this.ask(model, options).catch((error) => {
      if (exchangeReason(error) === null) throw error;
      return null;
    });
    if (answer === null || isReady(answer) || isOfNoRoute(answer) || answer.status === 429) return;
    if (saysUnready(answer) || refusalShowsAbsence(answer, this.question(model))) throw unready(model, answer);
  }
}

/** Whether an answer says outright that the model is there and not ready. */
export function saysUnready(answer: ServerAnswer): boolean {
  return isNotReady(answer) || succeeded(answer) && !isReady(answer);
}

/** The error for a model of which an answer says that it is not ready. */
export function unready(model: string, answer: ServerAnswer): TargetError {
  const found = seen(readyRequest(model), answer);
  if (isNotReady(answer)) return notReady(found, answer);
  return new TargetError(`Cannot use the model "${model}" as it must be ready: it is not ready yet, ${found}`, {
    hint: WAIT_HINT,
  });
}

/** Whether an answer says that the model is ready. */
export function isReady(answer: ServerAnswer): boolean {
  return succeeded(answer) && !(isRecord(answer.value) && answer.value["ready"] === false);
}

function readyRequest(model: string): WireRequest {
  return jsonRequest("GET", `/v2/models/${percentEncoded(model)}/ready`);
}
