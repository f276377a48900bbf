import type { Target } from "../core/target.ts";
import type { TargetDescription } from "../results/target_description.ts";

/**
 * What was measured, for the record.
 *
 * @param target The model on its server.
 */
export function describeTarget({ url, protocol, model, embedded, description }: Target): TargetDescription {
  return { url, protocol: protocol.name, model, embedded, device: description.device };
}
