/** What one replica knows of a provider, told to the others at once and kept by nobody. Subjects: `gate.<provider>`. */
import { z } from "zod";
import { defineMessage } from "../define-message.ts";
import { instant, providerName } from "../vocabulary.ts";

export const gateChanged = defineMessage({
  name: "gate.changed",
  version: 1,
  summary: "A provider is given no submits until an instant, or is given them again.",
  schema: z.object({
    provider: providerName,
    change: z
      .enum(["throttled", "out", "stopped", "paused", "mended", "resumed"])
      .describe("`paused`, `resumed`: by a person; `mended`: a probe went well."),
    until: instant.optional().describe("Of what closes the gate: no submits before."),
    repeats: z.int().min(1).optional().describe("Outages or stops in a row, this one included: each lasts longer."),
    detail: z.string().max(500).optional().describe("What the provider said."),
  }),
  subjectPattern: "gate.{provider}",
  subject: ({ provider }) => `gate.${provider}`,
  id: ({ provider, change, until = "" }) => `${provider}:${change}:${until}`,
});
