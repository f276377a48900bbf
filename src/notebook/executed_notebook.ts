import type { CellOutput } from "./cell_outputs.ts";
import { failureText } from "./failure_text.ts";
import type { CellRun, NotebookRun } from "./run_notebook.ts";

/** What is used of a notebook's file; the rest is kept as it is. */
interface NotebookFile {
  readonly cells: readonly FileCell[];
}

interface FileCell {
  readonly cell_type: string;
  readonly metadata?: { readonly tags?: readonly string[]; readonly jupyter?: object };
}

/**
 * The file of a notebook with what its cells showed, as Jupyter writes it (nbformat 4): to open, to send, to convert.
 *
 * @param json Its file before the run.
 * @param run What ran.
 * @param options Whether code is shown: without, JupyterLab folds it and its tag tells others to.
 * @returns Its file after the run.
 */
export function executedNotebook(
  json: string,
  run: NotebookRun,
  { code = true }: { readonly code?: boolean } = {},
): string {
  const file = JSON.parse(json) as NotebookFile;
  const runs = run.cells.filter((cell) => cell.kind === "code").values();
  const cells = file.cells.map((cell) => {
    const ran = cell.cell_type === "code" ? runs.next().value : undefined;
    if (ran === undefined) return cell;
    const outputs = [...ran.outputs.filter(isSeen).map(fileOutput), ...endedBy(ran, run)];
    return {
      ...cell,
      ...(code ? {} : { metadata: folded(cell.metadata) }),
      execution_count: ran.state === "not run" ? null : ran.number,
      outputs,
    };
  });
  return `${JSON.stringify({ ...file, cells }, null, 1)}\n`;
}

function folded({ tags = [], jupyter, ...rest }: NonNullable<FileCell["metadata"]> = {}): object {
  return { ...rest, jupyter: { ...jupyter, source_hidden: true }, tags: [...new Set([...tags, "hide-input"])] };
}

/** What live progress leaves when it has ended is nothing to see. */
function isSeen(output: CellOutput): boolean {
  return output.kind !== "display" || Object.values(output.data).some((value) => value !== "");
}

function fileOutput(output: CellOutput): object {
  switch (output.kind) {
    case "text":
      return { output_type: "stream", name: output.stream, text: output.text };
    case "display":
      return { output_type: "display_data", data: output.data, metadata: {} };
    case "error": {
      const { name, message, traceback } = output.error;
      return { output_type: "error", ename: name, evalue: message, traceback };
    }
  }
}

/** Why the run ended with a cell that threw nothing: its time was over, or its kernel gone. */
function endedBy({ number }: CellRun & { kind: "code" }, { failure }: NotebookRun): object[] {
  if (failure?.cell !== number || failure.execution.kind === "failed") return [];
  return [{ output_type: "error", ename: failure.execution.kind, evalue: failureText(failure), traceback: [] }];
}
