import type { Plan } from "@tirage/contracts";
import { formatCount } from "../../components/format.ts";
import { Icon } from "../../components/icon.tsx";
import { NumberField } from "../../components/number-field.tsx";
import { type Amount, changeBatchSize, changeGenerations, changeImages, mostGenerations, readWhole } from "./amount.ts";
import type { Faults } from "./build-request.ts";
import { describeSummands, describeTotal } from "./describe-total.ts";

/** Generations × batch size = images, each of them a field, and what it comes to in words. */
export function AmountFields({
  amount,
  plan,
  maximumBatchSize,
  faults,
  onChange,
}: {
  amount: Amount;
  plan: Plan | undefined;
  maximumBatchSize: number;
  faults: Faults;
  onChange: (amount: Amount) => void;
}) {
  return (
    <div className="space-y-4">
      <div className="grid gap-4 sm:grid-cols-[1fr_auto_1fr_auto_1fr]">
        <NumberField
          label="Number of generations"
          value={amount.generations}
          minimum={1}
          maximum={mostGenerations}
          hint="Calls to the model."
          fault={faults["/generations"]}
          onChange={(value) => onChange(changeGenerations(amount, value))}
        />
        <Sign sign="×" />
        <NumberField
          label="Batch size"
          value={amount.batchSize}
          minimum={1}
          maximum={maximumBatchSize}
          hint={`Images asked of one call; this model makes up to ${maximumBatchSize}.`}
          fault={faults["/batchSize"]}
          onChange={(value) => onChange(changeBatchSize(amount, value))}
        />
        <Sign sign="=" />
        <NumberField
          label="Images in total"
          value={amount.images}
          minimum={1}
          maximum={mostGenerations * maximumBatchSize}
          hint="Or set this, and the generations follow."
          fault={faults["/quantity"]}
          onChange={(value) => onChange(changeImages(amount, value))}
        />
      </div>
      <output aria-live="polite" className="block rounded-lg bg-accent-soft px-4 py-3 text-sm text-accent-strong">
        <Total plan={plan} />
      </output>
      <SplitWarning amount={amount} plan={plan} maximumBatchSize={maximumBatchSize} />
    </div>
  );
}

const Sign = ({ sign }: { sign: string }) => (
  <span aria-hidden="true" className="hidden pt-9 text-lg text-ink-soft sm:block">
    {sign}
  </span>
);

function Total({ plan }: { plan: Plan | undefined }) {
  if (!plan) return "Set the numbers to see the total.";
  const summands = describeSummands(plan);
  return (
    <>
      <strong className="font-semibold">{describeTotal(plan)}</strong>
      {summands && <span className="block text-xs sm:ml-2 sm:inline">({summands})</span>}
    </>
  );
}

/** A batch size typed, or kept from another model, that this one does not make. */
function SplitWarning({
  amount,
  plan,
  maximumBatchSize,
}: {
  amount: Amount;
  plan: Plan | undefined;
  maximumBatchSize: number;
}) {
  const batchSize = readWhole(amount.batchSize);
  if (!plan || batchSize === undefined || batchSize <= maximumBatchSize) return null;
  return (
    <p className="flex items-start gap-2 text-sm text-warn">
      <Icon name="alert" className="mt-0.5" />
      This model makes at most {formatCount(maximumBatchSize, "image")} per batch: the order takes{" "}
      {formatCount(plan.generations, "generation")}
      {String(plan.generations) !== amount.generations && ` instead of ${amount.generations}`}.
    </p>
  );
}
