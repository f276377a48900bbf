import { isSecretName } from "../core/request/secret_name.ts";

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
 * ```
 */
export function secretValues(variables: Readonly<Record<string, string>>): string[] {
  return Object.entries(variables).flatMap(([name, value]) => {
    // A desktop's session is no secret, and its variables hold short words.
    if (isSecretName(name) && !/session/i.test(name)) return [name, value];
    return ofUrl(value).flatMap((part) => [name, part]);
  });
}

function ofUrl(text: string): string[] {
  if (!/^https?:/i.test(text) || !URL.canParse(text)) return [];
  const { username, password, searchParams } = new URL(text);
  const credentials = password === "" ? [] : [`${username}:${password}`, password];
  return [...credentials, ...[...searchParams].filter(([name]) => isSecretName(name)).map(([, value]) => value)];
}
