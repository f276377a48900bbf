import { fails, onPredictions, SUCCEEDS } from "../expected.ts";
import { from, type Mode, oneIn } from "../mode.ts";
import { GOOD, goodAnswer, inParts, pass, sayAndClose, sayAndReset, STALL } from "../server/scripts.ts";

const CLOSED = fails("closed"), RESET = fails(["reset", "closed"]);
/** Requests that meet a closed connection are sent again, unless a busy machine saw it too late to tell it from a failure. */
const RACING = { ...RESET, failing: "any" } as const;

/** Faults of connections that stood. */
export const CONNECTIONS: readonly Mode[] = [
  onPredictions(
    "closes-instead",
    "closes instead of answering",
    ({ connection }) => Promise.resolve(connection.destroy()),
    CLOSED,
  ),
  onPredictions(
    "closes-instead-one-in-five",
    "closes instead of answering one request in five",
    ({ connection }) => Promise.resolve(connection.destroy()),
    { ...CLOSED, failing: "any" },
    {
      hits: oneIn(5),
    },
  ),
  onPredictions(
    "resets-instead",
    "resets instead of answering",
    ({ connection }) => Promise.resolve(connection.reset()),
    RESET,
  ),
  onPredictions(
    "resets-instead-one-in-five",
    "resets instead of answering one request in five",
    ({ connection }) => Promise.resolve(connection.reset()),
    { ...RESET, failing: "any" },
    {
      hits: oneIn(5),
    },
  ),
  onPredictions("resets-in-head", "resets within the head", sayAndReset("HTTP/1.1 200 OK\r\ncontent-"), RESET),
  onPredictions(
    "resets-in-body",
    "resets within the body",
    sayAndReset((exchange) => goodAnswer(exchange).slice(0, -5)),
    RESET,
  ),
  onPredictions(
    "resets-in-body-one-in-five",
    "resets within the body of one answer in five",
    sayAndReset((exchange) => goodAnswer(exchange).slice(0, -5)),
    RESET,
    {
      hits: oneIn(5),
    },
  ),
  onPredictions("closes-in-head", "closes within the head", sayAndClose("HTTP/1.1 200 OK\r\ncontent-"), CLOSED),
  onPredictions(
    "closes-before-body",
    "closes between head and body",
    sayAndClose((exchange) => inParts(exchange).head),
    CLOSED,
  ),
  onPredictions(
    "closes-in-body",
    "closes within the body",
    sayAndClose((exchange) => goodAnswer(exchange).slice(0, -5)),
    CLOSED,
  ),
  onPredictions(
    "closes-in-body-one-in-five",
    "closes within the body of one answer in five",
    sayAndClose((exchange) => goodAnswer(exchange).slice(0, -5)),
    CLOSED,
    {
      hits: oneIn(5),
    },
  ),
  onPredictions(
    "says-close-and-closes",
    "says connection: close and closes behind each answer",
    sayAndClose((exchange) => goodAnswer(exchange).replace("\r\n", "\r\nconnection: close\r\n")),
    SUCCEEDS,
  ),
  onPredictions("says-close-and-stays", "says connection: close and keeps the connection", async (exchange) => {
    await exchange.connection.write(goodAnswer(exchange).replace("\r\n", "\r\nconnection: close\r\n"));
    await exchange.connection.closed;
  }, SUCCEEDS),
  onPredictions(
    "says-keep-alive-and-closes",
    "says keep-alive and closes behind each answer",
    sayAndClose((exchange) =>
      goodAnswer(exchange).replace("\r\n", "\r\nconnection: keep-alive\r\nkeep-alive: timeout=60\r\n")
    ),
    RACING,
    { exit: [0] },
  ),
  onPredictions(
    "closes-after-each-without-a-word",
    "closes behind each answer without a word",
    sayAndClose(goodAnswer),
    RACING,
    { exit: [0] },
  ),
  onPredictions("resets-after-each-answer", "resets a moment after each answer", sayAndReset(goodAnswer), RACING, {
    exit: [0],
  }),
  onPredictions(
    "closes-while-idle",
    "closes a connection 20 ms after its answer",
    async (exchange) => {
      await GOOD(exchange);
      await pass(exchange, 20);
      exchange.connection.destroy();
    },
    RACING,
    { exit: [0] },
  ),
  onPredictions(
    "answers-and-shuts",
    "shuts its side behind the answer and goes on reading",
    async (exchange) => {
      await GOOD(exchange);
      exchange.connection.close();
    },
    { ...CLOSED, failing: "any" },
    { exit: [0] },
  ),
  onPredictions(
    "reads-nothing-after-30",
    "reads nothing more from a connection after 30 predictions",
    (exchange) => {
      exchange.connection.pause();
      return STALL(exchange);
    },
    fails("timeout"),
    { hits: from(31), exit: [0, 3] },
  ),
];
