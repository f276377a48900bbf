import { assertEquals } from "@std/assert";
import type { Console } from "../../../src/cli/terminal/console.ts";
import { watchInterrupts } from "../../../src/cli/terminal/interrupts.ts";

Deno.test("watchInterrupts() takes signals of one moment for one: a terminal and `deno task` both send a Ctrl-C", () => {
  let nowMs = 1000, press = () => {};
  const errors: string[] = [], exits: number[] = [];
  const console: Console = {
    write: () => Promise.resolve(),
    error: (message) => errors.push(message),
    draw: () => {},
    terminalColumns: () => null,
    color: false,
    ascii: false,
  };
  using interrupts = watchInterrupts(console, {
    clock: { now: () => nowMs },
    exit: (code) => exits.push(code),
    listen: (onSignal) => {
      press = () => onSignal("SIGINT");
      return { [Symbol.dispose]: () => {} };
    },
  });
  press();
  assertEquals([interrupts.signal.aborted, errors.length, exits], [true, 1, []]);
  nowMs += 20;
  press();
  assertEquals([errors.length, exits], [1, []]);
  assertEquals(interrupts.haltSignal.aborted, false);
  nowMs += 1000;
  press();
  press();
  assertEquals([interrupts.haltSignal.aborted, errors.length, exits], [true, 2, []], "the second loses nothing");
  nowMs += 1000;
  press();
  assertEquals(exits, [4]);
});
