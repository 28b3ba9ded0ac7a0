import type { Queue } from "@tirage/client";
import { formatRelativeTime } from "../../components/format.ts";
import type { IconName } from "../../components/icon.tsx";
import type { Tone } from "../../components/status-badge.tsx";

/** Whether a provider is given calls, why not, and what a person can do. */
export interface GateView {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly title: string;
  readonly detail: string;
  readonly isOpen: boolean;
}

/** A pause longer than a provider asks for was made by a person. */
const personsPauseMs = 3_600_000;

/** What the pause of a provider's queue means. */
export function describeGate({ pausedUntil }: Pick<Queue, "pausedUntil">, nowMs: number): GateView {
  const remainingMs = pausedUntil ? Date.parse(pausedUntil) - nowMs : 0;
  if (!pausedUntil || remainingMs <= 0) {
    return { tone: "good", icon: "check", title: "Open", detail: "Calls are sent as they come.", isOpen: true };
  }
  if (remainingMs > personsPauseMs) {
    return {
      tone: "warn",
      icon: "pause",
      title: "Paused",
      detail: "A person paused it. What is ordered waits, and nothing is lost; resume when the calls may go on.",
      isOpen: false,
    };
  }
  return {
    tone: "warn",
    icon: "clock",
    title: "Waits",
    detail: `The provider asked for a pause, did not answer, or refused the key. It is tried again ${formatRelativeTime(pausedUntil, nowMs)}; resume to try now.`,
    isOpen: false,
  };
}
