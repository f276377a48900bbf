/** A program in a folder of its own, gone when it is disposed of. */
export interface FakeProgram extends Disposable {
  readonly command: string;
}

/** A program of the system's shell. */
export function fakeProgram(name: string, body: string): FakeProgram {
  const folder = Deno.makeTempDirSync();
  const command = `${folder}/${name}`;
  Deno.writeTextFileSync(command, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return { command, [Symbol.dispose]: () => Deno.removeSync(folder, { recursive: true }) };
}

/** A program that answers by its first argument; `*` for any other. */
export function answering(name: string, answers: Readonly<Record<string, string>>, code = 0): FakeProgram {
  const cases = Object.entries(answers).map(([argument, text]) => `${argument})\ncat <<'END'\n${text}\nEND\n;;`);
  return fakeProgram(name, `case "$1" in\n${cases.join("\n")}\nesac\nexit ${code}`);
}
