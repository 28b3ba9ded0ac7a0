import { formatCount, formatDuration, formatWhole } from "../../components/format.ts";
import { Badge } from "../../components/status-badge.tsx";
import { useNow } from "../../components/use-now.ts";
import { describeGate, type GateView } from "./describe-gate.ts";
import { Figure } from "./figure.tsx";
import { GateControls } from "./gate-controls.tsx";
import type { ProviderQueues } from "./group-queues.ts";
import { Sparkline } from "./sparkline.tsx";

/** One provider: whether it is given calls, what waits for it, and how fast it goes. */
export function ProviderCard({
  queues,
  rates,
  asOfMs,
}: {
  queues: ProviderQueues;
  rates: readonly number[];
  asOfMs: number | undefined;
}) {
  const { provider, work, turns } = queues;
  const now = useNow(1_000);
  // What is no longer followed is told as of then: a pause whose end has passed since may have been made longer.
  const view = describeGate(work ?? {}, asOfMs ?? now);
  const headingId = `provider-${provider}`;
  return (
    <article aria-labelledby={headingId} className="card flex flex-col gap-4 p-5">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <h3 id={headingId} className="text-lg font-semibold">
          {provider}
        </h3>
        {work && <GateControls provider={provider} view={view} />}
      </div>
      {work ? (
        <>
          <GateState view={view} />
          <dl className="grid grid-cols-2 gap-x-4 gap-y-3 text-sm sm:grid-cols-4">
            <Figure name="Waiting">{formatWhole(work.depth)}</Figure>
            <Figure name="In flight">{formatWhole(work.inFlight)}</Figure>
            <Figure name="Redelivered">{formatWhole(work.redelivered)}</Figure>
            <Figure name="Oldest">{work.oldestAgeMs === null ? "–" : formatDuration(work.oldestAgeMs)}</Figure>
          </dl>
          <Rate provider={provider} perMinute={work.deliveredPerMinute} rates={rates} />
        </>
      ) : (
        <p className="text-sm text-ink-soft">No generator has run for this provider yet.</p>
      )}
      <p className="text-xs text-ink-soft">{formatCount(turns?.depth ?? 0, "order")} waiting for the next turn</p>
    </article>
  );
}

function GateState({ view: { tone, icon, title, detail, said } }: { view: GateView }) {
  return (
    <div className="text-sm text-ink-soft">
      <p>
        <Badge tone={tone} icon={icon}>
          {title}
        </Badge>
      </p>
      <p className="mt-1.5">{detail}</p>
      {said && <p className="mt-1">It said: “{said}”</p>}
    </div>
  );
}

function Rate({
  provider,
  perMinute,
  rates,
}: {
  provider: string;
  perMinute: number | null;
  rates: readonly number[];
}) {
  const now = perMinute === null ? "not known yet" : `${formatWhole(Math.round(perMinute))} a minute`;
  return (
    <div>
      <p className="mb-1 flex justify-between gap-2 text-xs text-ink-soft">
        <span>Calls begun</span>
        <span className="font-medium text-ink">{now}</span>
      </p>
      <Sparkline values={rates} name={`Calls begun at ${provider} over the last minutes; now ${now}`} />
    </div>
  );
}
