import type { Health } from "@tirage/client";
import { formatCount } from "../../components/format.ts";

/** One line of what an installation needs. */
export interface Check {
  readonly name: string;
  readonly isGood: boolean;
  readonly state: string;
  /** What it is for while it is good, and what to do when it is not. */
  readonly advice: string;
}

const dependencyTexts: Readonly<
  Record<Health["dependencies"][number]["name"], { name: string; use: string; mend: string }>
> = {
  database: {
    name: "Postgres",
    use: "keeps orders, items and products",
    mend: "orders cannot be accepted; start it, or correct DATABASE_URL",
  },
  broker: {
    name: "NATS",
    use: "carries work to the generators",
    mend: "orders are accepted and wait; start it, or correct NATS_URL",
  },
  store: { name: "Image store", use: "keeps the images", mend: "images cannot be kept or shown; correct BLOB_URL" },
};

/** What a first run needs, in the order in which it is needed. */
export function listChecks({ dependencies, services, providers }: Health, isReachable = true): Check[] {
  const workers = services?.find(({ service }) => service === "generator")?.replicas ?? [];
  const active = workers.filter(({ drain }) => !drain);
  const slots = active.reduce((sum, worker) => sum + (worker.slots ?? 0), 0);
  return [
    isReachable
      ? { name: "API", isGood: true, state: "answers", advice: "it serves this page" }
      : { name: "API", isGood: false, state: "does not answer", advice: "what else is told here was so before" },
    ...dependencies.map(({ name, reachable, version }) => {
      const { name: title, use, mend } = dependencyTexts[name];
      const state = reachable ? (version ?? "answers") : "does not answer";
      return { name: title, isGood: reachable, state, advice: reachable ? use : mend };
    }),
    {
      name: "Workers",
      isGood: active.length > 0,
      state: workers.length > 0 ? `${formatCount(workers.length, "generator")}, ${formatCount(slots, "slot")}` : "none",
      advice:
        active.length > 0
          ? "they make the images"
          : workers.length > 0
            ? "each is drained, and orders wait; resume one in Operations"
            : "orders wait; npm start -- --generators 2 starts two",
    },
    {
      name: "Providers",
      isGood: providers.length > 0,
      state: providers.length > 0 ? providers.join(", ") : "none",
      advice:
        providers.length > 0
          ? "without FAL_KEY or REPLICATE_API_TOKEN, npm start uses the sandbox, which costs nothing"
          : "nothing can be ordered; name some in PROVIDERS",
    },
  ];
}
