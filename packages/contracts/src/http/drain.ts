/** How far a worker is that takes no new work, as it tells itself and as operators read it. */
import { z } from "zod";
import { instant } from "../vocabulary.ts";

export const drain = z
  .object({
    state: z
      .enum(["draining", "drained"])
      .describe("`drained`: it asks for nothing and runs nothing; ending its process hands no work back."),
    left: z.int().min(0).describe("Generations that it has still to end."),
    since: instant.describe("When it was asked for; names the wish."),
  })
  .meta({ id: "Drain" });
export type Drain = z.infer<typeof drain>;
