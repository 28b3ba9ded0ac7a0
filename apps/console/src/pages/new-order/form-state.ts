/** What the order form holds. Everything typed is text until `build-request.ts` reads it. */
import type { Order } from "@tirage/client";
import { type OrderRequest, priority, shortfall } from "@tirage/contracts";
import { z } from "zod";
import { toLocalTime } from "./local-time.ts";

const remainders = ["exact", "overshoot"] as const satisfies OrderRequest["remainder"][];

const formState = z.object({
  provider: z.string(),
  model: z.string(),
  modelVersion: z.string(),
  prompt: z.string(),
  amount: z.object({
    decidedBy: z.enum(["generations", "images"]),
    generations: z.string(),
    batchSize: z.string(),
    images: z.string(),
  }),
  /** By name; empty is the model's default. */
  parameters: z.record(z.string(), z.string()),
  seed: z.string(),
  priority,
  remainder: z.enum(remainders),
  shortfall,
  startAt: z.string(),
  expiresAt: z.string(),
  metadata: z.array(z.object({ id: z.string(), key: z.string(), value: z.string() })),
  /** In dollars: what costs more is asked about. */
  budget: z.string(),
});
export type FormState = z.infer<typeof formState>;

/** The example that a newcomer meets: ten images in batches of four, 4 + 4 + 2. */
export const exampleForm: FormState = {
  provider: "fal",
  model: "fal-ai/flux/schnell",
  modelVersion: "",
  prompt: "A lighthouse at dusk, gouache on rough paper",
  amount: { decidedBy: "images", generations: "3", batchSize: "4", images: "10" },
  parameters: {},
  seed: "",
  priority: "standard",
  remainder: "exact",
  shortfall: "accept",
  startAt: "",
  expiresAt: "",
  metadata: [],
  budget: "1.00",
};

/** What was stored by this or an earlier console; undefined when it is none of a form. */
export const readFormState = (stored: unknown): FormState | undefined => formState.safeParse(stored).data;

/** The form that orders the same again, seed and all. Its dates stay behind: they have passed. */
export function formOfOrder(order: Order, budget: string): FormState {
  const { generations, batchSize, lastBatchSize, totalProducts } = order.plan;
  return {
    ...exampleForm,
    provider: order.provider,
    model: order.model,
    modelVersion: order.modelVersion ?? "",
    prompt: order.prompt,
    amount: {
      decidedBy: lastBatchSize === batchSize ? "generations" : "images",
      generations: String(generations),
      batchSize: String(batchSize),
      images: String(totalProducts),
    },
    parameters: Object.fromEntries(
      Object.entries(order.parameters).map(([name, value]) => [
        name,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
    seed: String(order.seed),
    priority: order.priority,
    shortfall: order.shortfall,
    startAt: order.startAt && Date.parse(order.startAt) > Date.now() ? toLocalTime(order.startAt) : "",
    metadata: Object.entries(order.metadata).map(([key, value]) => ({ id: key, key, value })),
    budget,
  };
}
