import { BlockList, isIPv6 } from "node:net";
import type { Target } from "../core/target.ts";
import { canonicalAddress } from "./listening_socket.ts";
import { hostAddresses, isLocalHost } from "./local_host.ts";

/** Networks that nobody reaches from outside: those of this host, of a house, of a company, of a provider behind its NAT. */
const PRIVATE = [
  ["0.0.0.0", 8], // RFC 1122, this host
  ["10.0.0.0", 8], // RFC 1918
  ["100.64.0.0", 10], // RFC 6598, carrier-grade NAT
  ["127.0.0.0", 8], // RFC 1122, loopback
  ["169.254.0.0", 16], // RFC 3927, link-local
  ["172.16.0.0", 12], // RFC 1918
  ["192.168.0.0", 16], // RFC 1918
  ["198.18.0.0", 15], // RFC 2544, for benchmarks
  ["::", 127], // RFC 4291, unspecified and loopback
  ["fc00::", 7], // RFC 4193, unique local
  ["fe80::", 10], // RFC 4291, link-local
] as const;

const networks = new BlockList();
for (const [network, bits] of PRIVATE) networks.addSubnet(network, bits, isIPv6(network) ? "ipv6" : "ipv4");

/** Names of this host (RFC 6761), of the local link (RFC 6762), of a company (ICANN, 2024) and of a home (RFC 8375). */
const PRIVATE_NAME = /(?:^|\.)(?:localhost|local|internal|home\.arpa)\.?$/i;

/** Longest wait for the addresses of a name, ms. */
const LOOKUP_MS = 2000;

/**
 * Whether an address is one of this host's or of a private network; pure.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { isPrivateAddress } from "./strange_host.ts";
 * assertEquals(["10.1.2.3", "fd12::1", "::ffff:192.168.1.1"].map(isPrivateAddress), [true, true, true]);
 * assertEquals(["11.1.2.3", "2001:db8::1"].map(isPrivateAddress), [false, false]);
 * ```
 *
 * @param address An IPv4 or IPv6 address.
 */
export function isPrivateAddress(address: string): boolean {
  return networks.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}

/** What is asked of the system. */
interface Lookups {
  /** Addresses of a name. @default {the system's} */
  readonly addresses?: (host: string) => Promise<readonly string[]>;
  /** Whether a host is this machine. @default {by its interfaces} */
  readonly isLocal?: (host: string) => Promise<boolean>;
}

/**
 * What is to be said before load is put on a server that may be somebody else's: one that is neither this host nor on a
 * private network. Names are judged by their addresses; behind a proxy only it may know them.
 *
 * @param target Where the load goes.
 * @param lookups What is asked of the system.
 * @returns One sentence, or `null` where there is nothing to say.
 */
export async function strangeHostWarning(
  { url, unixSocket, proxied }: Pick<Target, "url" | "unixSocket" | "proxied">,
  { addresses: lookUp = hostAddresses, isLocal = isLocalHost }: Lookups = {},
): Promise<string | null> {
  const host = canonicalAddress(new URL(url).hostname);
  if (unixSocket !== undefined || PRIVATE_NAME.test(host)) return null;
  const addresses = await soon(lookUp(host));
  if (addresses.length > 0 && addresses.every(isPrivateAddress)) return null;
  const care = "make sure that you may put load on it.";
  if (addresses.length === 0) {
    const because = proxied ? ", since only the proxy knows its address" : "";
    return `Whether ${host} is on a private network is not known${because}: ${care}`;
  }
  if (await isLocal(host)) return null;
  return `${host} is not on this host or a private network: ${care}`;
}

function soon(addresses: Promise<readonly string[]>): Promise<readonly string[]> {
  const { promise, resolve } = Promise.withResolvers<readonly string[]>();
  const timer = setTimeout(() => resolve([]), LOOKUP_MS);
  addresses.then(resolve, () => resolve([])).finally(() => clearTimeout(timer));
  return promise;
}
