import { formatAbsoluteTime, formatRelativeTime } from "./format.ts";
import { useNow } from "./use-now.ts";

const everyMs = 10_000;

/** "3 minutes ago", with the exact time in its tip. */
export function RelativeTime({ instant }: { instant: string }) {
  const now = useNow(everyMs);
  return (
    <time dateTime={instant} title={formatAbsoluteTime(instant)}>
      {formatRelativeTime(instant, now)}
    </time>
  );
}
