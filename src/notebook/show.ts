import { type MediaBundle, publish } from "./jupyter.ts";

/** The method by which a value says how a notebook shows it, as in Deno's own kernel. */
const display: unique symbol = Symbol.for("Jupyter.display");

/**
 * Shows a value below the cell that runs: a chart as a chart, text as text. In every client it is there when the cell
 * has ended, which a cell's last value is not. Outside a notebook it does nothing.
 *
 * @param value What to show: a chart, text, or anything else, as the console would show it.
 * @returns Resolves when it is shown.
 */
export async function show(value: unknown): Promise<void> {
  await publish("display_data", { data: await mediaBundle(value), metadata: {}, transient: {} });
}

/** The value's own contents, else its text. */
async function mediaBundle(value: unknown): Promise<MediaBundle> {
  const method = (value as { [display]?: () => MediaBundle | Promise<MediaBundle> } | null | undefined)?.[display];
  if (typeof method === "function") return await method.call(value);
  return { "text/plain": typeof value === "string" ? value : Deno.inspect(value, { depth: 4 }) };
}
