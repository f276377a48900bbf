import type { ParameterValue, RequestParameters } from "../core/request/parameters.ts";
import { isSecretName } from "../core/request/secret_name.ts";
import type { Target } from "../core/target.ts";
import { generationAsked } from "./streams/generation_asked.ts";
import type { TargetDescription } from "../results/target_description.ts";
import { requestOptionsOf, type RequestSettings } from "./request_options.ts";

/**
 * What was measured, for the record.
 *
 * @param target The model on its server.
 * @param options What was asked for: how requests were encoded.
 */
export function describeTarget(target: Target, options: RequestSettings = {}): TargetDescription {
  const { sequence, parameters } = requestOptionsOf(target, options);
  const { url, protocol, model, embedded, unverified, connectionPerRequest, description } = target;
  return {
    url,
    protocol: protocol.name,
    model,
    embedded,
    ...(unverified === undefined ? {} : { unverified }),
    ...(connectionPerRequest === undefined ? {} : { connectionPerRequest }),
    ...(sequence === undefined ? {} : { sequenceLength: sequence.length }),
    ...(parameters === undefined ? {} : { parameters: parametersInWords(parameters) }),
    ...(protocol.generation === undefined ? {} : { generation: generationAsked(protocol.generation) }),
    device: description.device,
  };
}

/**
 * Parameters of requests, for the record.
 *
 * @param parameters As they were given; what may be secret is masked.
 */
export function parametersInWords(parameters: RequestParameters): string {
  const shown = (value: ParameterValue) => typeof value === "string" ? JSON.stringify(value) : String(value);
  return Object.entries(parameters).map(([name, value]) => `${name}=${isSecretName(name) ? "***" : shown(value)}`).join(
    ", ",
  );
}
