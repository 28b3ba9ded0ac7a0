import type { OrderRequestInput } from "@tirage/contracts";
import { formatTirage } from "./format-tirage.ts";
import { quoteForShell } from "./quote-for-shell.ts";

/** The flags of fields that hold one value, in the order in which they are read best. */
const flags = {
  provider: "--provider",
  model: "--model",
  modelVersion: "--model-version",
  prompt: "--prompt",
  generations: "--generations",
  quantity: "--quantity",
  batchSize: "--batch-size",
  remainder: "--remainder",
  shortfall: "--shortfall",
  priority: "--priority",
  seed: "--seed",
  startAt: "--start-at",
  expiresAt: "--expires-at",
} as const satisfies Partial<Record<keyof OrderRequestInput, string>>;

/** A text that the command would take for a number, a list and so on; in quotes it stays a text. */
function isReadAsJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The order as a `tirage` command that watches it and keeps its images. */
export function formatCommandLine(request: OrderRequestInput, origin: string): string {
  const parts = (Object.keys(flags) as (keyof typeof flags)[]).flatMap((field) => {
    const value = request[field];
    return value === undefined ? [] : [`${flags[field]} ${quoteForShell(String(value))}`];
  });
  for (const [name, value] of Object.entries(request.parameters ?? {})) {
    const text = typeof value === "string" && !isReadAsJson(value) ? value : JSON.stringify(value);
    parts.push(`--parameter ${quoteForShell(`${name}=${text}`)}`);
  }
  for (const [key, value] of Object.entries(request.metadata ?? {})) {
    parts.push(`--metadata ${quoteForShell(`${key}=${value}`)}`);
  }
  return formatTirage(["order create", ...parts, "--watch --out ./images"].join(" \\\n  "), origin);
}
