import type { Item } from "@tirage/client";

/** One stretch of an item's way: from one moment to the next, or to now while it lasts. */
export interface TimelineStep {
  readonly name: "Queued" | "Dispatched" | "Provider" | "Stored";
  readonly meaning: string;
  readonly durationMs: number;
  readonly isRunning: boolean;
}

const stretches = [
  { name: "Queued", from: "createdAt", to: "claimedAt", meaning: "waited for a worker" },
  { name: "Dispatched", from: "claimedAt", to: "acceptedAt", meaning: "until the provider accepted the call" },
  { name: "Provider", from: "acceptedAt", to: "generatedAt", meaning: "until the images were made" },
  { name: "Stored", from: "generatedAt", to: "storedAt", meaning: "until all images were kept" },
] as const satisfies readonly {
  name: TimelineStep["name"];
  from: keyof Item["timeline"];
  to: keyof Item["timeline"];
  meaning: string;
}[];

/**
 * The stretches of the item's present attempt, from when its order is waited for. One that has begun lasts until it is known to have ended, until the item
 * ended, or until now. Moments may be missing, and clocks differ: a stretch is never shorter than nothing.
 */
export function listSteps({ timeline }: Item, beganMs: number, nowMs: number): TimelineStep[] {
  const steps: TimelineStep[] = [];
  for (const { name, from, to, meaning } of stretches) {
    const began = timeline[from];
    if (began === null) continue;
    const ended = timeline[to] ?? timeline.finishedAt;
    const endMs = ended === null ? nowMs : Date.parse(ended);
    const durationMs = Math.max(0, endMs - Math.max(beganMs, Date.parse(began)));
    steps.push({ name, meaning, durationMs, isRunning: ended === null });
    // What comes after is not known: this stretch reached to the end.
    if (timeline[to] === null) break;
  }
  return steps;
}
