import { assertEquals } from "@std/assert";
import { isLimit, retryAfter } from "../../../src/core/request/retry_after.ts";

const NOW = Date.UTC(2026, 10, 27, 8, 0, 0);
const asked = (value: string, headers = {}) => retryAfter({ "retry-after": value, ...headers }, NOW);

Deno.test("seconds are read, also several, absurd and broken ones", () => {
  const rows: readonly (readonly [value: string, waitMs: number | null, words: string])[] = [
    ["30", 30_000, "30 s"],
    [" 30 ", 30_000, "30 s"],
    ["0", 0, "0 s"],
    ["0.5", 500, "0.5 s"],
    ["3600", 3_600_000, "3600 s"],
    ["7200", 7_200_000, "2 h"],
    ["864000", 864_000_000, "10 days"],
    ["99999999999", 99_999_999_999_000, "more than a year"],
    ["9".repeat(400), Infinity, "more than a year"],
    ["30, 60", 60_000, "60 s"],
  ];
  for (const [value, waitMs, words] of rows) {
    assertEquals(asked(value), { waitMs, words: `the server asked to wait ${words} (Retry-After)` }, value);
  }
});

Deno.test("what is no time asks for nothing, and is told without the server's text", () => {
  const values = [
    "",
    "-5",
    "+5",
    "soon",
    "1e3",
    "0x10",
    "NaN",
    "Infinity",
    "5s",
    "30;",
    "\x1b[31m5",
    "2026-11-27T08:00:00Z",
  ];
  values.push("Fri, 99 Nov 2026 99:00:30 GMT", "Fri, 27 Nov 2026 08:00:30 PST");
  for (const value of values) {
    assertEquals(asked(value), { waitMs: null, words: "its Retry-After is no time" }, value);
  }
  assertEquals(retryAfter({}, NOW), null);
});

Deno.test("dates are read in their three forms, from the answer's own date where it has one", () => {
  for (const date of ["Fri, 27 Nov 2026 08:00:30 GMT", "Friday, 27-Nov-26 08:00:30 GMT", "Fri Nov 27 08:00:30 2026"]) {
    assertEquals(asked(date)?.waitMs, 30_000, date);
  }
  assertEquals(asked("Fri, 27 Nov 2026 07:00:00 GMT")?.waitMs, 0, "it has passed");
  const skewed = { date: "Fri, 27 Nov 2026 07:59:50 GMT" };
  assertEquals(asked("Fri, 27 Nov 2026 08:00:00 GMT", skewed)?.waitMs, 10_000, "the server's clock is behind");
  assertEquals(asked("Fri, 27 Nov 2026 08:00:30 GMT", { date: "yesterday" })?.waitMs, 30_000);
});

Deno.test("429 is a limit, and 503 where it says when to ask again", () => {
  const cases = [[429, {}, true], [429, { "retry-after": "1" }, true], [503, { "retry-after": "1" }, true]] as const;
  for (const [status, headers, is] of cases) assertEquals(isLimit({ status, headers }), is);
  for (const status of [200, 500, 502, 503]) assertEquals(isLimit({ status, headers: {} }), false);
});
