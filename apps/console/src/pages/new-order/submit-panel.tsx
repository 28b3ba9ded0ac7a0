import type { OrderRequestInput, Plan, Quote } from "@tirage/contracts";
import { Button } from "../../components/button.tsx";
import { OrderCommands } from "../../components/order-commands.tsx";
import { exampleForm, type FormState } from "./form-state.ts";
import { OrderSummary } from "./order-summary.tsx";

const isMac = navigator.platform.startsWith("Mac");

/** What it comes to, the button that orders it, and the same order as a command. */
export function SubmitPanel({
  request,
  plan,
  quote,
  isQuoteFailed,
  isSending,
  faultCount,
  onReset,
}: {
  request: OrderRequestInput;
  plan: Plan | undefined;
  quote: Quote | undefined;
  isQuoteFailed: boolean;
  isSending: boolean;
  faultCount: number;
  onReset: (form: FormState) => void;
}) {
  return (
    <section aria-label="Your order" className="card min-w-0 space-y-5 p-5">
      <OrderSummary provider={request.provider} plan={plan} quote={quote} isQuoteFailed={isQuoteFailed} />
      <div className="space-y-2">
        <Button type="submit" kind="primary" size="large" className="w-full" isBusy={isSending}>
          {isSending ? "Placing the order…" : "Order"}
        </Button>
        {faultCount > 0 && (
          <p role="alert" className="text-sm font-medium text-bad">
            {faultCount === 1 ? "One field has to be corrected." : `${faultCount} fields have to be corrected.`}
          </p>
        )}
        <div className="flex items-center justify-between gap-2 text-xs text-ink-soft">
          <span>
            <kbd className="rounded border border-line bg-raised px-1.5 py-0.5 font-sans">{isMac ? "⌘" : "Ctrl"}</kbd>{" "}
            <kbd className="rounded border border-line bg-raised px-1.5 py-0.5 font-sans">Enter</kbd> orders
          </span>
          <button type="button" className="link" onClick={() => onReset(exampleForm)}>
            Start from the example
          </button>
        </div>
      </div>
      <details>
        <summary className="text-sm font-medium">Copy as curl, TypeScript or CLI</summary>
        <div className="pt-3">
          <OrderCommands request={request} />
        </div>
      </details>
    </section>
  );
}
