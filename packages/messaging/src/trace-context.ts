/** W3C trace context in message headers, so that one order is one trace across the broker. */
import { type Context, context, propagation, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";

const tracer = trace.getTracer("@tirage/messaging");

/** The active trace context as headers; empty when nothing traces. */
export function traceHeaders(): Record<string, string> {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier;
}

/** The context that a message's headers carry. */
export function contextOf(header: (name: string) => string | undefined): Context {
  return propagation.extract(context.active(), {
    traceparent: header("traceparent"),
    tracestate: header("tracestate"),
  });
}

/** A span for handling one message, under the span that published it. */
export function startDeliverySpan(parent: Context, name: string, subject: string, durable: string): Span {
  return tracer.startSpan(
    `process ${name}`,
    {
      kind: SpanKind.CONSUMER,
      attributes: {
        "messaging.system": "nats",
        "messaging.operation.type": "process",
        "messaging.destination.name": subject,
        "messaging.consumer.group.name": durable,
      },
    },
    parent,
  );
}

/** Runs `work` inside a delivery span, which ends with it and records its failure. */
export async function inSpan<Result>(span: Span, parent: Context, work: () => Promise<Result>): Promise<Result> {
  try {
    return await context.with(trace.setSpan(parent, span), work);
  } catch (error) {
    span.recordException(error as Error);
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}

/** Runs `work` in the trace context of stored headers, as when an entry of the run queue is carried on. */
export function inTraceOf<Result>(headers: Readonly<Record<string, string>>, work: () => Result): Result {
  return context.with(
    contextOf((name) => headers[name]),
    work,
  );
}

/**
 * Spans for the events of a batch, each under the trace that it came with; returns what ends them. Costs nothing for
 * events that are not traced.
 */
export function startEventSpans(
  events: readonly { readonly name: string; readonly id: string; readonly traceparent?: string | undefined }[],
  durable: string,
): () => void {
  const spans: Span[] = [];
  for (const { name, id, traceparent } of events) {
    if (!traceparent) continue;
    const parent = contextOf((header) => (header === "traceparent" ? traceparent : undefined));
    if (trace.getSpanContext(parent)) spans.push(startDeliverySpan(parent, name, id, durable));
  }
  return () => {
    for (const span of spans) span.end();
  };
}
