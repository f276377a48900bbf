import { fails, onPredictions } from "../expected.ts";
import { from, type Mode, oneIn } from "../mode.ts";
import { sayAndClose, status, withHead } from "../server/scripts.ts";

const always = (code: number, does: string, ...headers: string[]): Mode =>
  onPredictions(
    `status-${code}`,
    `answers ${code}: ${does}`,
    status(code, does, ...headers),
    fails(code === 429 ? "limited" : "status", { says: new RegExp(does) }),
  );
const alike = (code: number, does: string): Mode => ({ ...always(code, does) });

/** Answers that say that the request failed. */
export const STATUSES: readonly Mode[] = [
  always(400, "parameter lang is required"),
  always(401, "who are you"),
  alike(403, "not for you"),
  always(404, "no such model"),
  alike(405, "not so"),
  alike(408, "you are too slow"),
  always(413, "request entity too large"),
  alike(415, "send something else"),
  alike(418, "short and stout"),
  always(422, "field required"),
  always(429, "slow down"),
  always(500, "out of workers"),
  alike(501, "not implemented"),
  always(502, "bad gateway"),
  always(503, "overloaded"),
  always(504, "upstream timed out"),
  onPredictions(
    "status-429-retry-after",
    "answers 429 and when to ask again",
    status(429, "slow down", "retry-after: 7"),
    fails("limited", { says: /429/ }),
  ),
  onPredictions(
    "status-503-retry-after",
    "answers 503 and when to ask again",
    status(503, "restarting", "retry-after: 7"),
    fails("limited", { says: /503/ }),
  ),
  onPredictions(
    "retry-after-in-words",
    "answers 429 and a date long ago",
    status(429, "slow down", "retry-after: Thu, 01 Jan 1970 00:00:00 GMT"),
    fails("limited"),
    {},
  ),
  onPredictions(
    "retry-after-for-ever",
    "answers 503 and to ask again after 10^30 seconds",
    status(503, "restarting", `retry-after: ${"9".repeat(30)}`),
    fails("limited"),
    {},
  ),
  onPredictions(
    "status-500-one-in-five",
    "answers 500 to one request in five",
    status(500, "out of workers"),
    fails("status", { says: /out of workers/ }),
    {
      hits: oneIn(5),
    },
  ),
  onPredictions(
    "status-429-one-in-two",
    "answers 429 to every second request",
    status(429, "slow down", "retry-after: 1"),
    fails("limited", { says: /429/ }),
    {
      hits: oneIn(2),
    },
  ),
  onPredictions(
    "status-503-one-in-fifty",
    "answers 503 to one request in fifty",
    status(503, "overloaded"),
    fails("status"),
    { hits: oneIn(50) },
  ),
  onPredictions(
    "status-500-after-30",
    "answers 500 after 30 predictions",
    status(500, "the worker died"),
    fails("status", { says: /the worker died/ }),
    {
      hits: from(31),
      exit: [0, 3],
    },
  ),
  onPredictions(
    "status-503-and-close",
    "answers 503 and closes each time",
    sayAndClose(withHead(["content-length: 0", "connection: close"], "", "HTTP/1.1 503 No")),
    fails("status"),
  ),
  onPredictions("status-500-empty", "answers 500 without a word", status(500, ""), fails("status")),
  onPredictions(
    "status-500-html",
    "answers 500 and a page",
    sayAndClose(
      withHead(["content-type: text/html"], "<html><script>alert(1)</script><h1>Oops</h1></html>", "HTTP/1.1 500 No"),
    ),
    fails("status"),
  ),
];
