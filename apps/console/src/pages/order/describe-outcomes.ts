import type { Item } from "@tirage/client";
import { formatCount } from "../../components/format.ts";

/** What became of a cancelled generation, and whether it costs. */
export const outcomeWords: Readonly<Record<NonNullable<Item["outcome"]>, string>> = {
  not_started: "Not started, free",
  aborted: "Stopped at the provider, free",
  billed: "Charged: the provider had begun",
};

/** "2 generations not started, 1 charged": of those that were cancelled; undefined when none was. */
export function describeOutcomes(items: readonly Item[]): string | undefined {
  const count = (outcome: Item["outcome"]) => items.filter((item) => item.outcome === outcome).length;
  const parts = [
    [count("not_started"), "not started, free"],
    [count("aborted"), "stopped at the provider, free"],
    [count("billed"), "charged, as the provider had begun"],
  ] as const;
  const told = parts
    .filter(([number]) => number > 0)
    .map(([number, words]) => `${formatCount(number, "generation")} ${words}`);
  return told.length > 0 ? told.join("; ") : undefined;
}
