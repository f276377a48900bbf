/** What the module of a worker uses of its scope. Deno's own type of it needs a directive that no published package may have. */
export interface WorkerScope<Message> {
  /** Is given each message from who started the worker. */
  onmessage: ((event: MessageEvent<Message>) => unknown) | null;
  /** Sends a message there, handing over what is named besides. */
  postMessage(message: unknown, transfer?: ArrayBuffer[]): void;
}

/**
 * The scope of this worker, whose messages are of one type.
 *
 * @returns The global object: in the main thread it has no such functions.
 */
export function workerScope<Message>(): WorkerScope<Message> {
  return globalThis as unknown as WorkerScope<Message>;
}
