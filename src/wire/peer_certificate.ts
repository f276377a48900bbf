import { checkServerIdentity, type PeerCertificate as NodeCertificate, type TLSSocket } from "node:tls";
import { type Access, parseProxy } from "./access.ts";
import { connectorFor } from "./undici/connector.ts";

/** Longest wait for a certificate, ms. */
const TIMEOUT_MS = 3000;

/** Whom a server's certificate is of. */
export interface PeerCertificate {
  /** Hosts and addresses that it is valid for. */
  readonly names: readonly string[];
  /** Whether they stand where they must, in its subjectAltName, and not in the name of its subject. */
  readonly hasAlternativeNames: boolean;
  /** Name that it was held against: the URL's host, or what stands for that. */
  readonly asked: string;
  /** Whether it is valid for that name. */
  readonly isOfName: boolean;
  /** Whether it was signed by itself, not by an authority. */
  readonly isSelfSigned: boolean;
  /** `"expired"` or `"not valid yet"`, with the date; `null` within its time. */
  readonly outOfTime: string | null;
}

/**
 * Asks a server for its certificate, unchecked, to say what is wrong with it. No request is sent.
 *
 * @param origin Scheme, host and port of the server.
 * @param access How to get there.
 * @returns `null` where none came.
 */
export function peerCertificate(origin: string, access: Access): Promise<PeerCertificate | null> {
  const { host, port, protocol, hostname: bracketed } = new URL(origin);
  if (protocol !== "https:") return Promise.resolve(null);
  const hostname = bracketed.replace(/^\[|\]$/g, ""), asked = access.tlsName ?? hostname;
  const connect = connectorFor(
    { ...access, insecure: true },
    access.proxy === undefined ? null : parseProxy(access.proxy),
  );
  return new Promise((resolve) => {
    const connecting = new AbortController();
    const timer = setTimeout(() => end(null), TIMEOUT_MS);
    const end = (found: PeerCertificate | null) => {
      clearTimeout(timer);
      connecting.abort();
      resolve(found);
    };
    connect({ host, hostname, protocol, port: port || "443" }, (_, socket) => {
      if (socket === null) return end(null);
      socket.on("error", () => {});
      const shown = (socket as TLSSocket).getPeerCertificate();
      socket.destroy();
      end(shown?.subject === undefined ? null : described(shown, asked));
    }, connecting.signal);
  });
}

function described(shown: NodeCertificate, asked: string): PeerCertificate {
  const alternative = (shown.subjectaltname ?? "").split(", ").filter((name) => name !== "");
  return {
    names: alternative.length > 0
      ? alternative.map((name) => name.replace(/^(DNS|IP Address|IP):/, ""))
      : [shown.subject.CN ?? []].flat(),
    hasAlternativeNames: alternative.length > 0,
    asked,
    isOfName: checkServerIdentity(asked, shown) === undefined,
    isSelfSigned: JSON.stringify(shown.subject) === JSON.stringify(shown.issuer),
    outOfTime: outOfTime(shown.valid_from, shown.valid_to, Date.now()),
  };
}

function outOfTime(from: string, to: string, now: number): string | null {
  if (Date.parse(to) < now) return `expired on ${to}`;
  return Date.parse(from) > now ? `not valid before ${from}` : null;
}
