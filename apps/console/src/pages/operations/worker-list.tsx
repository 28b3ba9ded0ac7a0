import type { Worker } from "@tirage/client";
import { formatClock, formatWhole } from "../../components/format.ts";
import { RelativeTime } from "../../components/relative-time.tsx";
import { Badge } from "../../components/status-badge.tsx";
import { useNow } from "../../components/use-now.ts";
import { DrainControls } from "./drain-controls.tsx";
import { Figure } from "./figure.tsx";

/** A heartbeat older than this is worth a look: they come every few seconds, and a silent worker is soon dropped. */
const lateMs = 15_000;

export function WorkerList({ workers, asOfMs }: { workers: readonly Worker[]; asOfMs: number | undefined }) {
  if (workers.length === 0) {
    return (
      <p className="card p-5 text-sm text-ink-soft">
        No worker is running. Orders are accepted all the same, and wait. <code>npm start -- --generators 2</code>{" "}
        starts two.
      </p>
    );
  }
  return (
    <ul className="grid gap-3 lg:grid-cols-2">
      {workers.map((worker) => (
        <WorkerCard key={worker.id} worker={worker} asOfMs={asOfMs} />
      ))}
    </ul>
  );
}

function WorkerCard({ worker, asOfMs }: { worker: Worker; asOfMs: number | undefined }) {
  const { id, version, slots = 0, running = [], completed = 0, failed = 0, lastSeenAt, startedAt } = worker;
  const now = useNow(5_000);
  const isLate = (asOfMs ?? now) - Date.parse(lastSeenAt) > lateMs;
  return (
    <li className="card p-4">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="min-w-0 truncate font-mono text-sm font-semibold">{id}</h3>
        <div className="flex flex-wrap items-center gap-2">
          <WorkerState worker={worker} isLate={isLate} />
          <DrainControls worker={worker} />
        </div>
      </div>
      <dl className="mt-3 grid grid-cols-2 gap-3 text-sm sm:grid-cols-4">
        <Figure name="Slots in use">
          {running.length} of {slots}
          <progress
            aria-label={`Slots of ${id} in use`}
            value={running.length}
            max={Math.max(1, slots)}
            className="mt-1.5 block"
          />
        </Figure>
        <Figure name="Completed">{formatWhole(completed)}</Figure>
        <Figure name="Failed">{formatWhole(failed)}</Figure>
        <Figure name="Heartbeat">
          {asOfMs === undefined ? <RelativeTime instant={lastSeenAt} /> : formatClock(Date.parse(lastSeenAt))}
        </Figure>
      </dl>
      <p className="mt-3 text-xs text-ink-soft">
        Version {version}, started <RelativeTime instant={startedAt} />
        <LastItem worker={worker} />
      </p>
    </li>
  );
}

function WorkerState({ worker: { drain, running = [] }, isLate }: { worker: Worker; isLate: boolean }) {
  const isBusy = drain ? drain.state === "draining" : running.length > 0;
  const tone = isLate ? "warn" : isBusy ? "busy" : drain ? "idle" : "good";
  return (
    <Badge tone={tone} icon={isLate ? "alert" : drain ? (isBusy ? "clock" : "pause") : "heart"}>
      {isLate && "No heartbeat"}
      {!isLate && drain && (isBusy ? `Draining (${formatWhole(drain.left)} left)` : "Drained")}
      {!isLate && !drain && (isBusy ? "Working" : "Idle")}
    </Badge>
  );
}

function LastItem({ worker: { lastItem } }: { worker: Worker }) {
  if (!lastItem) return null;
  return (
    <>
      . Last item <span className="font-mono">…{lastItem.itemId.slice(-8)}</span> {lastItem.outcome}{" "}
      <RelativeTime instant={lastItem.endedAt} />
    </>
  );
}
