import type { Replica } from "@tirage/contracts";

/** What this worker is doing and has done since its start, as it tells in its presence. */
export interface WorkerActivity {
  /** Items running now, the longest running first, at most as many as fit a presence entry. */
  running(): string[];
  readonly runningCount: number;
  readonly completed: number;
  readonly failed: number;
  /** The item that ended last; undefined until one has. */
  readonly lastItem: Replica["lastItem"];
  begin(itemId: string): void;
  end(itemId: string, outcome: "completed" | "failed" | "left"): void;
}

const listedItems = 200;

export function createWorkerActivity(): WorkerActivity {
  const items = new Set<string>();
  const ended = { completed: 0, failed: 0 };
  let lastItem: Replica["lastItem"];
  return {
    running: () => [...items].slice(0, listedItems),
    get runningCount() {
      return items.size;
    },
    get completed() {
      return ended.completed;
    },
    get failed() {
      return ended.failed;
    },
    get lastItem() {
      return lastItem;
    },
    begin: (itemId) => void items.add(itemId),
    end(itemId, outcome) {
      items.delete(itemId);
      if (outcome === "left") return;
      ended[outcome] += 1;
      lastItem = { itemId, outcome, endedAt: new Date().toISOString() };
    },
  };
}
