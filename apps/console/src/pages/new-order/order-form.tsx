import { useNavigate } from "@tanstack/react-router";
import type { Model } from "@tirage/client";
import { type FormEvent, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { usePlaceOrder } from "../../api/use-place-order.ts";
import { BudgetDialog } from "../../components/budget-dialog.tsx";
import { ErrorState } from "../../components/error-state.tsx";
import { buildRequest, type Faults } from "./build-request.ts";
import { focusFirstFault } from "./focus-first-fault.ts";
import type { FormState } from "./form-state.ts";
import { OrderFormFields } from "./order-form-fields.tsx";
import { readBudget } from "./saved-form.ts";
import { SubmitPanel } from "./submit-panel.tsx";
import { UnplacedFaults } from "./unplaced-faults.tsx";
import { useOrderForm } from "./use-order-form.ts";
import { useQuote } from "./use-quote.ts";

/** Faults of the numbers are told at once, since the total hangs on them; the others once somebody tried to order. */
const toldAtOnce = ["/generations", "/batchSize", "/quantity"];

const onlyAt = (faults: Faults, places: readonly string[]): Faults =>
  Object.fromEntries(Object.entries(faults).filter(([place]) => places.includes(place)));

export function OrderForm({ models, initial }: { models: readonly Model[]; initial: FormState }) {
  const { form, change, replace, refused, refuse } = useOrderForm(initial);
  const [isTried, setIsTried] = useState(false);
  const [isAsking, setIsAsking] = useState(false);
  const element = useRef<HTMLFormElement>(null);
  const placing = usePlaceOrder();
  const navigate = useNavigate();
  const model = models.find(({ provider, model }) => provider === form.provider && model === form.model);
  const { request, faults, plan } = buildRequest(form, model);
  const isSound = Object.keys(faults).length === 0;
  // What it costs does not hang on the prompt.
  const isPriceable = Object.keys(faults).every((place) => place === "/prompt");
  const { quote, isFailed } = useQuote(isPriceable ? request : undefined);
  const shown = { ...refused, ...(isTried ? faults : onlyAt(faults, toldAtOnce)) };
  const costMicroUsd = quote?.estimatedCostMicroUsd ?? 0;
  const budgetMicroUsd = readBudget(form.budget);

  const place = async () => {
    try {
      const { id } = await placing.mutateAsync(request);
      await navigate({ to: "/orders/$id", params: { id } });
    } catch (error) {
      flushSync(() => refuse(error));
      focusFirstFault(element.current);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (placing.isPending) return;
    flushSync(() => setIsTried(true));
    if (!isSound) focusFirstFault(element.current);
    else if (costMicroUsd > budgetMicroUsd) setIsAsking(true);
    else void place();
  };

  return (
    <form
      ref={element}
      noValidate
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) element.current?.requestSubmit();
      }}
      className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]"
    >
      <OrderFormFields form={form} models={models} model={model} plan={plan} faults={shown} change={change} />
      <div className="space-y-4 lg:sticky lg:top-24">
        <SubmitPanel
          request={request}
          plan={plan}
          quote={quote}
          isQuoteFailed={isFailed}
          isSending={placing.isPending}
          faultCount={isTried ? Object.keys(shown).length : 0}
          onReset={replace}
        />
        <UnplacedFaults faults={shown} />
        {placing.isError && Object.keys(refused).length === 0 && !placing.isPending && (
          <ErrorState error={placing.error} onRetry={() => void place()} />
        )}
      </div>
      {isAsking && (
        <BudgetDialog
          costMicroUsd={costMicroUsd}
          budgetMicroUsd={budgetMicroUsd}
          onConfirm={() => void place()}
          onClose={() => setIsAsking(false)}
        />
      )}
    </form>
  );
}
