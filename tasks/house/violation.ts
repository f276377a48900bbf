/** One place where the project breaks a rule of the house. */
export interface Violation {
  /** Path from the root of the project. */
  readonly path: string;
  /** Line, counted from 1. */
  readonly line: number;
  /** What is allowed and what was found. */
  readonly message: string;
}

/** One text file of the project. */
export interface SourceFile {
  /** Path from the root of the project, with `/`. */
  readonly path: string;
  readonly source: string;
}
