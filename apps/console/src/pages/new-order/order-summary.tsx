import type { Plan, Quote } from "@tirage/contracts";
import type { ReactNode } from "react";
import { formatCount, formatEstimate, formatMoney } from "../../components/format.ts";
import { Icon } from "../../components/icon.tsx";
import { SandboxNote } from "../../components/sandbox-note.tsx";

/** What the order comes to before it is placed: images, calls, cost and time. */
export function OrderSummary({
  provider,
  plan,
  quote,
  isQuoteFailed,
}: {
  provider: string;
  plan: Plan | undefined;
  quote: Quote | undefined;
  isQuoteFailed: boolean;
}) {
  return (
    <div className="space-y-4">
      <p className="text-3xl font-semibold tracking-tight">{plan ? formatCount(plan.totalProducts, "image") : "—"}</p>
      <div>
        <dl className="space-y-2 text-sm">
          <Row name="Calls to the provider">{plan ? plan.generations : "—"}</Row>
          <Row name="Estimated time">{timeOf(quote)}</Row>
          <Row name="Estimated cost">{costOf(quote, isQuoteFailed)}</Row>
        </dl>
        <SandboxNote provider={provider} />
      </div>
      {quote?.warnings.map((warning) => (
        <p key={warning} className="flex items-start gap-2 text-xs text-warn">
          <Icon name="alert" className="mt-px" />
          {warning}
        </p>
      ))}
    </div>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[9rem_1fr] gap-2 border-t border-line pt-2">
      <dt className="text-ink-soft">{name}</dt>
      <dd className="font-medium">{children}</dd>
    </div>
  );
}

function costOf(quote: Quote | undefined, isFailed: boolean): string {
  if (isFailed) return "Not known";
  if (!quote) return "—";
  return quote.estimatedCostMicroUsd === null
    ? "Not in the catalogue"
    : `about ${formatMoney(quote.estimatedCostMicroUsd)}`;
}

function timeOf(quote: Quote | undefined): string {
  if (!quote) return "—";
  const { durationMs, waitingGenerations } = quote.estimatedTime;
  if (durationMs === null) return "Not known yet";
  const queue = waitingGenerations ? `, ${waitingGenerations} ahead` : "";
  return `about ${formatEstimate(durationMs)}${queue}`;
}
