/** Which fault strikes when and whom, from a seed alone: a failing seed replays. Pure. */

/** Of the connections of all services to one server: silent, late, refused for a while, or broken once. */
const networkFaults = [
  "database-hang",
  "database-slow",
  "database-drop",
  "database-reset",
  "broker-hang",
  "broker-slow",
  "broker-drop",
  "broker-reset",
] as const;
export type NetworkFault = (typeof networkFaults)[number];
export const faultKinds = [
  "kill",
  "freeze",
  "broker-kill",
  "broker-wipe",
  "broker-pause",
  "postgres-restart",
  ...networkFaults,
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface PlannedFault {
  readonly kind: FaultKind;
  /** Pause before it strikes, in milliseconds. */
  readonly afterMs: number;
  /** 0 to 1: which of the services there are. */
  readonly target: number;
}

/** How often each kind strikes among the others. Killing is what this is about; the rest are rarer and hurt longer. */
const weights: Record<FaultKind, number> = {
  kill: 170,
  freeze: 6,
  "broker-kill": 10,
  "broker-wipe": 4,
  "broker-pause": 6,
  "postgres-restart": 4,
  "database-hang": 1,
  "database-slow": 2,
  "database-drop": 2,
  "database-reset": 4,
  "broker-hang": 1,
  "broker-slow": 2,
  "broker-drop": 2,
  "broker-reset": 4,
};

/** Numbers from 0 to 1, the same for the same seed: mulberry32. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** `count` faults of the given kinds, in the order in which they strike. */
export function planFaults(seed: number, count: number, kinds: readonly FaultKind[] = faultKinds): PlannedFault[] {
  const random = createRandom(seed);
  const total = kinds.reduce((sum, kind) => sum + weights[kind], 0);
  const pick = (): FaultKind => {
    let left = random() * total;
    for (const kind of kinds) {
      left -= weights[kind];
      if (left < 0) return kind;
    }
    return kinds[0] ?? "kill";
  };
  return Array.from({ length: count }, () => ({ kind: pick(), afterMs: 150 + random() * 500, target: random() }));
}
