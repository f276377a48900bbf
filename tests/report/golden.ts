import { assertEquals } from "@std/assert";

/**
 * Compares a text with its golden file in the folder `golden` of its format, which `UPDATE_GOLDEN=1` writes anew.
 *
 * @param name Of the file, without `.txt`.
 * @param text What the code writes now.
 * @param format The format's folder.
 */
export async function assertGolden(name: string, text: string, format = "text"): Promise<void> {
  const path = new URL(`./${format}/golden/${name}.txt`, import.meta.url);
  if (Deno.env.get("UPDATE_GOLDEN") === "1") await Deno.writeTextFile(path, text);
  assertEquals(text, await Deno.readTextFile(path), `${name} changed; UPDATE_GOLDEN=1 writes it anew`);
}
