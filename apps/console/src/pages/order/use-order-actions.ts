import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Order } from "@tirage/client";
import { useEffect, useState } from "react";
import { client } from "../../api/client.ts";
import { dropOrder } from "../../api/deleted-orders.ts";
import { orderKey, orderQuery } from "../../api/orders.ts";
import { usePlaceOrder } from "../../api/use-place-order.ts";
import { sentenceOf } from "../../components/error-state.tsx";
import { showToast } from "../../components/toasts.tsx";
import { requestOfOrder } from "./request-of-order.ts";

export type OrderActions = ReturnType<typeof useOrderActions>;

/** How soon it shows that a retry was taken up. */
const changeEveryMs = 400;

const tellFailure = (what: string) => (error: unknown) =>
  showToast({ tone: "bad", message: `${what}: ${sentenceOf(error)}` });

/** What can be done with an order. */
export function useOrderActions(order: Order) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const placing = usePlaceOrder();
  /** The version that a retry was asked of: until a newer one, the order still looks ended. */
  const [retriedVersion, setRetriedVersion] = useState(-1);
  const isAwaitingChange = order.version <= retriedVersion;
  useQuery({ ...orderQuery(order.id), refetchInterval: isAwaitingChange ? changeEveryMs : false });
  const readAgain = () => queryClient.invalidateQueries({ queryKey: orderKey(order.id) });
  const cancelling = useMutation({
    mutationFn: (id: string) => client.orders.cancel(id),
    onSuccess: (_, id) => queryClient.invalidateQueries({ queryKey: orderKey(id) }),
    onError: tellFailure("Not cancelled"),
  });
  const isTooLate = cancelling.isSuccess && order.status === "completed" && order.progress.items.cancelled === 0;
  useEffect(() => {
    if (isTooLate) showToast({ tone: "bad", message: "Too late to cancel: the provider had made everything" });
  }, [isTooLate]);
  const retrying = useMutation({
    mutationFn: () => client.orders.retry(order.id),
    onSuccess() {
      setRetriedVersion(order.version);
      // What runs now is not being cancelled, though it was before.
      cancelling.reset();
      return readAgain();
    },
    onError: tellFailure("Not run again"),
  });
  const deleting = useMutation({
    mutationFn: () => client.orders.delete(order.id),
    async onSuccess() {
      // Whoever went elsewhere meanwhile stays there.
      if (location.pathname === `/orders/${order.id}`) await navigate({ to: "/orders" });
      dropOrder(queryClient, order.id);
      queryClient.removeQueries({ queryKey: orderKey(order.id) });
      showToast({ tone: "good", message: "Order deleted" });
    },
    onError: tellFailure("Not deleted"),
  });
  return {
    remove: () => deleting.mutate(),
    isDeleting: deleting.isPending,
    cancel: () => cancelling.mutate(order.id),
    isCancelling: cancelling.isPending || (cancelling.isSuccess && order.finishedAt === null),
    retry: () => retrying.mutate(),
    isRetrying: retrying.isPending || isAwaitingChange,
    isAwaitingChange,
    isPlacing: placing.isPending,
    /** The same settings with another seed, at once; it can be undone while it has not run. */
    async orderAgain() {
      try {
        const { id } = await placing.mutateAsync(requestOfOrder(order, { keepsSeed: false }));
        await navigate({ to: "/orders/$id", params: { id } });
        showToast({
          tone: "good",
          message: "Ordered again with a new seed",
          action: { label: "Undo", run: () => cancelling.mutate(id) },
        });
      } catch (error) {
        tellFailure("Not ordered")(error);
      }
    },
  };
}
