import { InferenceSession, Tensor } from "npm:onnxruntime-node@1.30.0";

/** This worker. It imports nothing of other folders, which the server's process may not read. */
const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<WorkerCommand>) => Promise<void>;
  postMessage(reply: WorkerReply, transfer: ArrayBuffer[]): void;
};

/** One input of an inference. */
export interface Feed {
  /** Name of the graph's input. */
  readonly name: string;
  /** Elements, row-major. */
  readonly data: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>;
  /** Dimensions with the batch first. */
  readonly dims: readonly number[];
}

/** What the worker is told to do; it does one thing at a time. */
export type WorkerCommand =
  | { readonly kind: "load"; readonly path: string; readonly threads: number }
  | { readonly kind: "run"; readonly feeds: readonly Feed[] }
  | { readonly kind: "release" };

/** What it answers. */
export type WorkerReply =
  | { readonly kind: "done" }
  | { readonly kind: "output"; readonly data: Float32Array<ArrayBuffer>; readonly inferMs: number }
  | { readonly kind: "error"; readonly message: string };

let session: InferenceSession | null = null;

async function obey(command: WorkerCommand): Promise<WorkerReply> {
  switch (command.kind) {
    case "load":
      session = await InferenceSession.create(command.path, {
        intraOpNumThreads: command.threads,
        interOpNumThreads: 1,
        executionMode: "sequential",
        logSeverityLevel: 3,
      });
      return { kind: "done" };
    case "run":
      return await run(command.feeds);
    case "release":
      await session?.release();
      session = null;
      return { kind: "done" };
  }
}

async function run(feeds: readonly Feed[]): Promise<WorkerReply> {
  const started = performance.now();
  const tensors = Object.fromEntries(feeds.map(({ name, data, dims }) => [
    name,
    data instanceof Float32Array ? new Tensor("float32", data, dims) : new Tensor("int32", data, dims),
  ]));
  const outputs = await session!.run(tensors);
  // Copied out of the runtime's memory, so that it can be handed to the server without another copy.
  const data = Float32Array.from(Object.values(outputs)[0]!.data as Float32Array);
  return { kind: "output", data, inferMs: performance.now() - started };
}

scope.onmessage = async (event) => {
  const reply = await obey(event.data).catch((error): WorkerReply => ({ kind: "error", message: String(error) }));
  scope.postMessage(reply, reply.kind === "output" ? [reply.data.buffer] : []);
};
