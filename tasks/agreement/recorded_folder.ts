import { JSON_LENGTH_HEADER } from "../../src/protocols/kserve_v2/encode.ts";
import { wholeBody } from "../../src/core/wire_body.ts";
import type { Load } from "./peer.ts";

/**
 * Requests in files for programs that read them: `body_1`, `body_2`, ... Only bodies differ from one to the next.
 *
 * @param load What to send.
 * @param use Is given the folder, which is removed afterwards.
 */
export async function withRecordedBodies<T>({ requests }: Load, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: "torchgauge_agreement_" });
  try {
    await Promise.all(
      requests.map(({ body }, i) => Deno.writeFile(`${folder}/body_${i + 1}`, wholeBody(body))),
    );
    return await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * What all requests share: path, and how many bytes of each body are JSON.
 *
 * @throws {TypeError} If they do not.
 */
export function sharedHead({ requests }: Load): { readonly path: string; readonly jsonBytes: string } {
  const heads = requests.map(({ path, headers }) => ({
    path,
    jsonBytes: headers[headers.indexOf(JSON_LENGTH_HEADER) + 1] ?? "",
  }));
  const [first] = heads;
  if (first !== undefined && heads.every((head) => head.path === first.path && head.jsonBytes === first.jsonBytes)) {
    return first;
  }
  throw new TypeError("Cannot replay requests as they must differ in their bodies alone: they differ in more");
}
