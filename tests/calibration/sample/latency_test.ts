import { testSample } from "./sample.ts";

testSample("latency");
