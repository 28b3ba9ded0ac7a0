import { Skeleton } from "../../components/skeleton.tsx";

/** The shape of an order while it is read. */
export function OrderSkeleton() {
  return (
    <div aria-busy="true" className="space-y-6">
      <h1 className="sr-only">Loading the order</h1>
      <Skeleton className="h-9 w-2/3" />
      <Skeleton className="h-32 rounded-2xl" />
      <div className="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-4">
        {Array.from({ length: 8 }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: all alike, and never moved
          <Skeleton key={index} className="aspect-square rounded-xl" />
        ))}
      </div>
    </div>
  );
}
