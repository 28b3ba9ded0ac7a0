/** Whether a worker is to take work, told to it alone and kept by nobody. Subjects: `drain.<workerId>`. */
import { z } from "zod";
import { defineMessage } from "../define-message.ts";
import { instant } from "../vocabulary.ts";

export const drainChanged = defineMessage({
  name: "drain.changed",
  version: 1,
  summary: "A worker is to take no new work, or is to take work again.",
  schema: z.object({
    workerId: z.string().min(1).max(100),
    since: instant.nullable().describe("When a person asked for the drain; null: it takes work again."),
  }),
  subjectPattern: "drain.{workerId}",
  subject: ({ workerId }) => `drain.${workerId}`,
  id: ({ workerId, since }) => `${workerId}:${since ?? "resumed"}`,
});
