import { ExchangeError, TargetError } from "../../core/errors.ts";
import { naming, option, type OptionWords } from "../../core/option_words.ts";
import type { Access } from "../../wire/access.ts";
import { callOver } from "../../wire/call.ts";
import { openTransport } from "../../wire/open_transport.ts";
import { type Redirect, redirectHint } from "./redirect.ts";
import { type PeerCertificate, peerCertificate } from "../../wire/peer_certificate.ts";

/** Longest wait for what a server says to the other scheme, ms. */
const TIMEOUT_MS = 3000;

/** Deno's words where a permission lacks. */
const NOT_PERMITTED = /Requires \w+ access to /;

/** What is known of a failure, and what to do about it. */
interface Explanation {
  /** Stands behind the message. */
  readonly found?: string;
  readonly hint?: OptionWords;
}

/** What is known beside the error. */
interface Circumstances {
  /** How the server was to be reached. @default {{}} */
  readonly access?: Access | undefined;
  /** An answer of it that leads elsewhere, or `null`. @default {null} */
  readonly redirect?: Redirect | null;
}

/**
 * Says why a server cannot be connected to, as far as it shows when it is looked at: its certificate, whether it speaks
 * the other scheme, where it redirects to.
 *
 * @param error What went wrong. What has a hint, or is not of the server, is returned as it is.
 * @param href The server's base URL.
 * @param circumstances What else is known.
 */
export async function explained(
  error: unknown,
  href: string,
  { access = {}, redirect = null }: Circumstances = {},
): Promise<unknown> {
  if (error instanceof TargetError && error.hint !== undefined) return error;
  const exchange = error instanceof TargetError ? error.cause : error;
  if (!(exchange instanceof ExchangeError)) {
    return error instanceof TargetError && redirect !== null ? redirected(error, href, redirect) : error;
  }
  const message = error instanceof TargetError
    ? error.message
    : `Cannot connect as the server must answer: ${exchange.message}`;
  // A failure at another address, the management API's, is not explained by the looks of this one.
  if (!exchange.message.includes(` ${href}/`)) return new TargetError(message, { cause: exchange });
  const { found = "", hint } = await explanation(exchange, href, access);
  return new TargetError(message + found, { cause: exchange, ...hint === undefined ? {} : { hint } });
}

function redirected(error: TargetError, href: string, redirect: Redirect): TargetError {
  const where = redirect.location ?? "nowhere";
  const told = error.message.includes(where) ? "" : `; ${redirect.path} redirects to ${where}`;
  return new TargetError(error.message + told, { cause: error, hint: redirectHint(href, redirect) });
}

async function explanation(error: ExchangeError, href: string, access: Access): Promise<Explanation> {
  const { message, reason } = error;
  const isSecure = href.startsWith("https:");
  if (reason === "too-large") return {};
  if (NOT_PERMITTED.test(message)) {
    return { hint: "It was not asked: Deno was started without that permission, which the tasks of deno.json have." };
  }
  if (reason === "refused" && access.unixSocket !== undefined && /ENOENT|EACCES|ECONNREFUSED|ENOTSOCK/.test(message)) {
    return ofSocket(message, access.unixSocket);
  }
  if (reason === "refused" && /ENOTFOUND|EAI_AGAIN/.test(message)) {
    return { hint: "The host's name is not known: is it spelled right?" };
  }
  if (reason === "refused" && (!isSecure || /: E[A-Z]+$/.test(message) && !/: ERR_/.test(message))) {
    return {
      hint: naming`Is the server running, and are host and port right? One that starts is waited for with ${
        option("waitMs")
      }.`,
    };
  }
  if (reason === "timeout") {
    return {
      hint: naming`${whatTimedOut(message)} Give it longer with ${option("timeoutMs")}, or wait for it with ${
        option("waitMs")
      }.`,
    };
  }
  if (isSecure) return await ofSecure(error, href, access);
  const secure = href.replace(/^http:/, "https:");
  if (await peerCertificate(secure, access) !== null) {
    return { found: "; it speaks TLS there", hint: naming`Try ${option("url", secure)}.` };
  }
  return reason === "malformed" ? { hint: "Something listens there that does not speak HTTP/1.1." } : {};
}

/** What a deadline found, by what it was that did not come. */
function whatTimedOut(message: string): string {
  if (message.includes(": a connection did not come within ")) {
    return "Nothing answers there: are host and port right, is the host up, and is the server behind a firewall?";
  }
  return message.includes(": the whole answer did not come within ")
    ? "The server began to answer and did not end: is it overloaded, or does a proxy between hold the rest back?"
    : "The port is open, but nothing answers: is the server busy or starting?";
}

