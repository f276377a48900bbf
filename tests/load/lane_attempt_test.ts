import { assertEquals } from "@std/assert";
import type { Lane, LaneObserver, WireResponse } from "../../src/core/transport.ts";
import type { AnswerStream } from "../../src/core/stream/answer_stream.ts";
import type { StreamRow } from "../../src/core/stream/stream_row.ts";
import { type Attempt, type AttemptHost, LaneAttempt } from "../../src/load/lane_attempt.ts";

const ANSWER: WireResponse = { status: 200, headers: {}, body: new Uint8Array() };

/** When chunks came: the attempt hands it on as it is. */
const TIMES = { length: 1, atMs: Float64Array.of(8), gapMs: Float64Array.of(0) };

/** A lane that does nothing by itself, and a host whose clock is set by hand. */
function byHand(streams: boolean) {
  const told: unknown[] = [];
  const state = { nowMs: 0, observer: null as LaneObserver | null, sends: (_: LaneObserver) => {} };
  const lane: Lane = {
    send: (_request, _timeoutMs, observer) => state.sends(state.observer = observer),
    cancel: () => state.observer?.onCancelled(),
    close: () => Promise.resolve(),
  };
  const row = { chunks: 0 } as unknown as StreamRow;
  const stream: AnswerStream = {
    begin: () => told.push("begin"),
    push: (bytes, atMs) => told.push([[...bytes], atMs]),
    soFar: () => "after 3 chunks",
    end: () => (state.nowMs += 4, { kind: "success", serverMs: 3 }),
    text: () => "",
    row: () => row,
    times: TIMES,
  };
  const host: AttemptHost = {
    timeoutMs: 1000,
    now: () => state.nowMs,
    nextRequest: () => ({ method: "GET", path: "/", headers: [], body: null }),
    judge: () => (state.nowMs += 4, { kind: "success", serverMs: 3 }),
    attemptEnded: (attempt: Attempt) => (told.push({ ...attempt }), false),
    ...streams && { openStream: () => stream, judgeStream: (stream, response) => stream.end(response) },
  };
  const attempt = new LaneAttempt(host, lane, () => told.push("idle"));
  const at = (nowMs: number, tell: (observer: LaneObserver) => void) => {
    state.nowMs = nowMs;
    tell(state.observer!);
  };
  return { attempt, told, at, state };
}

Deno.test("LaneAttempt tells every piece of a streamed answer with its moment, then the whole attempt", () => {
  const { attempt, told, at, state } = byHand(true);
  state.nowMs = 5;
  attempt.send(2);
  at(6, (observer) => observer.onSent?.());
  at(7, (observer) => observer.onFirstByte());
  at(8, (observer) => observer.onChunk?.(Uint8Array.of(1)));
  at(9, (observer) => observer.onChunk?.(Uint8Array.of(2, 3)));
  at(10, (observer) => observer.onResponse(ANSWER));
  const moments = { scheduledAt: 2, sentAt: 5, writtenAt: 6, firstByteAt: 7, endedAt: 10 };
  const whole = {
    ...moments,
    serverMs: 3,
    judgingMs: 4,
    result: "success",
    message: "",
    stream: { chunks: 0 },
    times: TIMES,
    text: "",
  };
  assertEquals(told, ["begin", [[1], 8], [[2, 3], 9], whole, "idle"]);
});

Deno.test("LaneAttempt takes the moments at the socket, of a lane that tells them, for those of the request", () => {
  const { attempt, told, at, state } = byHand(true);
  state.sends = (observer) => (state.nowMs = 1, observer.onSending?.());
  attempt.send();
  at(6, (observer) => observer.onRead?.());
  at(7, (observer) => observer.onFirstByte());
  at(8, (observer) => observer.onChunk?.(Uint8Array.of(1)));
  at(9, (observer) => observer.onChunk?.(Uint8Array.of(2)));
  at(10, (observer) => observer.onRead?.());
  at(11, (observer) => observer.onChunk?.(Uint8Array.of(3)));
  at(12, (observer) => observer.onResponse(ANSWER));
  assertEquals(told.slice(1, 4), [[[1], 6], [[2], 6], [[3], 10]]);
  const { scheduledAt, sentAt, firstByteAt, endedAt, judgingMs } = told[4] as Attempt;
  assertEquals({ scheduledAt, sentAt, firstByteAt, endedAt, judgingMs }, {
    scheduledAt: 1,
    sentAt: 1,
    firstByteAt: 6,
    endedAt: 10,
    // Reading what came is the client's as well.
    judgingMs: 6,
  });
  state.sends = () => {};
  attempt.send(13);
  at(14, (observer) => observer.onResponse(ANSWER));
  const next = told.at(-2) as Attempt;
  assertEquals([next.scheduledAt, next.sentAt, next.endedAt], [13, 16, 14]);
});

Deno.test("LaneAttempt says how far a streamed answer came of which the end is missing", () => {
  const { attempt, told, at } = byHand(true);
  attempt.send();
  at(4, (observer) => observer.onFailure("timeout", "too late"));
  assertEquals((told[1] as Attempt).message, "too late: after 3 chunks");
});

Deno.test("LaneAttempt asks for no pieces where the host takes answers whole", () => {
  assertEquals(byHand(false).attempt.onChunk, undefined);
});

Deno.test("LaneAttempt keeps nothing of the attempt before", () => {
  const { attempt, told, at, state } = byHand(false);
  attempt.send();
  at(0, (observer) => observer.onSent?.());
  at(1, (observer) => observer.onFirstByte());
  at(2, (observer) => observer.onResponse(ANSWER));
  state.nowMs = 3;
  attempt.send();
  at(4, (observer) => observer.onFailure("reset", "gone"));
  attempt.send();
  at(6, () => attempt.cancel());
  const none = { writtenAt: NaN, firstByteAt: NaN, serverMs: NaN, judgingMs: 0, stream: null, times: null, text: "" };
  assertEquals(told.filter((what) => what !== "idle").slice(1), [
    { ...none, scheduledAt: 3, sentAt: 3, endedAt: 4, result: "reset", message: "gone" },
    { ...none, scheduledAt: 4, sentAt: 4, endedAt: 6, result: "cancelled", message: "" },
  ]);
});

Deno.test("LaneAttempt gives its request back when the attempt has ended, before the lane may send again", () => {
  const told: unknown[] = [];
  const requests = ["/1", "/2"].map((path) => ({ method: "GET", path, headers: [], body: null } as const));
  let taken = 0, observer: LaneObserver | null = null;
  const lane: Lane = {
    send: (_request, _timeoutMs, of) => void (observer = of),
    cancel: () => observer?.onCancelled(),
    close: () => Promise.resolve(),
  };
  const attempt = new LaneAttempt(
    {
      timeoutMs: 1000,
      now: () => 0,
      nextRequest: () => requests[taken++]!,
      requestEnded: ({ path }) => told.push(path),
      judge: () => ({ kind: "success", serverMs: null }),
      attemptEnded: ({ result }) => (told.push(result), false),
    },
    lane,
    () => told.push("idle"),
  );
  attempt.send();
  observer!.onResponse(ANSWER);
  attempt.send();
  attempt.cancel();
  assertEquals(told, ["success", "/1", "idle", "cancelled", "/2", "idle"]);
});
