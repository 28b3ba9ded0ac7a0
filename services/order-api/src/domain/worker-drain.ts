/** What a person's wish and a worker's word make of its drain. */
import type { Worker } from "@tirage/contracts";

/** A row stands this long after its worker was last seen: a wiped broker forgets everyone, and learns of them in seconds. */
const rememberedMs = 3_600_000;

/**
 * The worker as it is wished to be. It is `drained` only by its own word on this very wish: what it said of an earlier one,
 * between which it may have taken work, does not count.
 */
export function showDrain(worker: Worker, since: string | undefined): Worker {
  const { drain, ...rest } = worker;
  if (since === undefined) return rest;
  if (drain?.since === since) return worker;
  return { ...rest, drain: { state: "draining", left: worker.running?.length ?? 0, since } };
}

export interface DrainsSeen {
  /** Workers that somebody drained. */
  readonly wished: Iterable<string>;
  readonly present: ReadonlySet<string>;
  /** Of the look before, since when each was missing. */
  readonly absentSinceMs: ReadonlyMap<string, number>;
  readonly nowMs: number;
}

/** Whose drain can be forgotten, and who is missing but may come back. */
export function forgottenDrains({ wished, present, absentSinceMs, nowMs }: DrainsSeen): {
  readonly forgotten: string[];
  readonly absentSinceMs: ReadonlyMap<string, number>;
} {
  const absent = [...wished]
    .filter((id) => !present.has(id))
    .map((id): [string, number] => [id, absentSinceMs.get(id) ?? nowMs]);
  return {
    forgotten: absent.filter(([, sinceMs]) => nowMs - sinceMs > rememberedMs).map(([id]) => id),
    absentSinceMs: new Map(absent),
  };
}
