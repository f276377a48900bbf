import type { CommandLine } from "../options/command_line.ts";
import type { OptionSpec } from "../options/option.ts";

/** A shell that completes the command's options. */
export type Shell = Extract<CommandLine, { readonly kind: "completions" }>["shell"];

/** What stands behind an option, as far as a shell can complete it. */
type Completed = "nothing" | "words" | "files" | "text";

/**
 * The script by which a shell completes the installed command: option names, the words of those that have some, and files.
 *
 * @param shell Whose language it is in.
 * @param options The table of options.
 * @param command Name of the command.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { OPTIONS } from "../options/options.ts";
 *
 * assert(completions("fish", OPTIONS).includes("-l test-type -x -a 'basic "));
 * ```
 */
export function completions(shell: Shell, options: readonly OptionSpec[], command = "torchgauge"): string {
  return { bash, zsh, fish }[shell](options, command);
}

function completedOf({ name, value: { placeholder, choices } }: OptionSpec): Completed {
  if (placeholder === "") return "nothing";
  if (choices !== undefined) return "words";
  // The path of a request is none of a file.
  return /FILE|FOLDER|PATH/.test(placeholder) && name !== "path" ? "files" : "text";
}

function bash(options: readonly OptionSpec[], command: string): string {
  const flags = (kind: Completed) =>
    options.filter((option) => completedOf(option) === kind).map(({ name }) => `--${name}`).join("|");
  const words = options.filter(({ value }) => value.choices !== undefined)
    .map(({ name, value }) =>
      `    --${name}) COMPREPLY=($(compgen -W "${value.choices!.join(" ")}" -- "$current")) ;;`
    );
  return `_${command}() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]}
  if [[ $current == "=" ]]; then current=""; elif [[ $previous == "=" ]]; then previous=\${COMP_WORDS[COMP_CWORD - 2]}; fi
  COMPREPLY=()
  case $previous in
${words.join("\n")}
    ${flags("files")}) compopt -o default ;;
    ${flags("text")}) ;;
    *) COMPREPLY=($(compgen -W "${options.map(({ name }) => `--${name}`).join(" ")}" -- "$current")) ;;
  esac
}
complete -F _${command} ${command}
`;
}

function zsh(options: readonly OptionSpec[], command: string): string {
  const specs = options.map((option) => {
    const { name, short, repeatable, description, value: { placeholder, choices } } = option;
    const action =
      { nothing: "", words: `:(${choices?.join(" ")})`, files: ":_files", text: ": " }[completedOf(option)];
    const behind = placeholder === "" ? "" : `:${escapedInZsh(placeholder)}${action}`;
    const said = `[${escapedInZsh(description)}]${behind}`;
    const names = short === undefined ? [`--${name}`] : [`--${name}`, `-${short}`];
    return names.map((flag) => `    ${quoted(`${repeatable ? "*" : ""}${flag}${said}`)}`);
  });
  return `#compdef ${command}
_${command}() {
  _arguments \\
${specs.flat().join(" \\\n")}
}
if [[ $funcstack[1] == _${command} ]]; then _${command} "$@"; else compdef _${command} ${command}; fi
`;
}

function escapedInZsh(text: string): string {
  return text.replace(/[\\\[\]:]/g, "\\$&");
}

function fish(options: readonly OptionSpec[], command: string): string {
  const lines = options.map((option) => {
    const { name, short, description, value: { choices } } = option;
    const takes = { nothing: "", words: ` -x -a ${quoted(choices?.join(" ") ?? "")}`, files: " -r -F", text: " -x" };
    const letter = short === undefined ? "" : ` -s ${short}`;
    return `complete -c ${command}${letter} -l ${name}${takes[completedOf(option)]} -d ${quotedInFish(description)}`;
  });
  return `complete -c ${command} -f\n${lines.join("\n")}\n`;
}

/** In single quotes, for shells that know no escape within. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function quotedInFish(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
