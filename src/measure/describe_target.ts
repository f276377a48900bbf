import type { Target } from "../core/target.ts";
import type { TargetDescription } from "../results/target_description.ts";

/**
 * What was measured, for the record.
 *
 * @param target The model on its server.
 */
export function describeTarget(target: Target): TargetDescription {
  const { url, protocol, model, embedded, unverified, connectionPerRequest, description } = target;
  return {
    url,
    protocol: protocol.name,
    model,
    embedded,
    ...(unverified === undefined ? {} : { unverified }),
    ...(connectionPerRequest === undefined ? {} : { connectionPerRequest }),
    device: description.device,
  };
}
