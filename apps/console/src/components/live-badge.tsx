import type { FeedState } from "../api/use-order-feed.ts";
import { Badge } from "./status-badge.tsx";

/** Whether what is shown follows what happens. */
export function LiveBadge({ state }: { state: FeedState }) {
  if (state === "off") return null;
  if (state === "live") {
    return (
      <Badge tone="good" icon="wifi">
        Live
      </Badge>
    );
  }
  return (
    <Badge tone={state === "connecting" ? "idle" : "warn"} icon="spinner">
      {state === "connecting" ? "Connecting…" : "Reconnecting…"}
    </Badge>
  );
}
