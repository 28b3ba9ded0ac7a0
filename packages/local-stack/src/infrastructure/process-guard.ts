import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";

// The guard is a shell that reads the pipe we hold. However we die, SIGKILL included, the pipe ends; the guard then
// ends what we had started: each with its own signal, and with SIGKILL what is still there after ten seconds.
const guardScript = `
watched=""
while read -r verb pid signal; do
  case "$verb" in
    watch) watched="$pid:$signal $watched" ;;
    release)
      kept=""
      for entry in $watched; do [ "\${entry%%:*}" = "$pid" ] || kept="$kept $entry"; done
      watched=$kept ;;
  esac
done
for entry in $watched; do
  kill -s "\${entry#*:}" "\${entry%%:*}" 2>/dev/null
  kill -s CONT "\${entry%%:*}" 2>/dev/null
done
tries=0
while [ -n "$watched" ] && [ "$tries" -lt 10 ]; do
  alive=""
  for entry in $watched; do kill -0 "\${entry%%:*}" 2>/dev/null && alive="$alive $entry"; done
  watched=$alive
  [ -z "$watched" ] || sleep 1
  tries=$((tries + 1))
done
for entry in $watched; do kill -s KILL "\${entry%%:*}" 2>/dev/null; done
`;

const forcedSignals = { TERM: "SIGKILL", INT: "SIGQUIT" } as const;

let guard: ChildProcess | undefined;
const guarded = new Map<ChildProcess, "TERM" | "INT">();

function tellGuard(line: string): void {
  if (!guard || guard.exitCode !== null || guard.signalCode !== null) {
    // Its own session: a terminal's Ctrl-C or hang-up must not reach it before its work is done.
    guard = spawn("sh", ["-c", guardScript, "tirage-process-guard"], {
      detached: true,
      cwd: "/",
      stdio: ["pipe", "ignore", "ignore"],
    });
    guard.on("error", () => {});
    guard.stdin?.on("error", () => {});
    guard.unref();
  }
  guard.stdin?.write(`${line}\n`);
}

export interface GuardedSpawnOptions extends SpawnOptions {
  /** What ends the process when we die without stopping it: TERM, or INT for Postgres, whose fast shutdown it is. */
  lastSignal?: "TERM" | "INT";
}

/**
 * Starts a process in its own session, so that Ctrl-C reaches only us and we stop things in order, and that does not
 * outlive us: it is ended when this process dies, however it dies.
 */
export function spawnGuarded(command: string, parameters: string[], options: GuardedSpawnOptions): ChildProcess {
  const { lastSignal = "TERM", ...spawnOptions } = options;
  const child = spawn(command, parameters, { ...spawnOptions, detached: true });
  const pid = child.pid;
  if (pid !== undefined) {
    guarded.set(child, lastSignal);
    tellGuard(`watch ${pid} ${lastSignal}`);
    child.once("exit", () => {
      guarded.delete(child);
      tellGuard(`release ${pid}`);
    });
  }
  return child;
}

/** Ends everything started here at once, without grace; Postgres by SIGQUIT, which ends its own children too. */
export function killGuarded(): void {
  for (const [child, lastSignal] of guarded) child.kill(forcedSignals[lastSignal]);
}
