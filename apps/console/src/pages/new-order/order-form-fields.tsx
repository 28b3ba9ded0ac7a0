import type { Model } from "@tirage/client";
import type { Plan } from "@tirage/contracts";
import type { ReactNode } from "react";
import { Icon } from "../../components/icon.tsx";
import { AdvancedFields } from "./advanced-fields.tsx";
import { AmountFields } from "./amount-fields.tsx";
import { defaultMaximumBatchSize, type Faults, pointerOf } from "./build-request.ts";
import { ChoiceField } from "./choice-field.tsx";
import type { FormState } from "./form-state.ts";
import { ModelField } from "./model-field.tsx";
import { OtherParameters } from "./other-parameters.tsx";
import { ParameterFields } from "./parameter-fields.tsx";
import { PromptField } from "./prompt-field.tsx";
import { SeedField } from "./seed-field.tsx";
import type { ChangeForm } from "./use-order-form.ts";

export function OrderFormFields({
  form,
  models,
  model,
  plan,
  faults,
  change,
}: {
  form: FormState;
  models: readonly Model[];
  model: Model | undefined;
  plan: Plan | undefined;
  faults: Faults;
  change: ChangeForm;
}) {
  const setParameter = (name: string, value: string) =>
    change({ parameters: { ...form.parameters, [name]: value } }, pointerOf(["parameters", name]));
  return (
    <div className="min-w-0 space-y-4">
      <section aria-label="What to make" className="card space-y-5 p-5">
        <PromptField
          prompt={form.prompt}
          fault={faults["/prompt"]}
          onChange={(prompt) => change({ prompt }, "/prompt")}
        />
      </section>
      <section aria-label="How many" className="card p-5">
        <AmountFields
          amount={form.amount}
          plan={plan}
          maximumBatchSize={model?.maximumBatchSize ?? defaultMaximumBatchSize}
          faults={faults}
          onChange={(amount) => change({ amount }, "/generations", "/batchSize", "/quantity")}
        />
      </section>
      <section aria-label="With which model" className="card space-y-5 p-5">
        <ModelField form={form} models={models} model={model} faults={faults} change={change} />
        <div className="grid gap-4 sm:grid-cols-2">
          <SeedField seed={form.seed} fault={faults["/seed"]} onChange={(seed) => change({ seed }, "/seed")} />
          <ChoiceField
            label="Priority"
            hint="Who goes first when many orders wait."
            value={form.priority}
            words={[
              ["interactive", "Interactive: somebody waits"],
              ["standard", "Standard"],
              ["bulk", "Bulk: when there is room"],
            ]}
            onChange={(priority) => change({ priority })}
          />
        </div>
        <Foldout
          title="Parameters of the model"
          count={countSet(form, model)}
          faultCount={countFaults(faults, /^\/parameters\//)}
        >
          {model ? (
            <ParameterFields
              parameters={model.parameters}
              values={form.parameters}
              faults={faults}
              onChange={setParameter}
            />
          ) : (
            <OtherParameters
              values={form.parameters}
              fault={Object.entries(faults).find(([place]) => place.startsWith("/parameters"))?.[1]}
              onChange={(parameters) => change({ parameters }, ...Object.keys(faults))}
            />
          )}
        </Foldout>
        <Foldout title="Advanced" faultCount={countFaults(faults, /^\/(startAt|expiresAt|metadata)/)}>
          <AdvancedFields form={form} faults={faults} change={change} />
        </Foldout>
      </section>
    </div>
  );
}

const countSet = ({ parameters }: FormState, model: Model | undefined): number =>
  Object.entries(parameters).filter(([name, value]) => value !== "" && (!model || model.parameters[name])).length;

const countFaults = (faults: Faults, places: RegExp): number =>
  Object.keys(faults).filter((place) => places.test(place)).length;

function Foldout({
  title,
  count = 0,
  faultCount,
  children,
}: {
  title: string;
  count?: number;
  faultCount: number;
  children: ReactNode;
}) {
  return (
    <details className="group border-t border-line pt-4">
      <summary className="flex list-none items-center gap-2 rounded-lg text-sm font-medium [&::-webkit-details-marker]:hidden">
        <Icon name="chevronDown" className="-rotate-90 text-ink-soft transition-transform group-open:rotate-0" />
        {title}
        {count > 0 && <span className="text-xs font-normal text-ink-soft">{count} set</span>}
        {faultCount > 0 && <span className="text-xs text-bad">{faultCount} to correct</span>}
      </summary>
      <div className="pt-4">{children}</div>
    </details>
  );
}
