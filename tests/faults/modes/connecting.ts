import { fails, mode, REFUSES } from "../expected.ts";
import { ALL, from, type Mode, oneIn, type PortFault } from "../mode.ts";
import type { RawConnection } from "../../wire/raw_server.ts";

const portMode = (how: PortFault, does: string, says: RegExp): Mode =>
  mode(how, does, { at: "port", how }, REFUSES, { says });
/** A fault of every connection. */
const everywhere = (
  script: (connection: RawConnection) => Promise<unknown>,
) => ({ at: "connections", hits: ALL, script } as const);

/** Faults before a request can be sent. */
export const CONNECTING: readonly Mode[] = [
  portMode("nobody-listens", "has nobody who listens at its port", /refused|is the server running/i),
  portMode("backlog-full", "accepts no connection, as its backlog is full", /within \d|did not|timed? ?out/i),
  portMode("tls-where-plain-is-asked", "speaks TLS where http:// is asked", /https|tls|closed|valid HTTP/i),
  portMode("plain-where-tls-is-asked", "speaks plain HTTP where https:// is asked", /tls|http:/i),
  portMode("self-signed", "shows a certificate that it signed itself", /certificate|issuer/i),
  portMode("expired", "shows a certificate that has expired", /certificate.*expired|expired.*certificate/i),
  portMode("wrong-name", "shows a certificate of another name", /certificate.*name|name.*certificate/i),
  mode(
    "accept-and-close",
    "accepts and closes",
    everywhere((connection) => Promise.resolve(connection.destroy())),
    REFUSES,
    {
      says: /closed|reset/i,
    },
  ),
  mode(
    "accept-and-reset",
    "accepts and resets",
    everywhere((connection) => Promise.resolve(connection.reset())),
    REFUSES,
    {
      says: /reset/i,
    },
  ),
  mode("accept-and-be-silent", "accepts, reads and never answers", everywhere(({ closed }) => closed), REFUSES, {
    says: /within \d+/i,
  }),
  mode(
    "accept-and-read-nothing",
    "accepts and reads nothing",
    everywhere((connection) => {
      connection.pause();
      return connection.closed;
    }),
    REFUSES,
    { says: /within \d+/i },
  ),
  mode(
    "speaks-first",
    "greets before it is asked, as a mail server does",
    everywhere((connection) => connection.write("220 mail.example ESMTP\r\n")),
    REFUSES,
    { says: /valid HTTP/i },
  ),
  mode(
    "one-connection-in-three-is-reset",
    "resets every third connection that it accepts",
    {
      at: "connections",
      hits: oneIn(3),
      script: (connection) => Promise.resolve(connection.reset()),
    },
    { reasons: ["reset", "refused", "closed"], failing: "any" },
    { exit: [0, 3] },
  ),
  mode(
    "only-two-connections",
    "serves two connections and closes all further ones",
    {
      at: "connections",
      hits: from(3),
      script: (connection) => Promise.resolve(connection.destroy()),
    },
    { ...fails(["closed", "reset"]), failing: "any" },
    { exit: [0, 3] },
  ),
];
