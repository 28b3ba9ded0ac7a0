/** Whether a provider is given submits, as operators read it. */
import { z } from "zod";
import { instant } from "../vocabulary.ts";

export const gate = z
  .object({
    provider: z.string(),
    state: z
      .enum(["open", "paused", "stopped", "probing"])
      .describe(
        "`stopped`: the account was refused and must be mended; `probing`: one submit at a time shows whether the provider is back.",
      ),
    until: instant.nullable().describe("No submits before; null when they are taken."),
    reason: z
      .enum(["throttled", "out", "stopped", "held"])
      .nullable()
      .describe("`held`: its queue is paused, by a person or for what another worker met."),
    circuit: z.enum(["closed", "open", "probing"]).describe("`closed`: submits get answers."),
    detail: z.string().nullable().describe("What the provider said when it went out or was stopped."),
  })
  .meta({ id: "Gate" });
export type Gate = z.infer<typeof gate>;

export const providerPause = z
  .object({
    provider: z.string(),
    pausedAt: instant.nullable().describe("When a person paused it; null when it is not paused by anybody."),
  })
  .meta({ id: "ProviderPause" });
export type ProviderPause = z.infer<typeof providerPause>;

/** What a pause without an end is to the broker, which knows none. */
export const pausedForGood = new Date("2200-01-01T00:00:00.000Z");

const dayMs = 86_400_000;

/** Whether a pause that the broker tells of is one without an end, which only people ask for. */
export const isPausedForGood = (until: Date): boolean => until.getTime() > pausedForGood.getTime() - dayMs;
