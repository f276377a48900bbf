import { llama } from "../../../src/embedded/language/llama.ts";
import { encodeModelFile } from "../../../src/embedded/models/model_file.ts";

/** Runs a test with the file of the language model. */
export async function withModelFile(test: (path: string) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempFile({ suffix: ".onnx" });
  try {
    using file = await Deno.open(path, { write: true });
    for (const piece of encodeModelFile(llama(), 1)) {
      for (let written = 0; written < piece.length;) written += await file.write(piece.subarray(written));
    }
    await test(path);
  } finally {
    await Deno.remove(path);
  }
}
