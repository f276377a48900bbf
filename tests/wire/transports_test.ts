/** What every transport of the table must do, over real sockets. A new row is held to all of it at once. */
import { TRANSPORT_NAMES } from "../../src/wire/transport_names.ts";
import { accessCases } from "./conformance/access.ts";
import { deadlineCases } from "./conformance/deadlines.ts";
import { exchangeCases } from "./conformance/exchanges.ts";
import { lentBodyCases } from "./conformance/lent_bodies.ts";
import { failureCases } from "./conformance/failures.ts";
import { laneCases } from "./conformance/lanes.ts";
import { largeAnswerCases } from "./conformance/large_answers.ts";
import { partCases } from "./conformance/parts.ts";
import { staleConnectionCases } from "./conformance/stale_connections.ts";
import { streamCases } from "./conformance/streams.ts";
import { subjectOf } from "./conformance/subject.ts";

for (const name of TRANSPORT_NAMES) {
  const subject = subjectOf(name);
  accessCases(subject);
  deadlineCases(subject);
  exchangeCases(subject);
  lentBodyCases(subject);
  failureCases(subject);
  laneCases(subject);
  largeAnswerCases(subject);
  partCases(subject);
  staleConnectionCases(subject);
  streamCases(subject);
}
