import type { Finding, Recommendation } from "./finding.ts";
import type { PartialReason, TestResults } from "./result.ts";

/** Version of the results file. Raised when a field changes its meaning or goes. */
export const SCHEMA_VERSION = 1;

/** The machine that measured. */
export interface Environment {
  /** Operating system with its version. */
  readonly os: string;
  /** CPU model, or `null` if unknown. */
  readonly cpu: string | null;
  /** Logical cores that this process may use; a fraction where a container limits its processor time. */
  readonly cores: number;
  /** Physical memory that this process may use, bytes; `null` if unknown. */
  readonly memoryBytes: number | null;
  /** Version of Deno. */
  readonly deno: string;
  /** Accelerators; empty if there are none. */
  readonly gpus: readonly {
    readonly name: string;
    readonly memoryBytes: number | null;
    readonly driver: string | null;
  }[];
  /** Why `gpus` is empty; left out where it is not. */
  readonly gpuAbsence?: string;
}

/** What was measured. */
export interface TargetDescription {
  readonly url: string;
  readonly protocol: string;
  readonly model: string;
  /** True if it was the embedded server, whose predictions mean nothing. */
  readonly embedded: boolean;
  /** Device as the server says, or `null`. */
  readonly device: string | null;
}

/** The results file: what `--format json` writes, `mod.ts` returns, notebooks read and `compare` takes. */
export interface Report {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly tool: { readonly name: string; readonly version: string };
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly seed: number;
  /** The command line that gives this run again. */
  readonly command: string;
  readonly environment: Environment;
  readonly target: TargetDescription;
  /** Why it holds less than it was asked for, or `null` if it is whole. */
  readonly partial: PartialReason | null;
  readonly tests: TestResults;
  readonly findings: readonly Finding[];
  readonly recommendations: readonly Recommendation[];
  /** For people: whatever limits what the numbers can carry. */
  readonly warnings: readonly string[];
}
