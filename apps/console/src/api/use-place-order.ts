import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { OrderRequestInput } from "@tirage/contracts";
import { useRef } from "react";
import { client } from "./client.ts";
import { createKey } from "./create-key.ts";
import { orderKey } from "./orders.ts";

/**
 * Places an order. The same order sent again because no answer came, or because somebody pressed twice, has the same
 * Idempotency-Key and is placed once; after an answer, the same order is another one.
 */
export function usePlaceOrder() {
  const queryClient = useQueryClient();
  const sent = useRef({ body: "", key: "" });
  return useMutation({
    mutationFn(request: OrderRequestInput) {
      const body = JSON.stringify(request);
      if (sent.current.body !== body) sent.current = { body, key: createKey() };
      return client.orders.create(request, { idempotencyKey: sent.current.key });
    },
    onSuccess(order) {
      sent.current = { body: "", key: "" };
      queryClient.setQueryData(orderKey(order.id), order);
      void queryClient.invalidateQueries({ queryKey: ["orders"] });
    },
  });
}
