import { testSample } from "./sample.ts";

testSample("scalability");
