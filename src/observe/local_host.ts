import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { canonicalAddress } from "./listening_socket.ts";
import { isPermitted } from "./permission.ts";

/**
 * The addresses that a host name stands for.
 *
 * @param host A name or an address, IPv6 with or without brackets.
 * @returns Canonical addresses; empty if the name is unknown or looking it up is not permitted.
 */
export async function hostAddresses(host: string): Promise<string[]> {
  const bare = canonicalAddress(host);
  if (isIP(bare) !== 0) return [bare];
  if (bare === "localhost") return ["127.0.0.1", "::1"];
  if (!await isPermitted({ name: "net" })) return [];
  try {
    return (await lookup(bare, { all: true })).map(({ address }) => canonicalAddress(address));
  } catch {
    return [];
  }
}

/**
 * Whether a host is this machine: loopback, unspecified, or an address of one of its interfaces.
 *
 * @param host A name or an address.
 * @returns True if processes that listen there are processes of this host.
 */
export async function isLocalHost(host: string): Promise<boolean> {
  const addresses = await hostAddresses(host);
  const isNear = (address: string) => /^127\./.test(address) || ["::1", "0.0.0.0", "::"].includes(address);
  if (addresses.some(isNear)) return true;
  if (!await isPermitted({ name: "sys", kind: "networkInterfaces" })) return false;
  const own = Deno.networkInterfaces().map(({ address }) => canonicalAddress(address));
  return addresses.some((address) => own.includes(address));
}
