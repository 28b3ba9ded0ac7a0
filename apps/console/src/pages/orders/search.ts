import { itemStatuses, type OrderStatus } from "@tirage/contracts";

/** The filters of the list. What is none of ours is left out, so that an old address still shows a list. */
export interface OrdersSearch {
  status?: OrderStatus;
  model?: string;
}

const isStatus = (value: unknown): value is OrderStatus => itemStatuses.some((status) => status === value);

export const readOrdersSearch = ({ status, model }: Record<string, unknown>): OrdersSearch => ({
  ...(isStatus(status) && { status }),
  ...(typeof model === "string" && model !== "" && { model }),
});
