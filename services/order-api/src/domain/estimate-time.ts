import type { EstimatedTime } from "@tirage/contracts";

/** When an order of so many generations would end, as far as what it takes is known. */
export function estimateTime(
  generations: number,
  { waitingGenerations, medianGenerationMs, slots }: Omit<EstimatedTime, "durationMs">,
): EstimatedTime {
  const isKnown = waitingGenerations !== null && medianGenerationMs !== null && slots !== null && slots > 0;
  return {
    durationMs: isKnown ? Math.ceil((waitingGenerations + generations) / slots) * medianGenerationMs : null,
    waitingGenerations,
    medianGenerationMs,
    slots,
  };
}
