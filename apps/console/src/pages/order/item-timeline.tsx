import { classNames } from "../../components/class-names.ts";
import { formatDuration } from "../../components/format.ts";
import type { TimelineStep } from "./timeline-steps.ts";

const colours: Readonly<Record<TimelineStep["name"], string>> = {
  Queued: "bg-line-strong",
  Dispatched: "bg-warn",
  Provider: "bg-accent",
  Stored: "bg-good",
};
/** In percent; so that what took no time is seen too. */
const narrowest = 2;

/** Queued → dispatched → provider → stored, each as long as it took. */
export function ItemTimeline({ steps }: { steps: readonly TimelineStep[] }) {
  const totalMs = Math.max(
    1,
    steps.reduce((sum, { durationMs }) => sum + durationMs, 0),
  );
  return (
    <div className="space-y-3">
      <div aria-hidden="true" className="flex h-3 gap-0.5 overflow-hidden rounded-full bg-line">
        {steps.map(({ name, durationMs, isRunning }) => (
          <span
            key={name}
            style={{ flexGrow: Math.max(narrowest, (durationMs / totalMs) * 100) }}
            className={classNames(colours[name], isRunning && "animate-pulse")}
          />
        ))}
      </div>
      <ol aria-label="Timeline" className="grid gap-x-6 gap-y-2 text-xs sm:grid-cols-4">
        {steps.map(({ name, meaning, durationMs, isRunning }) => (
          <li key={name} className="flex items-start gap-2">
            <span aria-hidden="true" className={classNames("mt-1 size-2 shrink-0 rounded-full", colours[name])} />
            <span>
              <span className="font-medium">{name}</span> {formatDuration(durationMs)}
              {isRunning && " so far"}
              <span className="block text-ink-soft">{meaning}</span>
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
