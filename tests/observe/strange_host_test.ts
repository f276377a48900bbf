import { assertEquals } from "@std/assert";
import { isPrivateAddress, strangeHostWarning } from "../../src/observe/strange_host.ts";

Deno.test("addresses of this host and of private networks are told from all others", () => {
  const own = ["127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1"];
  own.push("169.254.10.1", "100.64.0.1", "100.127.255.255", "::1", "::", "fc00::1", "fdff::1", "fe80::1", "febf::1");
  own.push("::ffff:10.0.0.1", "198.18.0.1");
  const others = ["8.8.8.8", "172.15.0.1", "172.32.0.1", "192.169.0.1", "100.63.0.1", "100.128.0.1", "11.0.0.1"];
  others.push("2001:4860::1", "fec0::1", "::ffff:8.8.8.8", "169.253.0.1", "::2");
  assertEquals([own.filter((address) => !isPrivateAddress(address)), others.filter(isPrivateAddress)], [[], []]);
});

const nobody = { isLocal: () => Promise.resolve(false) };
const at = (...addresses: string[]) => ({ ...nobody, addresses: () => Promise.resolve(addresses) });
const care = "make sure that you may put load on it.";

Deno.test("a server elsewhere is warned of once, by its name", async () => {
  const url = "https://api.example.com/v1";
  assertEquals(
    await strangeHostWarning({ url }, at("93.184.216.34")),
    `api.example.com is not on this host or a private network: ${care}`,
  );
  assertEquals(await strangeHostWarning({ url }, at("10.0.0.1", "2001:4860::1")) !== null, true, "one of several");
  assertEquals(await strangeHostWarning({ url }, at("10.0.0.1", "fd00::1")), null);
  assertEquals(await strangeHostWarning({ url, unixSocket: "/run/a" }, at("93.184.216.34")), null);
  const own = { ...at("93.184.216.34"), isLocal: () => Promise.resolve(true) };
  assertEquals(await strangeHostWarning({ url }, own), null, "this host has the address");
});

Deno.test("names of private networks are not warned of, whoever resolves them", async () => {
  for (const host of ["gpu.local", "a.b.internal", "LOCALHOST", "x.localhost", "nas.home.arpa", "gpu.local."]) {
    assertEquals(await strangeHostWarning({ url: `http://${host}:8000` }, at("93.184.216.34")), null, host);
  }
  for (const host of ["notlocal", "local.example.com", "internal.example.com"]) {
    assertEquals(await strangeHostWarning({ url: `http://${host}` }, at("93.184.216.34")) !== null, true, host);
  }
});

Deno.test("addresses in a URL need no names", async () => {
  for (const url of ["http://127.0.0.1:8000", "http://[::1]:8000", "http://192.168.1.7", "http://[fe80::1]"]) {
    assertEquals(await strangeHostWarning({ url }, nobody), null, url);
  }
  for (const url of ["http://8.8.8.8:8000", "http://[2001:4860::1]"]) {
    assertEquals(await strangeHostWarning({ url }, nobody) !== null, true, url);
  }
});

Deno.test("behind a proxy it is said what is not known", async () => {
  const url = "http://models:8000";
  assertEquals(
    await strangeHostWarning({ url, proxied: true }, at()),
    `Whether models is on a private network is not known, since only the proxy knows its address: ${care}`,
  );
  assertEquals(await strangeHostWarning({ url, proxied: true }, at("10.0.0.1")), null);
  const failing = { ...nobody, addresses: () => Promise.reject(new Error("ENOTFOUND")) };
  assertEquals(
    await strangeHostWarning({ url }, failing),
    `Whether models is on a private network is not known: ${care}`,
  );
});
