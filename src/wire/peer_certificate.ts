import { checkServerIdentity, connect } from "node:tls";
import { isIP } from "node:net";
import type { Access } from "./access.ts";

/** Longest wait for a certificate, ms. */
const TIMEOUT_MS = 3000;

/** Whom a server's certificate is of. */
export interface PeerCertificate {
  /** Hosts and addresses that it is valid for. */
  readonly names: readonly string[];
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
 * @returns `null` where none came, or a proxy stands between.
 */
export function peerCertificate(origin: string, access: Access): Promise<PeerCertificate | null> {
  const { hostname, port, protocol } = new URL(origin);
  if (protocol !== "https:" || access.proxy !== undefined) return Promise.resolve(null);
  const host = hostname.replace(/^\[|\]$/g, "");
  const asked = access.tlsName ?? host;
  const { unixSocket, clientCertificate: cert, clientKey: key } = access;
  return new Promise((resolve) => {
    const socket = connect({
      ...unixSocket === undefined ? { host, port: Number(port || 443) } : { path: unixSocket },
      ...isIP(asked) === 0 ? { servername: asked } : {},
      ...cert === undefined || key === undefined ? {} : { cert, key },
      rejectUnauthorized: false,
    });
    const timer = setTimeout(() => end(null), TIMEOUT_MS);
    const end = (found: PeerCertificate | null) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(found);
    };
    socket.on("error", () => end(null));
    socket.on("close", () => end(null));
    socket.on("secureConnect", () => {
      const shown = socket.getPeerCertificate();
      // A server may show none; the types do not say so.
      if (shown?.subject === undefined) return end(null);
      const alternative = (shown.subjectaltname ?? "").split(", ").filter((name) => name !== "");
      end({
        names: alternative.length > 0
          ? alternative.map((name) => name.replace(/^(DNS|IP Address|IP):/, ""))
          : [shown.subject.CN ?? []].flat(),
        asked,
        isOfName: checkServerIdentity(asked, shown) === undefined,
        isSelfSigned: JSON.stringify(shown.subject) === JSON.stringify(shown.issuer),
        outOfTime: outOfTime(shown.valid_from, shown.valid_to, Date.now()),
      });
    });
  });
}

function outOfTime(from: string, to: string, now: number): string | null {
  if (Date.parse(to) < now) return `expired on ${to}`;
  return Date.parse(from) > now ? `not valid before ${from}` : null;
}
