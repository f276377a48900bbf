/** How a server ended that was told to. */
export interface ServerStop {
  /** Whether it did not end by its signal in time and was killed. */
  readonly killed: boolean;
}

/** A server that is started and stopped here; each start is a new process. */
export interface StartedServer {
  /** Name of its program, without arguments, which may hold secrets. */
  readonly program: string;
  /** Its process, `null` while it does not run; left out where that is not known. */
  readonly pid?: number | null;
  /** The signal that it is stopped by. */
  readonly stopSignal: string;
  /** Whether the system's page cache is dropped before each start. */
  readonly dropsCaches: boolean;
  /** How long a start may take until the server serves, ms. */
  readonly startTimeoutMs: number;
  /**
   * Makes everything ready for a start: its port is free, the page cache dropped where that is wanted.
   *
   * @throws {ServerStartError} If something else answers on its port, or the cache cannot be dropped.
   */
  prepare(): Promise<void>;
  /**
   * Starts its process; returns as soon as there is one.
   *
   * @throws {ServerStartError} If the program cannot be run.
   */
  start(): void;
  /**
   * Does nothing while its process runs.
   *
   * @throws {ServerStartError} If it has ended.
   */
  checkRunning(): void;
  /** Whether its port takes connections now. */
  isOpen(): Promise<boolean>;
  /** Tells the user what its process wrote last. Reports never hold it, as it may hold secrets. */
  tellOutput(): Promise<void>;
  /** Stops its process and all that it started; does nothing where it does not run. */
  stop(): Promise<ServerStop>;
}
