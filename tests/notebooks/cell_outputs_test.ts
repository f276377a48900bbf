import { assertEquals } from "@std/assert";
import { type CellOutput, OutputLog } from "../../src/notebook/cell_outputs.ts";

const message = (type: string, content: Record<string, unknown>) => ({
  header: { msg_id: "1", msg_type: type },
  parentHeader: {},
  content,
});
const text = (stream: "stdout" | "stderr", text: string): CellOutput => ({ kind: "text", stream, text });
const display = (html: string, id: string | null = null): CellOutput => ({
  kind: "display",
  data: { "text/html": html },
  displayId: id,
});
const displayMessage = (type: string, html: string, id?: string) =>
  message(type, { data: { "text/html": html }, transient: id === undefined ? {} : { display_id: id } });

Deno.test("OutputLog joins what is printed to one stream without a break", () => {
  const log = new OutputLog();
  log.startCell();
  for (const [name, text] of [["stdout", "a\n"], ["stdout", "b\n"], ["stderr", "c\n"], ["stdout", "d\n"]]) {
    log.apply(message("stream", { name, text }));
  }
  assertEquals(log.outputsOf(0), [text("stdout", "a\nb\n"), text("stderr", "c\n"), text("stdout", "d\n")]);
});

Deno.test("OutputLog keeps the last state of a display, wherever it stands", () => {
  const log = new OutputLog();
  log.startCell();
  log.apply(displayMessage("display_data", "1", "a"));
  log.apply(displayMessage("display_data", "other", "b"));
  log.startCell();
  log.apply(displayMessage("execute_result", "1", "a"));
  log.apply(displayMessage("update_display_data", "2", "a"));
  log.apply(displayMessage("update_display_data", "3", "a"));
  log.apply(displayMessage("update_display_data", "nowhere", "c"));
  assertEquals(log.outputsOf(0), [display("3", "a"), display("other", "b")]);
  assertEquals(log.outputsOf(1), [display("3", "a")]);
});

Deno.test("OutputLog clears the cell's outputs at once, or with the next output", () => {
  const log = new OutputLog();
  log.startCell();
  log.apply(displayMessage("display_data", "1"));
  log.apply(message("clear_output", { wait: true }));
  assertEquals(log.outputsOf(0), [display("1")]);
  log.apply(displayMessage("display_data", "2"));
  assertEquals(log.outputsOf(0), [display("2")]);
  log.apply(message("clear_output", { wait: false }));
  assertEquals(log.outputsOf(0), []);
});

Deno.test("OutputLog shows nothing of messages that are no outputs, and nothing before a cell", () => {
  const log = new OutputLog();
  log.apply(message("stream", { name: "stdout", text: "before" }));
  log.startCell();
  log.apply(message("status", { execution_state: "busy" }));
  log.apply(message("execute_input", { code: "1" }));
  assertEquals(log.outputsOf(0), []);
  assertEquals(log.outputsOf(7), []);
});
