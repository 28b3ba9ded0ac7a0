/** Whether the API answers. Whoever meets a broken connection tells; from then on it is asked until it answers. */
import { TirageConnectionError, TirageProblem } from "@tirage/client";
import { createStore } from "../components/create-store.ts";

const firstRetryMs = 1_000;
const longestRetryMs = 10_000;
const answerWithinMs = 5_000;

export interface Reachability {
  readonly isReachable: boolean;
  /** Since when it has not answered, in milliseconds since 1970; undefined while it does. */
  readonly lostAtMs: number | undefined;
  /** When it is asked next, in milliseconds; undefined while it is being asked. */
  readonly nextTryAtMs: number | undefined;
}

const answering: Reachability = { isReachable: true, lostAtMs: undefined, nextTryAtMs: undefined };

export const reachability = createStore<Reachability>(answering);

let timer: ReturnType<typeof setTimeout> | undefined;
let delayMs = firstRetryMs;
const returned = new Set<() => void>();

/** Calls back each time the API can be reached again. */
export function onReachableAgain(listener: () => void): () => void {
  returned.add(listener);
  return () => void returned.delete(listener);
}

/** A proxy before the API answers 502 or 504 for it. */
const isUnreachable = (error: unknown): boolean =>
  error instanceof TirageConnectionError ||
  (error instanceof TirageProblem && (error.status === 502 || error.status === 504));

/** Takes an error of any call; only a broken connection matters. */
export function noteFailure(error: unknown): void {
  if (!isUnreachable(error) || !reachability.get().isReachable) return;
  delayMs = firstRetryMs;
  tryLater();
}

/** Asks at once. */
export async function tryNow(): Promise<void> {
  clearTimeout(timer);
  noteSilence(undefined);
  if (!(await answers())) return tryLater();
  reachability.set(answering);
  for (const listener of returned) listener();
}

function tryLater(): void {
  noteSilence(Date.now() + delayMs);
  timer = setTimeout(() => void tryNow(), delayMs);
  delayMs = Math.min(longestRetryMs, delayMs * 2);
}

const noteSilence = (nextTryAtMs: number | undefined): void =>
  reachability.set({ isReachable: false, lostAtMs: reachability.get().lostAtMs ?? Date.now(), nextTryAtMs });

async function answers(): Promise<boolean> {
  try {
    return (await fetch("/healthz", { signal: AbortSignal.timeout(answerWithinMs), cache: "no-store" })).ok;
  } catch {
    return false;
  }
}
