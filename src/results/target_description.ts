import * as v from "valibot";
import { type GenerationAsked, generationAskedSchema } from "./asked/generation_asked.ts";
import { nullableString } from "./schema.ts";

/** What was measured. */
export interface TargetDescription {
  /** Base URL of the server. */
  readonly url: string;
  /** Name of the protocol. */
  readonly protocol: string;
  /** Canonical name of the model. */
  readonly model: string;
  /** True if it was the embedded server, whose predictions mean nothing. */
  readonly embedded: boolean;
  /** True where the certificate of the server is not checked, so that whoever answers may be another; left out where it is. */
  readonly unverified?: true;
  /** True where each request went over a connection of its own; left out where connections were kept. */
  readonly connectionPerRequest?: true;
  /** Requests in each sequence of a stateful model; left out where each request stands for itself. */
  readonly sequenceLength?: number;
  /** Parameters of each request, `name=value` with commas between; left out where none was given. */
  readonly parameters?: string;
  /** What it was asked to write, of a language model; left out of others and by versions before 0.3. */
  readonly generation?: GenerationAsked;
  /** Device as the server says, or `null`. */
  readonly device: string | null;
}

/** {@linkcode TargetDescription} in a results file. */
export const targetSchema: v.GenericSchema<unknown, TargetDescription> = v.looseObject({
  url: v.string(),
  protocol: v.string(),
  model: v.string(),
  embedded: v.boolean(),
  connectionPerRequest: v.exactOptional(v.literal(true)),
  sequenceLength: v.exactOptional(v.number()),
  parameters: v.exactOptional(v.string()),
  generation: v.exactOptional(generationAskedSchema),
  unverified: v.exactOptional(v.literal(true)),
  device: nullableString,
});
