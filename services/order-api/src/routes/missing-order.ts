import type { Dependencies } from "../dependencies.ts";
import { ProblemError } from "../errors.ts";
import { notFound } from "./responses.ts";

/** Why the tenant has no such order: one that it deleted is told apart from one that never was, or is another's. */
export async function missingOrder(
  { reader }: Pick<Dependencies, "reader">,
  tenantId: string,
  orderId: string,
): Promise<ProblemError> {
  const deletion = await reader.findDeletion(tenantId, orderId);
  if (!deletion) return notFound("order", orderId);
  return new ProblemError("order-deleted", `order ${orderId} was deleted at ${deletion.deletedAt}`);
}
