import type { FeedState } from "../api/use-order-feed.ts";
import { Badge } from "./status-badge.tsx";

/** Whether what is shown follows what happens. */
export function LiveBadge({ state }: { state: FeedState }) {
  // As wide as its longest word, so that nothing beside it moves when it changes; at the edge where there is one.
  return (
    <span className="inline-flex w-32 sm:justify-end">
      {state === "live" && (
        <Badge tone="good" icon="wifi">
          Live
        </Badge>
      )}
      {state === "connecting" && (
        <Badge tone="idle" icon="spinner">
          Connecting…
        </Badge>
      )}
      {state === "reconnecting" && (
        <Badge tone="warn" icon="spinner">
          Reconnecting…
        </Badge>
      )}
    </span>
  );
}
