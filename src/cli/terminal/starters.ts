import { spawnPermitted } from "../../core/process/spawn_permitted.ts";
/** How often is looked whether they are there, ms. */
const LOOK_MS = 1000;

/**
 * Looks at each line that it reads whether the ancestors of a process are still there, and ends with 0 where one is not.
 * It reads what only all permissions would let this process read, with no other program where there is `/proc`. `$1` is
 * the process, `$2` whether all of its ancestors count. It ends with 3 where none does.
 */
const SCRIPT = `
look() {
  if [ -r "/proc/$1/stat" ]; then
    read -r stat < "/proc/$1/stat" || return 1
    name=\${stat#*(} name=\${name%)*}
    set -- \${stat##*) }
    parent=$2 group=$3
  else
    set -- $(ps -o ppid= -o pgid= -o comm= -p "$1" 2>/dev/null)
    parent=$1 group=$2 name=\${3##*/}
  fi
  [ -n "$group" ]
}
links= kept= child=$1
look "$child" || exit 3
own=$group
while [ "$parent" -gt 1 ]; do
  above=$parent
  look "$above" || break
  [ "$group" = "$own" ] || break
  links="$links $child:$above" child=$above
  case $2:$name in all:* | *:deno* | *:node* | *:npm* | *:npx* | *:pnpm* | *:yarn* | *:bun*) kept=$links ;; esac
done
[ -n "$kept" ] || exit 3
while read -r _; do
  for link in $kept; do
    look "\${link%:*}" && [ "$parent" = "\${link#*:}" ] || exit 0
  done
done
exit 3
`;

/**
 * Tells when a program that started this one is gone: `deno task`, npx and the shell between them pass on no signal that
 * reaches them alone, and none passes on that it was killed. Left alone, a run would go on without anybody who waits.
 *
 * Which programs wait for this one is not written down anywhere, so two rules stand for it. Those of its own process group
 * do: a shell in which a user types gives every job a group of its own, and so does `setsid`; what is disowned, or runs on
 * after the terminal was closed, is left alone. And a script that puts a command into the background does not wait: the
 * command's stdin is then /dev/null, and of its ancestors only deno and npx count, which wait for it in any case.
 *
 * Windows has neither groups nor such signals, and without permission to run `sh` only the parent is watched.
 *
 * @param onGone Is told once.
 * @param waits Whether all of the group wait, and not only deno and npx.
 */
export function watchStarters(onGone: () => void, waits: boolean): Disposable {
  if (Deno.build.os === "windows") return { [Symbol.dispose]: () => {} };
  const script = spawnScript(waits);
  if (script === null) return watchParent(onGone);
  const writer = script.stdin.getWriter();
  const look = () => void writer.write(new Uint8Array([10])).catch(() => {});
  const timer = setInterval(look, LOOK_MS);
  Deno.unrefTimer(timer);
  script.unref();
  let isOpen = true;
  void script.status.then(({ code }) => {
    clearInterval(timer);
    if (code === 0 && isOpen) onGone();
  });
  return {
    [Symbol.dispose]: () => {
      isOpen = false;
      clearInterval(timer);
      void writer.close().catch(() => {}); // upon which it ends
    },
  };
}

function spawnScript(waits: boolean): Deno.ChildProcess | null {
  try {
    return spawnPermitted("/bin/sh", {
      args: ["-c", SCRIPT, "torchgauge", String(Deno.pid), waits ? "all" : "launchers"],
      stdin: "piped",
      stdout: "null",
      stderr: "null",
      detached: true, // Ctrl-C in a terminal goes to the whole process group
    });
  } catch {
    return null;
  }
}

/** Watches the parent alone, where it is `deno task`, which says so to its children: that always waits. */
function watchParent(onGone: () => void): Disposable {
  const parent = Deno.ppid;
  if (!isTask()) return { [Symbol.dispose]: () => {} };
  const look = () => {
    if (Deno.ppid === parent) return;
    clearInterval(timer);
    onGone();
  };
  const timer = setInterval(look, LOOK_MS);
  Deno.unrefTimer(timer);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

function isTask(): boolean {
  try {
    return Deno.env.has("INIT_CWD");
  } catch {
    return false; // not permitted
  }
}
