import type { Prompt } from "../../../core/model_input.ts";

/** What stands for a prompt in a file, or why it cannot: what it must be, and what was found. */
export type ReadRecord =
  | {
    readonly prompt: Prompt;
    /** What was answered to it, of a conversation. */
    readonly answer?: string;
    /** Turns of a conversation of which this is the first. */
    readonly turns?: number;
    /** Names of members that are passed over. */
    readonly ignored?: readonly string[];
  }
  | { readonly required: string; readonly found: string };
