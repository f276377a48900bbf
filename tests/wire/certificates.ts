/** A certificate with its key, PEM. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

/** An authority of its own, made for a test. */
export interface Authority {
  readonly ca: string;
  /**
   * Signs a certificate; it is of 127.0.0.1 and `localhost` unless other names are given, as openssl writes them. `""` is
   * for none, and `null` for a certificate of version 1, which has none.
   */
  issue(name: string, alternativeNames?: string | null): Promise<Identity>;
}

/** Makes a certificate that is its own authority, of one name. */
export function createSelfSigned(name: string): Promise<Identity> {
  return inFolder(async (folder) => {
    const names = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name}`];
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
    await openssl(folder, "req", "-x509", ...key, ...names, "-keyout", "key.pem", "-out", "own.pem");
    return {
      certificate: await Deno.readTextFile(`${folder}/own.pem`),
      key: await Deno.readTextFile(`${folder}/key.pem`),
    };
  });
}

/** Makes an authority by `openssl`, in a folder that is gone afterwards. */
export async function createAuthority(): Promise<Authority> {
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  const read = (folder: string, name: string) => Deno.readTextFile(`${folder}/${name}.pem`);
  const subject = (name: string) => ["-subj", `/CN=${name}`];
  const { ca, caKey } = await inFolder(async (folder) => {
    await openssl(
      folder,
      "req",
      "-x509",
      ...newKey,
      ...subject("authority of a test"),
      "-keyout",
      "key.pem",
      "-out",
      "ca.pem",
    );
    return { ca: await read(folder, "ca"), caKey: await read(folder, "key") };
  });
  return {
    ca,
    issue: (name, alternativeNames = "IP:127.0.0.1,DNS:localhost") =>
      inFolder(async (folder) => {
        await Deno.writeTextFile(`${folder}/ca.pem`, ca);
        await Deno.writeTextFile(`${folder}/ca_key.pem`, caKey);
        const signed = ["-CA", "ca.pem", "-CAkey", "ca_key.pem"];
        if (alternativeNames === null) {
          await openssl(
            folder,
            "req",
            ...newKey.slice(0, -2),
            ...subject(name),
            "-keyout",
            "key.pem",
            "-out",
            "own.csr",
          );
          await openssl(folder, "x509", "-req", "-in", "own.csr", ...signed, "-days", "2", "-out", "own.pem");
          return { certificate: await read(folder, "own"), key: await read(folder, "key") };
        }
        const names = [
          ...alternativeNames === "" ? [] : ["-addext", `subjectAltName=${alternativeNames}`],
          "-addext",
          "basicConstraints=critical,CA:FALSE",
        ];
        await openssl(
          folder,
          ...[
            "req",
            "-x509",
            ...newKey,
            ...subject(name),
            ...names,
            ...signed,
            "-keyout",
            "key.pem",
            "-out",
            "own.pem",
          ],
        );
        return { certificate: await read(folder, "own"), key: await read(folder, "key") };
      }),
  };
}

async function inFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir();
  try {
    return await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function openssl(folder: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("openssl", { args, cwd: folder }).output();
  if (!success) throw new Error(`openssl ${args[0]} failed: ${new TextDecoder().decode(stderr)}`);
}
