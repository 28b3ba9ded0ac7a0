import { reachability, tryNow } from "../api/reachability.ts";
import { Button } from "../components/button.tsx";
import { formatClock } from "../components/format.ts";
import { Icon } from "../components/icon.tsx";
import { useNow } from "../components/use-now.ts";

/** Says that the API cannot be reached, and when it is tried again; what the page shows may be old meanwhile. */
export function ConnectionBanner() {
  const { isReachable, lostAtMs, nextTryAtMs } = reachability.use();
  const now = useNow(isReachable ? undefined : 500);
  if (isReachable) return null;
  const seconds = nextTryAtMs === undefined ? 0 : Math.max(0, Math.ceil((nextTryAtMs - now) / 1_000));
  return (
    <div role="alert" className="border-b border-warn bg-warn-soft text-warn">
      <div className="mx-auto flex max-w-7xl flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 text-sm sm:px-6">
        <Icon name="wifiOff" />
        <p className="min-w-0 flex-1 basis-60 font-medium">
          The API cannot be reached. What you see is as of {lostAtMs && formatClock(lostAtMs)}, or older.
        </p>
        <p aria-hidden="true">{seconds > 0 ? `Trying again in ${seconds} s` : "Trying…"}</p>
        <Button kind="quiet" size="small" className="text-warn" onClick={() => void tryNow()}>
          Try now
        </Button>
      </div>
    </div>
  );
}
