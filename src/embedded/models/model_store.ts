import { join } from "node:path";
import { WEIGHTS_SEED } from "./catalog.ts";
import type { Graph } from "./graph.ts";
import { encodeModelFile, fingerprint } from "./model_file.ts";

/** A model as far as its file is concerned. */
export interface StoredModel {
  /** Name of the file's beginning. */
  readonly name: string;
  /** The network. */
  readonly graph: Graph;
}

/** The folder of model files. A file's name holds the fingerprint of its content, so none is ever out of date. */
export class ModelStore {
  /** Where the files are. */
  readonly folder: string;
  readonly #writing = new Map<string, Promise<boolean>>();

  /** Names a folder. @param folder Where the files are; made when the first one is written. */
  constructor(folder: string) {
    this.folder = folder;
  }

  /** Where a model's file is, or will be. */
  path(model: StoredModel): string {
    return join(this.folder, `${model.name}-${fingerprint(model.graph, WEIGHTS_SEED)}.onnx`);
  }

  /**
   * Looks for a model's file.
   *
   * @returns Its size in bytes, or `null` if it is not there.
   */
  async sizeBytes(model: StoredModel): Promise<number | null> {
    try {
      return (await Deno.stat(this.path(model))).size;
    } catch (error) {
      // A folder that is none is told when a file is to be written there.
      if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return null;
      throw error;
    }
  }

  /**
   * Writes a model's file unless it is there. Several processes may do so at once: the file appears whole or not.
   *
   * @returns Whether it had to be written.
   */
  ensure(model: StoredModel): Promise<boolean> {
    const writing = this.#writing.get(model.name) ??
      this.#ensure(model).finally(() => this.#writing.delete(model.name));
    this.#writing.set(model.name, writing);
    return writing;
  }

  /**
   * Writes a model's file anew: the one that is there is damaged.
   *
   * @throws {Error} Naming the file, if it cannot be written.
   */
  async replace(model: StoredModel): Promise<void> {
    const path = this.path(model);
    try {
      await Deno.remove(path, { recursive: true });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw unwritable(`the damaged model file "${path}"`, error);
    }
    await this.ensure(model);
  }

  /**
   * Makes the folder where there is none.
   *
   * @throws {Error} Naming it, if there cannot be one.
   */
  async makeFolder(): Promise<void> {
    try {
      await Deno.mkdir(this.folder, { recursive: true });
    } catch (error) {
      throw unwritable(`the folder of model files "${this.folder}"`, error);
    }
  }

  async #ensure(model: StoredModel): Promise<boolean> {
    if (await this.sizeBytes(model) !== null) return false;
    await this.makeFolder();
    const temporary = `${this.path(model)}.${crypto.randomUUID()}.tmp`;
    try {
      await writePieces(temporary, encodeModelFile(model.graph, WEIGHTS_SEED));
      await Deno.rename(temporary, this.path(model));
    } catch (error) {
      await Deno.remove(temporary).catch(() => {});
      throw unwritable(`the model file "${this.path(model)}"`, error);
    }
    return true;
  }
}

function unwritable(what: string, error: unknown): Error {
  const found = error instanceof Deno.errors.AlreadyExists || error instanceof Deno.errors.NotADirectory
    ? "a part of its path is a file"
    : error instanceof Error
    ? error.message.replace(/\s*\(os error \d+\).*$/s, "")
    : String(error);
  return new Error(`Cannot write ${what}, which TORCHGAUGE_CACHE may place elsewhere: ${found}`, { cause: error });
}

async function writePieces(path: string, pieces: Iterable<Uint8Array>): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true });
  for (const piece of pieces) {
    for (let written = 0; written < piece.length;) written += await file.write(piece.subarray(written));
  }
}
