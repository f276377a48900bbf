import { TargetError } from "../../core/errors.ts";
import { loading } from "../../core/patience/loading.ts";
import type { Absence, ProtocolCallOptions, ServerBatch } from "../../core/protocol.ts";
import type { Call } from "../../core/transport.ts";
import { lacksModel } from "../shared/lacks_model.ts";
import { pollUntil } from "../shared/poll.ts";
import {
  fetchModelNames,
  fetchRegistration,
  modelPath,
  readyWorkers,
  register,
  type Registration,
  scaleWorkers,
  unregister,
} from "./registration.ts";

/**
 * Changes models of one TorchServe and puts them back. A model's registration is remembered before its first change,
 * so that {@linkcode ModelControl.restore} can give it its workers and batches again even after it was removed.
 */
export class ModelControl {
  readonly #call: Call;
  readonly #reregister: boolean;
  /** Registrations as they were found, of models that were changed since. */
  readonly #found = new Map<string, Registration>();

  /**
   * Changes nothing yet.
   *
   * @param call Carries questions to the management API.
   * @param reregister Whether a model is unloaded by removing it, not only by stopping its workers.
   */
  constructor(call: Call, reregister: boolean) {
    this.#call = call;
    this.#reregister = reregister;
  }

  /** Stops the model's workers, or removes the model. */
  async unload(model: string, options?: ProtocolCallOptions): Promise<void> {
    await this.#remember(model, options);
    if (this.#reregister) await unregister(this.#call, model, options);
    else await this.#scale(model, 0, 0, "unload", options);
  }

  /** Starts all the workers that the model had, or registers it with them; they serve when this resolves. */
  async load(model: string, options?: ProtocolCallOptions): Promise<void> {
    const patient = loading(options);
    const found = await this.#remember(model, options);
    const isThere = !this.#reregister || await fetchRegistration(this.#call, model, options) !== null;
    if (isThere) await this.#scale(model, found.minWorkers, found.maxWorkers, "load", patient);
    else await this.#register(found, options);
    // Asked for as many workers as there are, TorchServe answers at once, also while they still start.
    const serves = async () => readyWorkers(await this.#existing(model, options)).length >= found.minWorkers;
    await pollUntil(serves, `load the model "${model}"`, { signal: options?.signal, timeoutMs: patient.timeoutMs });
  }

  /** Looks whether a model has no worker, or is not registered. */
  async verifyAbsent(model: string, options?: ProtocolCallOptions): Promise<Absence> {
    const registration = await fetchRegistration(this.#call, model, options);
    const path = `GET ${modelPath(model)}`;
    if (registration === null) return { absent: true, evidence: `${path} does not know it` };
    const { workers } = registration;
    if (workers.length === 0) return { absent: !this.#reregister, evidence: `${path} lists no workers` };
    const states = workers.map(({ id, status }) => `${id} ${status}`).join(", ");
    const isGoing = readyWorkers(registration).length === 0;
    return { absent: false, evidence: `${path} lists the workers ${states}`, ...isGoing ? { isGoing } : {} };
  }

  /** How TorchServe makes batches of a model's requests. */
  async serverBatch(model: string, options?: ProtocolCallOptions): Promise<ServerBatch> {
    const { batchSize, maxBatchDelayMs } = await this.#existing(model, options);
    return { batchSize, maxDelayMs: maxBatchDelayMs };
  }

  /** Registers the model anew with other batches, and its workers as before. */
  async setServerBatch(
    model: string,
    { batchSize, maxDelayMs }: ServerBatch,
    options?: ProtocolCallOptions,
  ): Promise<void> {
    const found = await this.#remember(model, options);
    const now = await fetchRegistration(this.#call, model, options);
    if (now?.batchSize === batchSize && now.maxBatchDelayMs === maxDelayMs && now.workers.length > 0) return;
    await this.#replace({ ...found, batchSize, maxBatchDelayMs: maxDelayMs }, options);
    const got = await this.#existing(model, options);
    if (got.batchSize !== batchSize) {
      throw new TargetError(
        `Cannot have TorchServe make batches of ${batchSize} for "${model}" as it must register it so: ` +
          `it registered it with ${got.batchSize}`,
        { hint: "What config.properties says of the model wins over requests." },
      );
    }
  }

  /** Gives a model its workers and batches again, if they were changed. */
  async restore(model: string, options?: ProtocolCallOptions): Promise<void> {
    const found = this.#found.get(model);
    if (found === undefined) return;
    const now = await fetchRegistration(this.#call, model, options);
    const isAlike = now?.batchSize === found.batchSize && now.maxBatchDelayMs === found.maxBatchDelayMs;
    const hasWorkers = now?.minWorkers === found.minWorkers && now.maxWorkers === found.maxWorkers &&
      now.workers.length >= found.minWorkers;
    if (isAlike && !hasWorkers) {
      await this.#scale(model, found.minWorkers, found.maxWorkers, "restore", loading(options));
    }
    if (!isAlike) await this.#replace(found, options);
    this.#found.delete(model);
  }

  async #replace(registration: Registration, options?: ProtocolCallOptions): Promise<void> {
    await unregister(this.#call, registration.name, options);
    await this.#register(registration, options);
  }

  async #register(registration: Registration, options?: ProtocolCallOptions): Promise<void> {
    await register(this.#call, registration, options);
    const { name, minWorkers, maxWorkers } = registration;
    if (maxWorkers > minWorkers) await this.#scale(name, minWorkers, maxWorkers, "register", loading(options));
  }

  async #remember(model: string, options?: ProtocolCallOptions): Promise<Registration> {
    const known = this.#found.get(model);
    if (known !== undefined) return known;
    const found = await this.#existing(model, options);
    // A model without workers was not loaded; once it was, it is left with one.
    const minWorkers = Math.max(1, found.minWorkers);
    const kept = { ...found, minWorkers, maxWorkers: Math.max(minWorkers, found.maxWorkers) };
    this.#found.set(model, kept);
    return kept;
  }

  async #existing(model: string, options?: ProtocolCallOptions): Promise<Registration> {
    const found = await fetchRegistration(this.#call, model, options);
    if (found !== null) return found;
    throw lacksModel(model, await fetchModelNames(this.#call, options));
  }

  #scale(model: string, minWorkers: number, maxWorkers: number, verb: string, options?: ProtocolCallOptions) {
    return scaleWorkers(this.#call, model, { minWorkers, maxWorkers }, `${verb} the model "${model}"`, options);
  }
}
