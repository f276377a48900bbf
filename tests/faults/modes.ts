import type { Mode } from "./mode.ts";
import { BODIES } from "./modes/bodies.ts";
import { CALLS } from "./modes/calls.ts";
import { CONNECTING } from "./modes/connecting.ts";
import { CONNECTIONS } from "./modes/connections.ts";
import { FRAMING } from "./modes/framing.ts";
import { HEADS } from "./modes/heads.ts";
import { LIFE } from "./modes/life.ts";
import { MEANING } from "./modes/meaning.ts";
import { STATUSES } from "./modes/statuses.ts";
import { STREAMED_CALLS } from "./modes/streamed_calls.ts";
import { STREAMS } from "./modes/streams.ts";
import { TIMING } from "./modes/timing.ts";

/** Every way of a server to misbehave, by kind. */
export const MODES = {
  connecting: CONNECTING,
  heads: HEADS,
  framing: FRAMING,
  bodies: BODIES,
  timing: TIMING,
  meaning: MEANING,
  statuses: STATUSES,
  connections: CONNECTIONS,
  life: LIFE,
  calls: CALLS,
  streams: [...STREAMS, ...STREAMED_CALLS],
} as const satisfies Readonly<Record<string, readonly Mode[]>>;

/** Every mode. */
export const ALL_MODES: readonly Mode[] = Object.values(MODES).flat();

/**
 * The mode of a name.
 *
 * @throws {TypeError} If there is none.
 */
export function modeNamed(name: string): Mode {
  const found = ALL_MODES.find((mode) => mode.name === name);
  if (found === undefined) throw new TypeError(`Cannot try "${name}" as it must be the name of a mode`);
  return found;
}