function ofSocket(message: string, path: string): Explanation {
  const named = option("access.unixSocket");
  if (message.includes("ENOENT")) {
    return { found: `; there is no Unix socket ${path}`, hint: naming`Is the server running, and is ${named} right?` };
  }
  if (message.includes("EACCES")) {
    return { found: `; the Unix socket ${path} may not be opened`, hint: "Its file's permissions decide who may." };
  }
  return {
    found: `; nothing listens on the Unix socket ${path}`,
    hint: naming`Is the server running, and is ${named} right?`,
  };
}

async function ofSecure({ message, reason }: ExchangeError, href: string, access: Access): Promise<Explanation> {
  const certificate = await peerCertificate(href, access);
  const isRefused = /CERT|SIGNATURE|certificate/i.test(message) && !/received fatal alert|_ALERT_/i.test(message);
  if (certificate !== null) {
    return isRefused ? ofCertificate(certificate, message, access) : { hint: CLIENT_CERTIFICATE };
  }
  if (isRefused) return { found: "; its certificate is not taken", hint: UNSEEN_CERTIFICATE };
  if (await speaksPlain(href, access)) {
    return {
      found: "; it speaks plain HTTP there, without TLS",
      hint: naming`Try ${option("url", href.replace(/^https:/, "http:"))}.`,
    };
  }
  return { hint: reason === "closed" ? CLIENT_CERTIFICATE : "Is the server running, and are host and port right?" };
}

const CLIENT_CERTIFICATE: OptionWords = naming`Does the server want a client certificate? Give one with ${
  option("access.clientCertificate")
} and ${option("access.clientKey")}.`;

const UNSEEN_CERTIFICATE: OptionWords = naming`Have it checked against its name with ${
  option("access.tlsName")
}, give its authority with ${option("access.ca")}, or have it not checked with ${option("access.insecure")}.`;

function ofCertificate(
  { names, hasAlternativeNames, asked, isOfName, isSelfSigned, outOfTime }: PeerCertificate,
  message: string,
  { ca }: Access,
): Explanation {
  const unchecked = option("access.insecure");
  const of = names.length === 0
    ? "no name"
    : names.length > 8
    ? `${names.slice(0, 8).join(", ")}, ...`
    : names.join(", ");
  const isOld = isOfName && message.includes("UnsupportedCertVersion");
  const lacksNames = !hasAlternativeNames &&
    (isOfName ? /not valid for any names|NotValidForName/.test(message) : names.includes(asked));
  if (isOld || lacksNames) {
    const why = isOld ? "is of an old version" : "has its name in no subjectAltName";
    return {
      found: `; its certificate, of ${of}, ${why}`,
      hint: isOfName
        ? naming`Try ${option("transport", "undici")}, or have a new one made.`
        : naming`Have a new one made, or have it not checked with ${unchecked}.`,
    };
  }
  if (!isOfName) {
    const name = names.find((each) => !each.includes("*"));
    const trust = ca === undefined ? naming` Its authority may be wanted too: ${option("access.ca")}.` : [];
    return {
      found: `; its certificate is of ${of}, and was asked for ${asked}`,
      hint: [
        ...naming`If that is the server, have it checked against its name with ${
          name === undefined ? option("access.tlsName") : option("access.tlsName", name)
        }, or not at all with ${unchecked}.`,
        ...trust,
      ],
    };
  }
  if (outOfTime !== null) {
    return {
      found: `; its certificate, of ${of}, ${outOfTime}`,
      hint: naming`Have a new one made, or have it not checked with ${unchecked}.`,
    };
  }
  if (ca !== undefined && isSelfSigned && message.includes("CaUsedAsEndEntity")) {
    return {
      found: `; its certificate, of ${of}, is its own authority, which this transport does not take`,
      hint: naming`Try ${option("transport", "undici")}.`,
    };
  }
  const signed = isSelfSigned ? "signed by itself" : "of an authority that is not trusted";
  return {
    found: `; its certificate, of ${of}, is ${signed}`,
    hint: naming`Give its authority with ${option("access.ca")}, or have it not checked with ${unchecked}.`,
  };
}

/** Whether a port that is asked without TLS answers. Nothing of the user's is sent. */
async function speaksPlain(href: string, { unixSocket, proxy }: Access): Promise<boolean> {
  if (proxy !== undefined) return false;
  const { hostname, port } = new URL(href);
  const plain = `http://${hostname}:${port || 443}`;
  await using transport = openTransport(plain, unixSocket === undefined ? {} : { unixSocket });
  const request = { method: "GET", path: "/", headers: [], body: null } as const;
  return await callOver(transport)(request, { timeoutMs: TIMEOUT_MS }).then(() => true, () => false);
}
