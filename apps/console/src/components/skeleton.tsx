import { classNames } from "./class-names.ts";

/** The shape of what is on its way; whoever shows it says in words that it loads. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden="true" className={classNames("animate-pulse rounded-lg bg-raised", className)} />;
}

/** Rows of a list on its way. */
export function SkeletonRows({ rows, name }: { rows: number; name: string }) {
  return (
    <div aria-busy="true" className="space-y-3">
      <p className="sr-only">Loading {name}</p>
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: all alike, and never moved
        <Skeleton key={index} className="h-16" />
      ))}
    </div>
  );
}
