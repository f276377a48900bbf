/** One request and its answer. */
export interface Exchange {
  /** What is special about the moment. */
  readonly note: string;
  /** Which address of the server: `predictions`, `management` or `metrics`. */
  readonly port: string;
  readonly request: string;
  /** Request body; `...` stands for what was cut. */
  readonly sent?: string;
  readonly status: number;
  /** Headers that differ from server to server. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What is kept of bodies, characters. */
const LONGEST_BODY = 20_000;
const LONGEST_SENT = 200;
/** Headers that say nothing of the server. */
export const UNTOLD_HEADERS = ["date", "expires", "pragma", "cache-control", "x-request-id", "content-length"];

/** Keeps exchanges with one server. */
class Recorder {
  readonly exchanges: Exchange[] = [];
  constructor(readonly origins: Readonly<Record<string, string>>) {}

  /** Sends one request and keeps its answer. */
  async ask(note: string, port: string, request: string, sent?: unknown, headers: Record<string, string> = {}) {
    const [method, path] = request.split(" ") as [string, string];
    const body = sent === undefined ? undefined : typeof sent === "string" ? sent : JSON.stringify(sent);
    const response = await fetch(this.origins[port]! + path, {
      method,
      headers: body === undefined ? headers : { "content-type": "application/json", ...headers },
      ...body === undefined ? {} : { body },
    });
    const answer = await response.text();
    this.exchanges.push({
      note,
      port,
      request,
      ...body === undefined ? {} : { sent: cut(body, LONGEST_SENT) },
      status: response.status,
      headers: Object.fromEntries([...response.headers].filter(([name]) => !UNTOLD_HEADERS.includes(name))),
      body: cut(answer, LONGEST_BODY),
    });
    return answer;
  }
}

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}...`;
}

/**
 * Begins the record of one server.
 *
 * @param origins Its addresses by name.
 */
export function recorderOf(origins: Readonly<Record<string, string>>) {
  const recorder = new Recorder(origins);
  return { ask: recorder.ask.bind(recorder), exchanges: recorder.exchanges };
}
