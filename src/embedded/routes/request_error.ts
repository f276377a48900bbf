/** A request that is answered with an HTTP error; its message goes to the client. */
export class RequestError extends Error {
  /** Tells it from other errors. */
  override readonly name = "RequestError";
  /** HTTP status, 4xx or 5xx. */
  readonly status: number;

  /** An answer in place of a result. @param status HTTP status. @param message What could not be done, what was required, what was found. */
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
