import type { Order } from "@tirage/client";
import type { OrderRequestInput } from "@tirage/contracts";

/** The request that orders the same again: with the order's seed the same images, without it others. */
export function requestOfOrder(order: Order, { keepsSeed }: { keepsSeed: boolean }): OrderRequestInput {
  const { generations, batchSize, lastBatchSize, totalProducts } = order.plan;
  const isEven = lastBatchSize === batchSize;
  return {
    provider: order.provider,
    model: order.model,
    ...(order.modelVersion !== null && { modelVersion: order.modelVersion }),
    prompt: order.prompt,
    ...(isEven ? { generations, batchSize } : { quantity: totalProducts, batchSize }),
    // What the API answered is JSON.
    ...(Object.keys(order.parameters).length > 0 && {
      parameters: order.parameters as OrderRequestInput["parameters"],
    }),
    ...(order.priority !== "standard" && { priority: order.priority }),
    ...(order.shortfall !== "accept" && { shortfall: order.shortfall }),
    ...(Object.keys(order.metadata).length > 0 && { metadata: order.metadata }),
    ...(keepsSeed && { seed: order.seed }),
  };
}
