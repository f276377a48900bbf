/** One module that a source text imports, by an import, a re-export or a dynamic import of a fixed name. */
export interface ImportFound {
  /** What stands between the quotes. */
  readonly specifier: string;
  /** Line of the specifier, counted from 1. */
  readonly line: number;
}

// import x from "", export * from "", import "", import("")
const IMPORT = /(?<![\w$.])(?:(?:import|export)\b[^;'"`()=]*?\bfrom|import\s*\(?)\s*["'](?<specifier>[^"'\n]+)["']/gd;

/**
 * The modules that a TypeScript source imports, in the order of the text. Comments and strings that look like imports
 * are no imports.
 *
 * @param source Text of a module.
 * @returns Specifiers with their lines.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const source = 'import { a } from "./a.ts";\n// import "./b.ts";\nexport * from "./c.ts";';
 * assertEquals(importsOf(source), [{ specifier: "./a.ts", line: 1 }, { specifier: "./c.ts", line: 3 }]);
 * ```
 */
export function importsOf(source: string): readonly ImportFound[] {
  const code = withoutComments(source);
  const strings = stringsOf(code);
  return [...code.matchAll(IMPORT)]
    .filter(({ index }) => !strings.some(([start, end]) => start < index && index < end))
    .map(({ groups, indices }) => ({
      specifier: groups!.specifier!,
      line: code.slice(0, indices!.groups!.specifier![0]).split("\n").length,
    }));
}

// A comment, a string, a template, or a regular expression after a character that cannot end an operand.
const TOKEN =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`|(?<=(?:[=(,:;!&|?{[]|\breturn)\s*)\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/g;

/**
 * The source with every comment as blanks; lines and offsets stay.
 *
 * @param source Text of a module.
 * @returns Text of the same length.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(withoutComments('a("// b") // c'), 'a("// b")     ');
 * ```
 */
export function withoutComments(source: string): string {
  return source.replace(TOKEN, (token) => /^\/[/*]/.test(token) ? token.replace(/[^\n]/g, " ") : token);
}

/**
 * Where the strings, templates and regular expressions of a source begin and end.
 *
 * @param code A source without comments.
 * @returns Offsets of the first character of each and of the first one behind it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(stringsOf('a("b");'), [[2, 5]]);
 * ```
 */
export function stringsOf(code: string): readonly (readonly [number, number])[] {
  return [...code.matchAll(TOKEN)].map((match) => [match.index, match.index + match[0].length] as const);
}
