import type { Queue } from "@tirage/client";
import { formatDuration, formatWhole } from "../../components/format.ts";
import { Figure } from "./figure.tsx";

/** Queues of the system itself, which belong to no provider. */
const purposes: Readonly<Record<string, string>> = {
  "dispatcher-order-created": "New orders, for the dispatcher",
  "status-aggregator-item-events": "What became of items, for the status aggregator",
};

export function QueueList({ queues }: { queues: readonly Queue[] }) {
  return (
    <ul className="grid gap-3 lg:grid-cols-2">
      {queues.map(({ name, depth, inFlight, redelivered, oldestAgeMs }) => (
        <li key={name} className="card p-4">
          <h3 className="text-sm font-semibold">{name}</h3>
          {purposes[name] && <p className="text-xs text-ink-soft">{purposes[name]}</p>}
          <dl className="mt-3 grid grid-cols-2 gap-3 text-sm sm:grid-cols-4">
            <Figure name="Waiting">{formatWhole(depth)}</Figure>
            <Figure name="In flight">{formatWhole(inFlight)}</Figure>
            <Figure name="Redelivered">{formatWhole(redelivered)}</Figure>
            <Figure name="Oldest">{oldestAgeMs === null ? "–" : formatDuration(oldestAgeMs)}</Figure>
          </dl>
        </li>
      ))}
    </ul>
  );
}
