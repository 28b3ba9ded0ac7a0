import type { Order } from "@tirage/client";
import { OrderRow } from "./order-row.tsx";
import { useRowKeys } from "./use-row-keys.ts";

/** The orders as rows; j and k go down and up through them. */
export function OrderList({ orders }: { orders: readonly Order[] }) {
  const list = useRowKeys();
  return (
    <ul ref={list} className="card divide-y divide-line overflow-hidden">
      {orders.map((order) => (
        <OrderRow key={order.id} order={order} />
      ))}
    </ul>
  );
}
