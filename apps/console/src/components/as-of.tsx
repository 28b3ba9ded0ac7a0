import { formatClock } from "./format.ts";

/** Of when it is what is shown, where that is no longer followed; what it says of has the class `stale`, and is grey. */
export function AsOf({ ms }: { ms: number }) {
  return (
    <span className="text-sm font-medium whitespace-nowrap text-warn">
      As of <time dateTime={new Date(ms).toISOString()}>{formatClock(ms)}</time>
    </span>
  );
}
