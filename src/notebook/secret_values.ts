import { isSecretName } from "../core/request/secret_name.ts";

/** Of a desktop's session, which is no secret: its variables hold short words, which masked everywhere would garble a page. */
const OF_DESKTOP = /^(?:XDG_SESSION|DESKTOP_SESSION$|DBUS_SESSION|GDMSESSION$|SESSION_MANAGER$|SESSIONNAME$)/;

/**
 * What a page of a notebook must not show of the variables that its cells read: values of those whose names say that they
 * are secret, and names, passwords and secret values of a query in URLs.
 *
 * @param variables Values by name: the parameters of a run, or the environment.
 * @returns Names and values in turn.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(secretValues({ HF_TOKEN: "abc", MODEL: "bert" }), ["HF_TOKEN", "abc"]);
 * assertEquals(secretValues({ URL: "http://me:abc@gpu-1:8000" }), ["URL", "me:abc", "URL", "abc"]);
 * assertEquals(secretValues({ URL: "http://sk-abc@gpu-1:8000" }), ["URL", "sk-abc"]);
 * assertEquals(secretValues({ SESSION_TOKEN: "abc", XDG_SESSION_TYPE: "wayland" }), ["SESSION_TOKEN", "abc"]);
 * ```
 */
export function secretValues(variables: Readonly<Record<string, string>>): string[] {
  return Object.entries(variables).flatMap(([name, value]) => {
    if (isSecretName(name) && !OF_DESKTOP.test(name)) return [name, value];
    return ofUrl(value).flatMap((part) => [name, part]);
  });
}

function ofUrl(text: string): string[] {
  if (!/^https?:/i.test(text) || !URL.canParse(text)) return [];
  const { username, password, searchParams } = new URL(text);
  // A key often stands where the name does, with no password.
  const credentials = password === "" ? [username] : [`${username}:${password}`, password];
  const values = [...searchParams].filter(([name]) => isSecretName(name)).map(([, value]) => value);
  return [...credentials, ...values].filter((part) => part !== "");
}
