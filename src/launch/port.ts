/** Where a server listens. */
export type Address =
  | { readonly hostname: string; readonly port: number }
  | { readonly unixSocket: string };

/**
 * Where the server of a base URL listens.
 *
 * @param url Base URL.
 * @param unixSocket Unix socket that leads to it, instead of the URL's host and port.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { addressOf } from "./port.ts";
 *
 * assertEquals(addressOf("http://[::1]:8000/v1"), { hostname: "::1", port: 8000 });
 * assertEquals(addressOf("https://localhost"), { hostname: "localhost", port: 443 });
 * ```
 */
export function addressOf(url: string, unixSocket?: string): Address {
  if (unixSocket !== undefined) return { unixSocket };
  const { hostname, port, protocol } = new URL(url);
  return {
    hostname: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? (protocol === "https:" ? 443 : 80) : Number(port),
  };
}

/** An address for people. */
export function addressText(address: Address): string {
  if ("unixSocket" in address) return address.unixSocket;
  const { hostname, port } = address;
  return `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
}

/**
 * Whether an address takes connections now.
 *
 * @param address Where.
 */
export async function takesConnections(address: Address): Promise<boolean> {
  try {
    const connection = "unixSocket" in address
      ? await Deno.connect({ transport: "unix", path: address.unixSocket })
      : await Deno.connect({ ...address });
    connection.close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return false;
  }
}
