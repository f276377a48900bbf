import { concatenate } from "../../../src/core/concatenate.ts";
import { requestOf } from "./request.ts";

/** A request as other programs take it. */
export interface FiledRequest {
  /** Path that it goes to. */
  readonly path: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  /** Folder of the body, which is its file `body_1`. */
  readonly folder: string;
  /** That file. */
  readonly bodyFile: string;
}

/** Writes bodies into files, each once. */
export class BodyFiles {
  readonly #folder: string;
  readonly #written = new Map<string, FiledRequest>();

  /** @param folder Where to. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The request of so many items. */
  async of({ model, batchSize }: { readonly model: string; readonly batchSize: number }): Promise<FiledRequest> {
    const key = `${model}-${batchSize}`;
    let filed = this.#written.get(key);
    if (filed === undefined) {
      const { path, headers, body } = requestOf(model, batchSize);
      const folder = `${this.#folder}/${key}`;
      const bodyFile = `${folder}/body_1`;
      await Deno.mkdir(folder);
      await Deno.writeFile(bodyFile, concatenate(body));
      filed = { path, headers, folder, bodyFile };
      this.#written.set(key, filed);
    }
    return filed;
  }
}
