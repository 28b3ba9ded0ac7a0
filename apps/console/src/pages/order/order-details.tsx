import type { Order } from "@tirage/client";
import type { ReactNode } from "react";
import { classNames } from "../../components/class-names.ts";
import { CopyButton } from "../../components/copy-button.tsx";
import { OrderCommands } from "../../components/order-commands.tsx";
import { Section } from "../../components/section.tsx";
import { TraceLink } from "../../components/trace-link.tsx";
import { requestOfOrder } from "./request-of-order.ts";

/** What was ordered, and the same as a command. */
export function OrderDetails({ order }: { order: Order }) {
  return (
    <Section title="Settings">
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <dl className="card grid grid-cols-2 gap-x-6 gap-y-3 p-5 text-sm">
          <Fact name="Model">{order.model}</Fact>
          <Fact name="Provider">{order.provider}</Fact>
          <Fact name="Generations × batch size">
            {order.plan.generations} × {order.plan.batchSize}
          </Fact>
          <Fact name="Seed">
            {order.seed} <CopyButton text={String(order.seed)} name="Copy the seed" what="Seed" />
          </Fact>
          <Fact name="Priority">{order.priority}</Fact>
          <Fact name="Fewer images than asked">{order.shortfall === "top_up" ? "ordered again" : "accepted"}</Fact>
          {Object.entries(order.parameters).map(([name, value]) => (
            <Fact key={name} name={name}>
              {typeof value === "string" ? value : JSON.stringify(value)}
            </Fact>
          ))}
          {Object.entries(order.metadata).map(([key, value]) => (
            <Fact key={key} name={`metadata: ${key}`}>
              {value}
            </Fact>
          ))}
          {order.traceId && (
            <Fact name="Trace" className="col-span-2">
              <TraceLink id={order.traceId} />
            </Fact>
          )}
        </dl>
        <section aria-label="Order the same" className="card min-w-0 p-5">
          <OrderCommands request={requestOfOrder(order, { keepsSeed: true })} />
        </section>
      </div>
    </Section>
  );
}

function Fact({ name, className, children }: { name: string; className?: string; children: ReactNode }) {
  return (
    <div className={classNames("min-w-0", className)}>
      <dt className="text-xs text-ink-soft">{name}</dt>
      <dd className="flex min-h-6 flex-wrap items-center gap-1 font-medium">{children}</dd>
    </div>
  );
}
