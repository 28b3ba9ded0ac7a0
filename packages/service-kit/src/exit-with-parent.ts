/** Orphans keep ports and leases: a service started by the local stack must not outlive it, even when it is killed. */

const checkEveryMs = 500;

/**
 * Calls `onOrphaned` once the parent process has died, which shows as a new parent id. Only when the environment holds
 * TIRAGE_EXIT_WITH_PARENT=1: under other supervisors a changed parent can be ordinary.
 */
export function watchParent(environment: NodeJS.ProcessEnv, onOrphaned: () => void): void {
  if (environment.TIRAGE_EXIT_WITH_PARENT !== "1") return;
  const parentId = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parentId) return;
    clearInterval(timer);
    onOrphaned();
  }, checkEveryMs);
  timer.unref();
}
