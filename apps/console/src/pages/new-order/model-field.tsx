import type { Model } from "@tirage/client";
import { Field } from "../../components/field.tsx";
import { formatMoney } from "../../components/format.ts";
import type { Faults } from "./build-request.ts";
import type { FormState } from "./form-state.ts";
import type { ChangeForm } from "./use-order-form.ts";

const otherModel = "other";
const keyOf = ({ provider, model }: { provider: string; model: string }): string => `${provider} ${model}`;
const pointers = ["/provider", "/model", "/modelVersion", "/batchSize", "/parameters"];

/** A model of the catalogue, or the name of another one. */
export function ModelField({
  form,
  models,
  model,
  faults,
  change,
}: {
  form: FormState;
  models: readonly Model[];
  model: Model | undefined;
  faults: Faults;
  change: ChangeForm;
}) {
  const providers = [...new Set(models.map(({ provider }) => provider))];
  const choose = (key: string) => {
    const chosen = models.find((candidate) => keyOf(candidate) === key);
    change(chosen ? { provider: chosen.provider, model: chosen.model, modelVersion: "" } : { model: "" }, ...pointers);
  };
  return (
    <div className="space-y-4">
      <Field
        label="Model"
        hint={model && priceOf(model)}
        fault={model ? (faults["/model"] ?? faults["/provider"]) : undefined}
      >
        {(ids) => (
          <select
            {...ids}
            className="input"
            value={model ? keyOf(model) : otherModel}
            onChange={(event) => choose(event.target.value)}
          >
            {providers.map((provider) => (
              <optgroup key={provider} label={provider}>
                {models
                  .filter((candidate) => candidate.provider === provider)
                  .map((candidate) => (
                    <option key={keyOf(candidate)} value={keyOf(candidate)}>
                      {candidate.title} · {candidate.model}
                    </option>
                  ))}
              </optgroup>
            ))}
            <option value={otherModel}>Another model…</option>
          </select>
        )}
      </Field>
      {!model && <OtherModel form={form} providers={providers} faults={faults} change={change} />}
      {(model ? model.requiresVersion : form.provider === "replicate") && (
        <Field
          label="Model version"
          hint="64 hexadecimal digits, under “Versions” on the model's page."
          fault={faults["/modelVersion"]}
        >
          {(ids) => (
            <input
              {...ids}
              className="input font-mono"
              spellCheck={false}
              value={form.modelVersion}
              onChange={(event) => change({ modelVersion: event.target.value }, "/modelVersion")}
            />
          )}
        </Field>
      )}
    </div>
  );
}

function OtherModel({
  form,
  providers,
  faults,
  change,
}: {
  form: FormState;
  providers: readonly string[];
  faults: Faults;
  change: ChangeForm;
}) {
  return (
    <div className="grid gap-4 sm:grid-cols-[10rem_1fr]">
      <Field label="Provider" fault={faults["/provider"]}>
        {(ids) => (
          <select
            {...ids}
            className="input"
            value={form.provider}
            onChange={(event) => change({ provider: event.target.value }, ...pointers)}
          >
            {[...new Set([...providers, form.provider])].map((provider) => (
              <option key={provider}>{provider}</option>
            ))}
          </select>
        )}
      </Field>
      <Field
        label="Model name"
        hint="As the provider names it. Its parameters cannot be checked, and its price is not known."
        fault={faults["/model"]}
      >
        {(ids) => (
          <input
            {...ids}
            className="input font-mono"
            spellCheck={false}
            placeholder="fal-ai/…"
            value={form.model}
            onChange={(event) => change({ model: event.target.value }, ...pointers)}
          />
        )}
      </Field>
    </div>
  );
}

function priceOf({ priceMicroUsd }: Model): string {
  return priceMicroUsd ? `${formatMoney(priceMicroUsd.amount)} per ${priceMicroUsd.per}` : "No price in the catalogue";
}
