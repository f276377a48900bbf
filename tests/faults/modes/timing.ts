import { fails, onPredictions, SUCCEEDS } from "../expected.ts";
import { from, type Mode, oneIn, type Script } from "../mode.ts";
import { goodAnswer, inParts, late, pass, sayAndStall, STALL } from "../server/scripts.ts";

const TIMEOUT = fails("timeout");
/** The deadline of requests in the matrix is two seconds. */
const BEYOND_DEADLINE_MS = 6000;

/** Sends the sound answer in pieces, with a time between them. */
const drip = (pieces: number, ms: number): Script => async (exchange) => {
  const text = goodAnswer(exchange), size = Math.ceil(text.length / pieces);
  for (let at = 0; at < text.length; at += size) {
    if (!await exchange.connection.write(text.slice(at, at + size))) return;
    await pass(exchange, ms);
  }
};

/** Faults of when an answer comes. */
export const TIMING: readonly Mode[] = [
  onPredictions("never-answers", "never answers", STALL, TIMEOUT),
  onPredictions("never-answers-one-in-twenty", "never answers one request in twenty", STALL, TIMEOUT, {
    hits: oneIn(20),
  }),
  onPredictions("head-stalls", "stops within the head", sayAndStall("HTTP/1.1 200 OK\r\ncontent-le"), TIMEOUT),
  onPredictions(
    "stalls-before-body",
    "stops between head and body",
    sayAndStall((exchange) => inParts(exchange).head),
    TIMEOUT,
  ),
  onPredictions(
    "body-stalls",
    "stops within the body",
    sayAndStall((exchange) => goodAnswer(exchange).slice(0, -5)),
    TIMEOUT,
  ),
  onPredictions(
    "body-stalls-one-in-twenty",
    "stops within the body of one answer in twenty",
    sayAndStall((exchange) => goodAnswer(exchange).slice(0, -1)),
    TIMEOUT,
    {
      hits: oneIn(20),
    },
  ),
  onPredictions("drips-slowly", "sends a byte each 200 ms, which is beyond the deadline", drip(1000, 200), TIMEOUT),
  onPredictions("drips-in-time", "sends its answer in five pieces within the deadline", drip(5, 10), SUCCEEDS),
  onPredictions(
    "answers-too-late",
    "answers soundly after three times the deadline",
    late(BEYOND_DEADLINE_MS),
    TIMEOUT,
  ),
  onPredictions("slow", "answers soundly after 100 ms", late(100), SUCCEEDS),
  onPredictions("two-speeds", "answers every second request 50 ms later", late((number) => number % 2 * 50), SUCCEEDS),
  onPredictions("slow-one-in-twenty", "answers one request in twenty 300 ms later", late(300), SUCCEEDS, {
    hits: oneIn(20),
  }),
  onPredictions(
    "slower-and-slower",
    "answers each request a millisecond later than the one before, up to 100 ms",
    late((number) => Math.min(number, 100)),
    SUCCEEDS,
  ),
  onPredictions(
    "freezes-after-30",
    "accepts, reads and answers nothing more after 30 predictions",
    async ({ connection, life }) => {
      life.freeze();
      await connection.closed;
    },
    { ...TIMEOUT, failing: "any" },
    { hits: from(31), exit: [3], exits: { latency: [3, 6], memory: [3, 6], comprehensive: [3, 6] } },
  ),
  onPredictions("predictions-stall-after-30", "is healthy, but answers no prediction after 30", STALL, TIMEOUT, {
    hits: from(31),
    exit: [0, 3],
  }),
];
