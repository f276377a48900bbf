const KINDS = ["read", "write", "net", "env", "run", "sys", "ffi"] as const;

/**
 * Whether all of these permissions are granted. It asks nobody: an observation that is not permitted is left out,
 * since a prompt in the middle of a measurement would spoil it.
 *
 * @param descriptors What is needed.
 * @returns True if nothing would be refused or prompted for.
 */
export async function isPermitted(...descriptors: readonly Deno.PermissionDescriptor[]): Promise<boolean> {
  const statuses = await Promise.all(descriptors.map((descriptor) => Deno.permissions.query(descriptor)));
  return statuses.every((status) => status.state === "granted");
}

/**
 * Whether everything is granted (`-A`), which is what Deno 2 asks of those who read `/proc` or `/sys`.
 *
 * @returns True under `-A` that nothing is taken from.
 */
export async function isEverythingPermitted(): Promise<boolean> {
  const statuses = await Promise.all(KINDS.map((name) => Deno.permissions.query({ name })));
  // Partial is what is granted but for something that is denied by name.
  return statuses.every(({ state, partial }) => state === "granted" && !partial);
}
