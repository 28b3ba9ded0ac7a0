import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { TirageProblem } from "@tirage/client";
import { modelsQuery } from "../../api/models.ts";
import { orderQuery } from "../../api/orders.ts";
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
  // The catalogue says which shape the images will have; without it they are taken for square.
  if (order && !models.isPending) {
    const rules = models.data?.find(({ provider, model }) => provider === order.provider && model === order.model);
    return <OrderView key={id} order={order} rules={rules?.parameters} />;
  }
  if (isPending || order) return <OrderSkeleton />;
  if (error instanceof TirageProblem && error.status === 404) return <NoSuchOrder />;
  return (
    <>
      <PageHeader title="Order" />
      <ErrorState error={error} onRetry={() => void refetch()} />
    </>
  );
}

function NoSuchOrder() {
  return (
    <>
      <PageHeader title="No such order" />
      <EmptyState
        icon="list"
        title="No order has this id"
        action={
          <Link to="/orders" className={buttonClass({ kind: "primary" })}>
            See all orders
          </Link>
        }
        command="tirage order list"
      >
        It may belong to another installation, or the address is cut off.
      </EmptyState>
    </>
  );
}
