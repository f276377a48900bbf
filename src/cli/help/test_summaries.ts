import type { TestName } from "../../measure/settings/setting.ts";
import { KINDS } from "../../results/kinds.ts";

/** What each test asks, in the order in which they are listed. */
export const TEST_QUESTIONS: Readonly<Record<TestName, string>> = {
  basic: KINDS.basic.question,
  latency: KINDS.latency.question,
  throughput: KINDS.throughput.question,
  scalability: KINDS.scalability.question,
  prompts: KINDS.prompts.question,
  memory: KINDS.memory.question,
  load: KINDS.load.question,
  ab: KINDS.ab.question,
  comprehensive: "All of these but load and ab, and what limits the server?",
};

/** Three command lines of each test, and what each is for. */
export const TEST_EXAMPLES: Readonly<Record<TestName, readonly (readonly [example: string, purpose: string])[]>> = {
  basic: [
    ["deno task basic --quick", "a first look at the embedded server"],
    ["deno task basic --url http://gpu-1:8000 --concurrency 8", "eight requests at a time, at a server of yours"],
    ["deno task basic --url http://gpu-1:8000 --gate 'p99<100ms,errors<1%'", "ends with 1 where that is not kept"],
  ],
  latency: [
    ["deno task latency --quick", "a first look at the embedded server"],
    ["deno task latency --url http://gpu-1:8000 --cold-starts 10", "unloads and loads the model ten times"],
    ["deno task latency --url http://gpu-1:8000 --no-unload", "leaves the model loaded: warm latency alone"],
  ],
  throughput: [
    ["deno task throughput --quick", "a first look at the embedded server"],
    ["deno task throughput --url http://gpu-1:8000 --batch-sizes 1,8,32", "three batch sizes"],
    ["deno task throughput --output sizes.json --report sizes.html", "results for programs, and a page with charts"],
  ],
  scalability: [
    ["deno task scalability --quick", "a first look at the embedded server"],
    ["deno task scalability --url http://gpu-1:8000 --levels 1,2,4,8,16,32,64", "up to 64 requests at a time"],
    ["deno task scalability --url http://gpu-1:8000 --batch-size 8", "eight items in each request"],
  ],
  prompts: [
    ["deno task prompts --model llama_tiny --quick", "a first look at the embedded language model"],
    ["deno task prompts --url http://gpu-1:8000 --prompt-lengths 128,1024,8192", "three lengths, at a server of yours"],
    ["deno task prompts --url http://gpu-1:8000 --ignore-eos --output-tokens 32", "answers of one length"],
  ],
  memory: [
    ["deno task memory --quick", "a first look at the embedded server"],
    ["deno task memory --url http://127.0.0.1:8000 --soak 600", "looks for a leak for ten minutes"],
    [
      "deno task memory --url http://127.0.0.1:8000 --pid 4242",
      "the server's process, where its port does not tell it",
    ],
  ],
  load: [
    ["deno task load --quick", "a first look at the embedded server"],
    ["deno task load --url http://gpu-1:8000 --rates 10,20,40", "three rates, requests per second"],
    ["deno task load --url http://gpu-1:8000 --slo 'p99<100ms,errors<1%'", "the highest rate that keeps these"],
  ],
  ab: [
    ["deno task ab --url http://old:8000 --url http://new:8000", "is the second faster than the first?"],
    ["deno task ab --url http://old:8000 --url http://new:8000 --quick", "a first look"],
    ["deno task ab --url http://old:8000 --url http://new:8000 --blocks 40", "finds a smaller difference"],
  ],
  comprehensive: [
    ["deno task comprehensive --quick", "a first look at the embedded server, in half a minute"],
    [
      "deno task comprehensive --url http://gpu-1:8000 --report gpu-1.html",
      "a server of yours, and a page with charts",
    ],
    [
      "deno task comprehensive --url http://gpu-1:8000 --output r.json",
      "can go on with --resume r.json if it breaks off",
    ],
  ],
};
