import type { Item } from "@tirage/client";
import type { ReactNode } from "react";
import { formatAbsoluteTime } from "../../components/format.ts";

/** How it was learnt what came of a call whose answer was lost. */
const recoveryWords = (recovery: NonNullable<Item["recovery"]>): string => recovery.replaceAll("_", " ");

export function ItemFacts({ item }: { item: Item }) {
  return (
    <dl className="grid gap-x-6 gap-y-3 text-sm sm:grid-cols-3">
      <Fact name="Attempt">{item.attempt}</Fact>
      <Fact name="Sent to the provider">{item.submits === 1 ? "once" : `${item.submits} times`}</Fact>
      <Fact name="Seed">{item.seed}</Fact>
      <Fact name="Worker">{item.workerId ?? "none"}</Fact>
      <Fact name="Provider's request">
        {item.providerRequestId ? <code className="font-mono text-xs">{item.providerRequestId}</code> : "none yet"}
      </Fact>
      <Fact name="Began">{item.startedAt ? formatAbsoluteTime(item.startedAt) : "not yet"}</Fact>
      {item.recovery && <Fact name="Answer lost, found by">{recoveryWords(item.recovery)}</Fact>}
      {item.error && (
        <div className="sm:col-span-3">
          <Fact name="Error">
            <span className="text-bad">
              {item.error.message} (<code className="font-mono text-xs">{item.error.code}</code>
              {item.error.providerStatus !== undefined && `, HTTP ${item.error.providerStatus}`}
              {item.error.retryable ? ", can be retried" : ", a retry would fail again"})
            </span>
          </Fact>
        </div>
      )}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-ink-soft">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
