import { either, fails, onPredictions, SUCCEEDS } from "../expected.ts";
import { type Mode, oneIn } from "../mode.ts";
import { body, flood, goodAnswer, inParts, say, sayAndClose, sayAndStall, withHead } from "../server/scripts.ts";

const MALFORMED = fails("malformed");
const HEADER = "x-padding: ".padEnd(1000, "a") + "\r\n";

/** A sound answer whose head is changed. */
const head = (change: (head: string) => string) =>
  say((exchange) => {
    const { head, body } = inParts(exchange);
    return change(head) + body;
  });
const first = (line: string) => head((head) => head.replace(/^[^\r]*/, line));
const added = (...lines: string[]) => head((head) => head.replace("\r\n", `\r\n${lines.join("\r\n")}\r\n`));

/** Faults of the head of an answer, but for those that say how long its body is. */
export const HEADS: readonly Mode[] = [
  onPredictions(
    "garbage-for-a-head",
    "answers bytes that are no HTTP",
    say("\x00\x01\x02 what? \xff\xfe\r\n\r\n"),
    MALFORMED,
  ),
  onPredictions(
    "garbage-one-in-five",
    "answers one request in five with no HTTP",
    say("\x16\x03\x01\r\n\r\n"),
    MALFORMED,
    {
      hits: oneIn(5),
    },
  ),
  onPredictions("http-0-9", "answers a body without a head", sayAndClose(({ good }) => good.body), MALFORMED),
  onPredictions(
    "http-2-preface",
    "answers with the frames of HTTP/2",
    sayAndClose("\0\0\x06\x04\0\0\0\0\0\0\x03\0\0\0\x64"),
    MALFORMED,
  ),
  onPredictions("endless-headers", "sends headers without an end", async (exchange) => {
    await exchange.connection.write("HTTP/1.1 200 OK\r\n");
    await flood(exchange, HEADER);
  }, MALFORMED),
  onPredictions("huge-header", "sends one header of a megabyte", added(`x-huge: ${"a".repeat(2 ** 20)}`), MALFORMED),
  onPredictions(
    "endless-header-line",
    "sends one header without an end",
    async (exchange) => {
      await exchange.connection.write("HTTP/1.1 200 OK\r\nx-endless: ");
      await flood(exchange, "a".repeat(4096));
    },
    MALFORMED,
  ),
  onPredictions(
    "many-headers",
    "sends 5000 short headers",
    added(...Array.from({ length: 5000 }, (_, n) => `x-${n}: 1`)),
    either("malformed"),
    {},
  ),
  onPredictions("folded-header", "folds a header over two lines", added("x-folded: one\r\n two"), either("malformed")),
  onPredictions("nul-in-header", "sends a NUL in a header", added("x-nul: a\0b"), either("malformed")),
  onPredictions("header-without-colon", "sends a header without a colon", added("what is this"), MALFORMED),
  onPredictions(
    "blank-before-colon",
    "sends a blank before a header's colon",
    added("x-blank : 1"),
    either("malformed"),
    {},
  ),
  onPredictions(
    "bare-line-feeds",
    "ends the lines of the head with LF alone",
    head((head) => head.replaceAll("\r\n", "\n")),
    either("malformed"),
  ),
  onPredictions(
    "bare-carriage-returns",
    "ends the lines of the head with CR alone",
    sayAndClose((exchange) => goodAnswer(exchange).replaceAll("\r\n", "\r")),
    MALFORMED,
    {},
  ),
  onPredictions("wrong-version", "answers in HTTP/3.7", first("HTTP/3.7 200 OK"), MALFORMED),
  onPredictions("http-1-0", "answers in HTTP/1.0 and closes", async (exchange) => {
    await first("HTTP/1.0 200 OK")(exchange);
    exchange.connection.destroy();
  }, SUCCEEDS),
  onPredictions("no-reason-phrase", "leaves out the reason phrase", first("HTTP/1.1 200"), SUCCEEDS),
  onPredictions(
    "endless-reason-phrase",
    "sends a status line of a megabyte",
    first(`HTTP/1.1 200 ${"a".repeat(2 ** 20)}`),
    MALFORMED,
    {},
  ),
  onPredictions("status-000", "answers status 000", first("HTTP/1.1 000 Zero"), fails(["malformed", "status"])),
  onPredictions("status-99", "answers status 99", first("HTTP/1.1 99 Short"), MALFORMED),
  onPredictions("status-600", "answers status 600", first("HTTP/1.1 600 Much"), fails(["status", "malformed"])),
  onPredictions("status-in-words", "answers a status that is no number", first("HTTP/1.1 two OK"), MALFORMED),
  onPredictions(
    "escapes-in-reason-phrase",
    "colours the terminal in a reason phrase",
    say(withHead(["content-length: 0"], "", "HTTP/1.1 500 \x1b[31mred\x1b[0m\x07")),
    fails(["status", "malformed"]),
  ),
  onPredictions(
    "three-continues",
    "sends 100 Continue three times before the answer",
    head((head) => "HTTP/1.1 100 Continue\r\n\r\n".repeat(3) + head),
    SUCCEEDS,
  ),
  onPredictions(
    "early-hints",
    "sends 103 Early Hints before the answer",
    head((head) => "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n" + head),
    SUCCEEDS,
    {},
  ),
  onPredictions(
    "endless-continues",
    "sends 100 Continue without an end",
    (exchange) => flood(exchange, "HTTP/1.1 100 Continue\r\n\r\n".repeat(50)),
    fails(["malformed", "timeout"]),
  ),
  onPredictions(
    "switching-protocols",
    "switches to another protocol, unasked",
    sayAndStall(withHead(["upgrade: h2c", "connection: upgrade"], "", "HTTP/1.1 101 Switching Protocols")),
    fails(["status", "malformed", "timeout"]),
  ),
  onPredictions("no-content", "answers 204 without a body", say("HTTP/1.1 204 No Content\r\n\r\n"), MALFORMED),
  onPredictions(
    "no-content-with-body",
    "answers 204 with a body all the same",
    first("HTTP/1.1 204 No Content"),
    MALFORMED,
  ),
  onPredictions("not-modified", "answers 304", say("HTTP/1.1 304 Not Modified\r\n\r\n"), fails("status")),
  onPredictions(
    "redirect-elsewhere",
    "redirects to another server",
    say(withHead(["location: http://203.0.113.1/", "content-length: 0"], "", "HTTP/1.1 307 Moved")),
    fails("status", { says: /redirect/ }),
  ),
  onPredictions(
    "redirect-loop",
    "redirects to itself",
    say(withHead(["location: /v2/models/alpha/infer", "content-length: 0"], "", "HTTP/1.1 308 Moved")),
    fails("status", { says: /redirect/ }),
  ),
  onPredictions(
    "redirect-to-file",
    "redirects to a file of the client",
    say(withHead(["location: file:///etc/passwd", "content-length: 0"], "", "HTTP/1.1 302 Found")),
    fails("status"),
    {},
  ),
  onPredictions(
    "html-page",
    "answers 200 and a web page",
    body("<!doctype html><html><body>Welcome to nginx!</body></html>", "content-type: text/html"),
    MALFORMED,
  ),
];
