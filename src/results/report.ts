import type { BaselineCheck } from "./comparison.ts";
import type { Gate } from "./gate.ts";
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
    /** Product name. */
    readonly name: string;
    /** Its memory, bytes; `null` if unknown. */
    readonly memoryBytes: number | null;
    /** Version of its driver; `null` if unknown. */
    readonly driver: string | null;
  }[];
  /** Why `gpus` is empty; left out where it is not. */
  readonly gpuAbsence?: string;
}

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
  /** Device as the server says, or `null`. */
  readonly device: string | null;
}

/** Everything that was measured in one run, before it is analysed. */
export interface Measurements {
  /** ISO 8601. */
  readonly startedAt: string;
  /** How long all tests took, ms. */
  readonly durationMs: number;
  /** Seed of everything random. */
  readonly seed: number;
  /** The machine that measured. */
  readonly environment: Environment;
  /** What was measured. */
  readonly target: TargetDescription;
  /** Why it holds less than it was asked for, or `null` if it is whole. */
  readonly partial: PartialReason | null;
  /** Results by test. */
  readonly tests: TestResults;
  /** For people: whatever limits what the numbers can carry. */
  readonly warnings: readonly string[];
}

/** The results file: what `--format json` writes, `mod.ts` returns, notebooks read and `compare` takes. */
export interface Report extends Measurements {
  /** Version of this format. */
  readonly schemaVersion: typeof SCHEMA_VERSION;
  /** What wrote it. */
  readonly tool: {
    /** Name of the tool. */
    readonly name: string;
    /** Its version. */
    readonly version: string;
  };
  /** The command line that gives this run again. */
  readonly command: string;
  /** What the results show. */
  readonly findings: readonly Finding[];
  /** What to do. */
  readonly recommendations: readonly Recommendation[];
  /** Whether the objectives of `--gate` were kept; left out without. */
  readonly gate?: Gate;
  /** How it stands against the run of `--baseline`; left out without. */
  readonly baseline?: BaselineCheck;
}
