import type { JupyterMessage } from "./jupyter_message.ts";
import type { CellError } from "./kernel.ts";

/** One output below a cell; a union on `kind`. */
export type CellOutput =
  /** What was printed. */
  | { readonly kind: "text"; readonly stream: "stdout" | "stderr"; readonly text: string }
  /** What was shown: the same thing in one or more media types. */
  | { readonly kind: "display"; readonly data: Readonly<Record<string, unknown>>; readonly displayId: string | null }
  /** What was thrown. */
  | { readonly kind: "error"; readonly error: CellError };

/** The outputs of all cells of a run, as a kernel's messages change them. */
export class OutputLog {
  readonly #cells: CellOutput[][] = [];
  #clearWithNext = false;

  /** Begins the outputs of the next cell. */
  startCell(): void {
    this.#cells.push([]);
    this.#clearWithNext = false;
  }

  /**
   * Outputs of one cell.
   *
   * @param index The cell, in the order of their starts, from 0.
   */
  outputsOf(index: number): readonly CellOutput[] {
    return this.#cells[index] ?? [];
  }

  /** Adds an output to the last cell that was started. */
  add(output: CellOutput): void {
    const outputs = this.#cells.at(-1);
    if (outputs === undefined) return;
    if (this.#clearWithNext) outputs.length = 0;
    this.#clearWithNext = false;
    const last = outputs.at(-1);
    if (output.kind === "text" && last?.kind === "text" && last.stream === output.stream) {
      outputs[outputs.length - 1] = { ...output, text: last.text + output.text };
    } else {
      outputs.push(output);
    }
  }

  /** Takes what the kernel published. Messages that show nothing change nothing. */
  apply({ header, content }: JupyterMessage): void {
    switch (header.msg_type) {
      case "stream":
        return this.add({
          kind: "text",
          stream: content["name"] === "stderr" ? "stderr" : "stdout",
          text: String(content["text"]),
        });
      case "display_data":
      case "execute_result":
        return this.add({ kind: "display", ...displayOf(content) });
      case "update_display_data":
        return this.#update(displayOf(content));
      case "clear_output":
        if (content["wait"] === true) this.#clearWithNext = true;
        else this.#cells.at(-1)?.splice(0);
        return;
    }
  }

  /** Every place where a display stands shows its last state. */
  #update(display: Display): void {
    for (const outputs of this.#cells) {
      for (const [index, output] of outputs.entries()) {
        if (output.kind !== "display" || output.displayId === null || output.displayId !== display.displayId) continue;
        outputs[index] = { kind: "display", ...display };
      }
    }
  }
}

type Display = Omit<CellOutput & { kind: "display" }, "kind">;

function displayOf(content: JupyterMessage["content"]): Display {
  const { data, transient } = content as { data?: Record<string, unknown>; transient?: { display_id?: string } };
  return { data: data ?? {}, displayId: transient?.display_id ?? null };
}
