/** A request that is answered with an HTTP error; its message goes to the client. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  /** HTTP status, 4xx or 5xx. */
  readonly status: number;

  /** @param status HTTP status. @param message What could not be done, what was required, what was found. */
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}
