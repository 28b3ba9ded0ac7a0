/** What Tirage did, told from two looks at an order's items. Pure. */
import type { Item } from "@tirage/client";

type Seen = Pick<Item, "index" | "attempt" | "batchSize" | "status" | "produced" | "workerId" | "error">;

export interface Telling {
  readonly provider: string;
  /** Calls of the plan: those beyond make up for what was missing. */
  readonly generations: number;
  /** A worker's name by its id. */
  readonly nameOf: (workerId: string | null) => string;
}

/** One line for each thing that has happened to an item since the look before. */
export function narrate(before: Seen | undefined, now: Seen, telling: Telling): string[] {
  const { provider, generations, nameOf } = telling;
  const call = `call ${now.index + 1}`;
  const lines: string[] = [];
  if (!before && now.index >= generations) lines.push(`orders what is missing: ${call}, ${images(now.batchSize)}`);
  const isNewAttempt = before !== undefined && now.attempt > before.attempt;
  if (isNewAttempt) lines.push(`${call} failed at ${provider}: tries it again by itself, attempt ${now.attempt}`);
  const isNews = isNewAttempt || now.status !== (before?.status ?? "pending");
  if (!isNews) return lines;
  if (now.status === "processing") {
    lines.push(`${call}: ${provider} accepted it, ${images(now.batchSize)}; ${nameOf(now.workerId)} waits for it`);
  }
  if (now.status === "completed") {
    const isTakenOver =
      before?.status === "processing" && !isNewAttempt && before.workerId !== null && now.workerId !== before.workerId;
    if (isTakenOver) {
      lines.push(`${call}: ${nameOf(now.workerId)} took over and asked ${provider} for the same request`);
    }
    lines.push(`${call}: ${now.produced} of ${images(now.batchSize)} stored${missing(now)}`);
  }
  if (now.status === "failed") lines.push(`${call} has failed for good: ${now.error?.message ?? "no reason is known"}`);
  return lines;
}

const images = (count: number) => (count === 1 ? "1 image" : `${count} images`);

function missing({ produced, batchSize }: Seen): string {
  return produced < batchSize ? `; ${batchSize - produced} cannot be used and will be ordered again` : "";
}
