/** What the demo orders, and what is done to its calls meanwhile. */

export const demoRequest = {
  provider: "fal",
  model: "fal-ai/flux/schnell",
  prompt: "a lighthouse at dusk",
  quantity: 10,
  batchSize: 4,
  shortfall: "top_up",
} as const;

/** Of the calls, counted from 0. */
const doomedIndex = 0;
const filteredIndex = 1;
export const slowIndex = 2;

/** Long enough to see the call under way and to kill its worker, on a busy machine too. */
const slowMs = 10_000;

/** One rule of the sandbox, and what it does in words. */
export interface DemoFault {
  readonly rule: Readonly<Record<string, unknown>>;
  readonly does: string;
}

/** Generation n is sent with the order's seed plus n: by that the sandbox knows the calls apart. */
export function planFaults(orderSeed: number): DemoFault[] {
  return [
    {
      rule: { fault: "job_failed", provider: "fal", inputSeed: orderSeed + doomedIndex, times: 1 },
      does: `accepts call ${doomedIndex + 1} and lets it fail; a failed call is not charged`,
    },
    {
      rule: { fault: "nsfw", provider: "fal", inputSeed: orderSeed + filteredIndex, times: 1 },
      does: `blacks out one of the 4 images of call ${filteredIndex + 1}, as fal's safety filter does, and charges all 4`,
    },
    {
      rule: { fault: "slow", provider: "fal", inputSeed: orderSeed + slowIndex, times: 1, latencyMs: slowMs },
      does: `takes ${slowMs / 1000} s for call ${slowIndex + 1}: time to kill who waits for it`,
    },
  ];
}

/** Any that leaves room for the seeds of the calls. */
export function drawSeed(random: number): number {
  return Math.floor(random * 0x7fff_ffff);
}
