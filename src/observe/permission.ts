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
 * @returns True under `-A`.
 */
export function isEverythingPermitted(): Promise<boolean> {
  return isPermitted(
    { name: "read" },
    { name: "write" },
    { name: "net" },
    { name: "env" },
    { name: "run" },
    { name: "sys" },
    { name: "ffi" },
  );
}
