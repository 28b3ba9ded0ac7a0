import type { Queue } from "@tirage/contracts";
import { formatRelativeTime } from "../../components/format.ts";
import type { IconName } from "../../components/icon.tsx";
import type { Tone } from "../../components/status-badge.tsx";

/** Whether a provider is given calls, why not, and what a person can do. */
export interface GateView {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly title: string;
  /** Why, and what to do. */
  readonly detail: string;
  /** What the provider said. */
  readonly said?: string | undefined;
  readonly isPausedByPerson: boolean;
  readonly isOpen: boolean;
}

export type GatedQueue = Pick<Queue, "pausedUntil" | "pausedBy" | "gate">;

const closed = { tone: "warn", icon: "clock", isPausedByPerson: false, isOpen: false } as const;

/** What the pause of a provider's queue, and its workers' gates, mean. */
export function describeGate({ pausedUntil, pausedBy, gate }: GatedQueue, nowMs: number): GateView {
  if (pausedBy === "person") {
    return {
      ...closed,
      icon: "pause",
      title: "Paused by a person",
      detail: "Orders are accepted and wait; calls that are under way end. Resume it when calls may go on.",
      isPausedByPerson: true,
    };
  }
  const until = gate?.until ?? pausedUntil;
  const isLater = until !== null && until !== undefined && Date.parse(until) > nowMs;
  const again = isLater ? ` ${formatRelativeTime(until, nowMs)}` : " at once";
  if (gate?.state === "stopped") {
    return {
      ...closed,
      tone: "bad",
      icon: "ban",
      title: "Stopped: account refused",
      detail: `Mend the key, the balance or the account, then try now; by itself it is tried again${again}. What is ordered waits.`,
      said: gate.detail ?? undefined,
    };
  }
  if (gate?.state === "probing") {
    return {
      ...closed,
      tone: "busy",
      icon: "pulse",
      title: "Probing",
      detail: "One call at a time shows whether the provider is back. Nothing to do.",
      said: gate.detail ?? undefined,
    };
  }
  if (!isLater) {
    return {
      tone: "good",
      icon: "check",
      title: "Open",
      detail: "Calls are sent as they come.",
      isPausedByPerson: false,
      isOpen: true,
    };
  }
  if (gate?.reason === "out") {
    return {
      ...closed,
      icon: "wifiOff",
      title: "Not answering",
      detail: `A probe is sent${again}. Look at the provider's status page and at the network if it lasts.`,
      said: gate.detail ?? undefined,
    };
  }
  if (gate?.reason === "throttled") {
    return {
      ...closed,
      title: "Asked to wait",
      detail: `The provider limits how often it is called. Calls go on${again}; nothing to do.`,
    };
  }
  return { ...closed, title: "Paused", detail: `A worker met a limit or an outage. Calls go on${again}.` };
}
