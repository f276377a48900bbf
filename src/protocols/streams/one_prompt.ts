import { UsageError } from "../../core/errors.ts";
import type { ModelInput } from "../../core/model_input.ts";

/**
 * The prompt of a request.
 *
 * @param inputs Items of the request.
 * @throws {UsageError} If it is not one.
 */
export function onePrompt(inputs: readonly ModelInput[]): ModelInput {
  const [prompt] = inputs;
  if (prompt !== undefined && inputs.length === 1) return prompt;
  throw new UsageError(
    `Cannot encode a request as a streamed answer is that to one prompt: found ${inputs.length} of them`,
    { hint: "Several are sent as several requests: raise the concurrency." },
  );
}
