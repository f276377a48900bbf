/** Variables by which the system's loader takes in code: Deno passes them on only where every program may be run. */
const OF_LOADER = /^(?:LD|DYLD)_/;

/** What programs need where the whole environment may not be read. */
const USUAL = [
  "DBUS_SESSION_BUS_ADDRESS",
  "DENO_DIR",
  "DISPLAY",
  "HOME",
  "LOCALAPPDATA",
  "PATH",
  "SYSTEMROOT",
  "TEMP",
  "TMPDIR",
  "USERPROFILE",
  "WAYLAND_DISPLAY",
  "XAUTHORITY",
  "XDG_CACHE_HOME",
  "XDG_RUNTIME_DIR",
];

/**
 * Starts a process that is among those which may be run. Where Deno does not pass the loader's variables on to it, as where
 * `LD_LIBRARY_PATH` is set and only some programs may be run, it is started without them.
 *
 * @param command Name or path of the program.
 * @param options As of `Deno.Command`.
 * @throws {Deno.errors.NotFound} If there is no such program.
 * @throws {Deno.errors.NotCapable} If it may not be run.
 */
export function spawnPermitted(command: string, options: Deno.CommandOptions): Deno.ChildProcess {
  try {
    return new Deno.Command(command, options).spawn();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable) || !/environment variable/.test(error.message)) throw error;
    const env = { ...withoutLoader(), ...options.env };
    return new Deno.Command(command, { ...options, clearEnv: true, env }).spawn();
  }
}

/** The environment as far as it may be read, without the loader's variables. */
function withoutLoader(): Record<string, string> {
  const mayRead = (variable?: string) =>
    Deno.permissions.querySync(variable === undefined ? { name: "env" } : { name: "env", variable }).state ===
      "granted";
  const all = mayRead() ? Object.entries(Deno.env.toObject()) : USUAL.filter(mayRead).flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(all.filter(([name]) => !OF_LOADER.test(name)));
}
