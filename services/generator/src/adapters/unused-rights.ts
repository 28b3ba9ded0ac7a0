/**
 * Rights to submit that this process has, or may have without having heard, and will never use. Nobody else can know that
 * they were not used, so the calls would end as unknown; they are given back as soon as the database answers.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { CallKey } from "../ports.ts";

export interface SubmitRight extends CallKey {
  readonly token: string;
}

export interface UnusedRights extends Disposable {
  /** Whoever calls this has forgotten the right, and does not submit under it. */
  keep(rights: readonly SubmitRight[]): void;
  /**
   * Gives back what is kept of this call, and is over when nothing is left to.
   * @throws what `giveBack` throws.
   */
  settle(key: CallKey): Promise<void>;
}

export interface UnusedRightsOptions {
  /** Changes nothing of a call whose submit right is another's by now. */
  giveBack(rights: readonly SubmitRight[]): Promise<unknown>;
  onError(error: unknown): void;
  readonly everyMs?: number;
  /** Longer than a statement may take: what the database had received when it fell silent may run after all. */
  readonly onceMoreAfterMs?: number;
}

const idOf = ({ itemId, attempt, token }: SubmitRight) => `${itemId}:${attempt}:${token}`;

interface Kept {
  readonly right: SubmitRight;
  readonly isGivenBack: boolean;
  readonly dueAt: number;
}

export function createUnusedRights(options: UnusedRightsOptions): UnusedRights {
  const { giveBack, onError, everyMs = 1_000, onceMoreAfterMs = 15_000 } = options;
  const kept = new Map<string, Kept>();
  let timer: NodeJS.Timeout | undefined;
  let isDisposed = false;
  const outsideTraces = AsyncLocalStorage.snapshot();

  const giveAllBack = async (all: readonly Kept[]) => {
    if (all.length === 0) return;
    await giveBack(all.map(({ right }) => right));
    for (const one of all) {
      if (kept.get(idOf(one.right)) !== one) continue;
      kept.delete(idOf(one.right));
      const dueAt = performance.now() + onceMoreAfterMs;
      if (!one.isGivenBack) kept.set(idOf(one.right), { ...one, isGivenBack: true, dueAt });
    }
  };
  const schedule = () => {
    if (timer || isDisposed || kept.size === 0) return;
    timer = outsideTraces(() => setTimeout(runRound, everyMs));
    timer.unref();
  };
  const runRound = async () => {
    const now = performance.now();
    await giveAllBack([...kept.values()].filter(({ dueAt }) => dueAt <= now)).catch(onError);
    timer = undefined;
    schedule();
  };
  return {
    keep(rights) {
      for (const right of rights) kept.set(idOf(right), { right, isGivenBack: false, dueAt: 0 });
      schedule();
    },
    async settle({ itemId, attempt }) {
      if (kept.size === 0) return;
      const isMeant = ({ right, isGivenBack }: Kept) =>
        right.itemId === itemId && right.attempt === attempt && !isGivenBack;
      await giveAllBack([...kept.values()].filter(isMeant));
    },
    [Symbol.dispose]() {
      isDisposed = true;
      clearTimeout(timer);
      kept.clear();
    },
  };
}
