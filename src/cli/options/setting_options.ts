import type { RequestParameters } from "../../core/request/parameters.ts";
import { isSecretName } from "../../core/request/secret_name.ts";
import { jsonText } from "../../items/exact/json_text.ts";
import type { Default, Setting, SettingKey, SettingValue } from "../../measure/settings/setting.ts";
import { SETTING_ROWS } from "../../measure/settings/settings.ts";
import type { OptionGroup, OptionSpec, OptionValue } from "./option.ts";
import {
  choice,
  FLAG,
  GPUS,
  LIMITS,
  METRICS_URL,
  number,
  numbers,
  PARAMETERS,
  pids,
  RATES_SPAN,
  seconds,
  text,
  whole,
  wholes,
  withoutPassword,
} from "./option_values.ts";

const GROUPS: Readonly<Record<NonNullable<Setting["about"]> | "test", OptionGroup>> = {
  test: "What to measure",
  inputs: "What to send",
  server: "The server",
};

/** The settings of the tests as options: to add one, add its row to the table of settings. */
export const SETTING_OPTIONS: readonly (OptionSpec & { readonly setting: SettingKey })[] = SETTING_ROWS.map(
  ([key, setting]) => ({
    name: nameOf(key, setting),
    group: GROUPS[setting.about ?? "test"],
    value: valueOf(setting.value),
    description: setting.meaning,
    key,
    setting: key,
    ...(setting.default === undefined ? {} : defaultInWords(setting.default, setting.value)),
    ...(setting.tests === undefined ? {} : { tests: setting.tests }),
    ...(["parameters", "pids"].includes(setting.value.kind) ? { repeatable: true } : {}),
    ...(setting.ownServer === true ? { needsUrl: true } : {}),
    ...(setting.about === "server" && setting.tests === undefined ? { withCommands: true } : {}),
    ...(setting.value.kind === "metrics-url" ? { masked: withoutPassword } : {}),
    ...(setting.value.kind === "parameters" ? { masked: maskedParameter } : {}),
    ...(setting.counterpart === undefined ? {} : { counterpart: nameOf(setting.counterpart) }),
  }),
);

/**
 * Settings as they may be shown: what is secret in them masked.
 *
 * @param settings Settings by their keys.
 */
export function shownSettings(settings: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => {
      const masked = SETTING_OPTIONS.find(({ setting }) => setting === key)?.masked;
      // Its integers may be larger than numbers are.
      if (key === "parameters") return [key, jsonText(withoutSecrets(value))];
      return [key, masked !== undefined && typeof value === "string" ? masked(value) : value];
    }),
  );
}

/** A parameter as it is written, masked where its name says that it is secret. */
function maskedParameter(written: string): string {
  const [, option = "", name = "", value = ""] = /^(--[a-z-]+=)?([^=]*)(.*)$/s.exec(written) ?? [];
  return option + name + (isSecretName(name.trim()) ? "=***" : value);
}

function withoutSecrets(parameters: RequestParameters): RequestParameters {
  const shown = Object.entries(parameters).map(([name, value]) => [name, isSecretName(name) ? "***" : value]);
  return Object.fromEntries(shown);
}

/** The key with dashes between its words and without its unit, unless the row has a name. */
function nameOf(key: SettingKey, { name }: Pick<Setting, "name"> = {}): string {
  return name ?? key.replace(/(?:Ms|PerSecond)$/, "").replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function valueOf(value: SettingValue): OptionValue {
  switch (value.kind) {
    case "flag":
      return FLAG;
    case "choice":
      return choice("KIND", value.choices);
    case "whole":
      return whole(value);
    case "number":
      return number(value);
    case "ms":
      return seconds(value);
    case "wholes":
      return wholes(value);
    case "pids":
      return pids(value);
    case "numbers":
      return numbers(value);
    case "span":
      return RATES_SPAN;
    case "objectives":
      return text("OBJECTIVES");
    case "limits":
      return LIMITS;
    case "metrics-url":
      return METRICS_URL;
    case "gpus":
      return GPUS;
    case "items":
      return text("PATH");
    case "parameters":
      return PARAMETERS;
    case "moments":
      return text("FILE");
  }
}

/** `1, memory 4`; `5, with --quick 3`; and of one test alone. */
function defaultInWords(
  usual: Default<unknown> | string,
  { kind }: SettingValue,
): Pick<OptionSpec, "default" | "defaultIn"> {
  if (typeof usual === "string") return { default: usual };
  const shown = (value: unknown) => kind === "ms" ? String(Number(value) / 1000) : String(value);
  const both = (of: { readonly usual: unknown; readonly quick?: unknown }) =>
    of.quick === undefined ? shown(of.usual) : `${shown(of.usual)}, with --quick ${shown(of.quick)}`;
  const others = Object.entries(usual.of ?? {}).map(([test, { usual: value, quick }]) =>
    `${test} ${both(quick === usual.quick ? { usual: value } : { usual: value, quick })}`
  );
  const note = usual.note === undefined ? [] : [usual.note];
  return {
    default: [both(usual), ...others, ...note].join("; "),
    defaultIn: (test) => [both(usual.of?.[test] ?? usual), ...note].join("; "),
  };
}
