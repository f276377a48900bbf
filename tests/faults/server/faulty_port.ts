import { createAuthority, createSelfSigned, type Identity } from "../../wire/certificates.ts";
import type { Dialect, PortFault } from "../mode.ts";
import { type FaultServer, startFaultServer } from "./fault_server.ts";

const NOTHING = { accepted: 0, open: 0, requests: 0, predictions: 0, sound: 0, injected: 0 };

/** A port that nobody can be served at. */
export interface FaultyPort extends FaultServer {
  /** Certificate of the authority that the client is told to trust; left out where none is. */
  readonly ca?: string;
}

/**
 * Opens a port that nobody can be served at.
 *
 * @param how What is wrong with it.
 * @param dialect What would be spoken.
 */
export async function openFaultyPort(how: PortFault, dialect: Dialect): Promise<FaultyPort> {
  const serve = (identity: Identity | null) => startFaultServer(dialect, null, identity);
  switch (how) {
    case "nobody-listens":
      return unserved(freePort(), () => {});
    case "backlog-full":
      return await fullBacklog();
    case "plain-where-tls-is-asked":
      return plainPort();
    case "tls-where-plain-is-asked": {
      const server = await serve(await createSelfSigned("localhost"));
      return { ...server, url: server.url.replace("https:", "http:") };
    }
    case "self-signed":
      return await serve(await createSelfSigned("localhost"));
    case "wrong-name": {
      const { ca, issue } = await createAuthority();
      return { ...await serve(await issue("other", "DNS:other.example")), ca };
    }
    case "expired": {
      const identity = await expired();
      return { ...await serve(identity), ca: identity.certificate };
    }
  }
}

/** Of `openssl ca`, the only command of OpenSSL 3.0 that makes a certificate whose time is over. */
const AUTHORITY = `
[ca]
default_ca = own
[own]
new_certs_dir = .
database = index.txt
serial = serial
default_md = sha256
policy = any
x509_extensions = names
[any]
commonName = supplied
[names]
subjectAltName = IP:127.0.0.1,DNS:localhost
`;

/** A certificate that was valid for a day, long ago. */
async function expired(): Promise<Identity> {
  const folder = await Deno.makeTempDir();
  const openssl = async (...args: string[]) => {
    const { success, stderr } = await new Deno.Command("openssl", { args, cwd: folder, stdin: "null" }).output();
    if (!success) throw new Error(`openssl ${args[0]} failed: ${new TextDecoder().decode(stderr)}`);
  };
  try {
    await Deno.writeTextFile(`${folder}/ca.cnf`, AUTHORITY);
    await Deno.writeTextFile(`${folder}/index.txt`, "");
    await Deno.writeTextFile(`${folder}/serial`, "01\n");
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "key.pem"];
    await openssl("req", "-new", ...key, "-subj", "/CN=localhost", "-out", "asked.pem");
    const times = ["-startdate", "20200101000000Z", "-enddate", "20200102000000Z"];
    const signed = ["-selfsign", "-keyfile", "key.pem", "-in", "asked.pem", "-out", "own.pem", "-notext"];
    await openssl("ca", "-batch", "-config", "ca.cnf", ...times, ...signed);
    return {
      certificate: await Deno.readTextFile(`${folder}/own.pem`),
      key: await Deno.readTextFile(`${folder}/key.pem`),
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A port of plain HTTP that refuses whatever comes, as servers do with the first bytes of TLS. */
function plainPort(): FaultServer {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const refuse = async (connection: Deno.Conn) => {
    await connection.read(new Uint8Array(4096));
    await connection.write(new TextEncoder().encode("HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n"));
    connection.close();
  };
  (async () => {
    for await (const connection of listener) refuse(connection).catch(() => {});
  })();
  return unserved(listener.addr.port, () => listener.close(), "https");
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** A port whose backlog holds as many connections as it may, none of which is accepted. */
async function fullBacklog(): Promise<FaultServer> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0, tcpBacklog: 1 });
  const { port } = listener.addr;
  const held: Deno.Conn[] = [];
  for (let full = false; !full;) {
    const connecting = Deno.connect({ hostname: "127.0.0.1", port });
    connecting.then((connection) => held.push(connection), () => {});
    full = await Promise.race([connecting.then(() => false), new Promise<boolean>((f) => setTimeout(f, 300, true))]);
  }
  return unserved(port, () => {
    listener.close();
    for (const connection of held) connection.close();
  });
}

function unserved(port: number, close: () => void, scheme = "http"): FaultServer {
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    port,
    counts: () => NOTHING,
    [Symbol.asyncDispose]: () => Promise.resolve(close()),
  };
}
