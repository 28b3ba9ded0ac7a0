import { z } from "zod";
import { providers } from "../submission.ts";
import { describeFault, type FaultSetting, faultNames } from "./catalogue.ts";

const settings = {
  status: z.int().min(400).max(599).optional(),
  retryAfterSeconds: z.int().min(0).max(3600).optional(),
  latencyMs: z.int().min(0).max(3_600_000).optional(),
  count: z.int().min(1).max(100).optional(),
  billed: z.boolean().optional(),
  error: z.string().min(1).max(1000).optional(),
} as const satisfies Record<FaultSetting, z.ZodType>;

/**
 * When a fault strikes. Without `every` and `probability` it strikes at every occasion; `skip` lets the first occasions pass,
 * `times` ends it after so many strikes.
 */
export const faultRuleSchema = z
  .strictObject({
    fault: z.enum(faultNames, { error: "no such fault; GET /__control and the README list them" }),
    provider: z.enum(providers).optional(),
    /** fal: the endpoint id with its sub-path. Replicate: `owner/name`. */
    model: z.string().min(1).max(300).optional(),
    /** Of the input: tells one generation of an order from its others. For faults of a job's course. */
    inputSeed: z.int().optional(),
    skip: z.int().min(0).optional(),
    every: z.int().min(1).optional(),
    probability: z.number().min(0).max(1).optional(),
    times: z.int().min(1).optional(),
    /** Of this rule's probability; the sandbox's own seed when absent. */
    seed: z.int().optional(),
    ...settings,
  })
  .superRefine((rule, context) => {
    const { provider, stage, settings: allowed } = describeFault(rule.fault);
    if (rule.inputSeed !== undefined && stage !== "job") {
      const message = `${rule.fault} is decided without the input; only faults of a job's course know it`;
      context.addIssue({ code: "custom", path: ["inputSeed"], message });
    }
    if (provider && rule.provider && rule.provider !== provider) {
      context.addIssue({ code: "custom", path: ["provider"], message: `${rule.fault} exists for ${provider} only` });
    }
    for (const setting of Object.keys(settings) as FaultSetting[]) {
      if (rule[setting] === undefined || allowed.includes(setting)) continue;
      const known = allowed.length > 0 ? allowed.join(", ") : "none";
      context.addIssue({
        code: "custom",
        path: [setting],
        message: `${rule.fault} has no such setting; its settings: ${known}`,
      });
    }
  });

export type FaultRule = z.infer<typeof faultRuleSchema>;
