import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { TirageProblem } from "@tirage/client";
import { useEffect } from "react";
import { modelsQuery } from "../../api/models.ts";
import { orderQuery } from "../../api/orders.ts";
import { announce } from "../../components/announcer.tsx";
import { buttonClass } from "../../components/button.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { ErrorState } from "../../components/error-state.tsx";
import { PageHeader } from "../../components/page-header.tsx";
import { OrderSkeleton } from "./order-skeleton.tsx";
import { OrderView } from "./order-view.tsx";

const route = getRouteApi("/orders/$id");

export function OrderPage() {
  const { id } = route.useParams();
  const { data: order, error, isPending, refetch } = useQuery(orderQuery(id));
  const models = useQuery(modelsQuery);
  // Also of one that was shown until now.
  if (error instanceof TirageProblem && error.status === 404) {
    return error.type === "/problems/order-deleted" ? <DeletedOrder /> : <NoSuchOrder />;
  }
  // The catalogue says which shape the images will have; without it they are taken for square.
  if (order && !models.isPending) {
    const rules = models.data?.find(({ provider, model }) => provider === order.provider && model === order.model);
    return <OrderView key={id} order={order} rules={rules?.parameters} />;
  }
  if (isPending || order) return <OrderSkeleton />;
  return (
    <>
      <PageHeader title="Order" />
      <ErrorState error={error} onRetry={() => void refetch()} />
    </>
  );
}

function DeletedOrder() {
  useEffect(() => announce("This order was deleted"), []);
  return (
    <Missing title="Order deleted" icon="trash" what="This order was deleted">
      Its images went with it, and nothing brings them back.
    </Missing>
  );
}

function NoSuchOrder() {
  return (
    <Missing title="No such order" icon="list" what="No order has this id">
      It may belong to another installation, or the address is cut off.
    </Missing>
  );
}

function Missing({
  title,
  icon,
  what,
  children,
}: {
  title: string;
  icon: "trash" | "list";
  what: string;
  children: string;
}) {
  return (
    <>
      <PageHeader title={title} />
      <EmptyState
        icon={icon}
        title={what}
        action={
          <Link to="/orders" className={buttonClass({ kind: "primary" })}>
            See all orders
          </Link>
        }
        command="order list"
      >
        {children}
      </EmptyState>
    </>
  );
}
