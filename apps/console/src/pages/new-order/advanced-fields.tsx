import { Field } from "../../components/field.tsx";
import type { Faults } from "./build-request.ts";
import { ChoiceField } from "./choice-field.tsx";
import type { FormState } from "./form-state.ts";
import { MetadataFields } from "./metadata-fields.tsx";
import type { ChangeForm } from "./use-order-form.ts";

/** What most orders leave as it is. */
export function AdvancedFields({ form, faults, change }: { form: FormState; faults: Faults; change: ChangeForm }) {
  return (
    <div className="space-y-5">
      <div className="grid gap-4 sm:grid-cols-2">
        <ChoiceField
          label="When images do not fill the last batch"
          value={form.remainder}
          words={[
            ["exact", "The last call asks fewer"],
            ["overshoot", "Fill it: a few more images"],
          ]}
          onChange={(remainder) => change({ remainder })}
        />
        <ChoiceField
          label="When a call brings fewer images"
          value={form.shortfall}
          words={[
            ["accept", "Accept: the order ends partly completed"],
            ["top_up", "Order the missing ones again"],
          ]}
          onChange={(shortfall) => change({ shortfall })}
        />
        <TimeField
          label="Start at"
          hint="Not started before. Empty: at once."
          value={form.startAt}
          fault={faults["/startAt"]}
          onChange={(startAt) => change({ startAt }, "/startAt", "/expiresAt")}
        />
        <TimeField
          label="Expires at"
          hint="What has not ended by then is stopped."
          value={form.expiresAt}
          fault={faults["/expiresAt"]}
          onChange={(expiresAt) => change({ expiresAt }, "/startAt", "/expiresAt")}
        />
        <Field label="Ask me above, in dollars" hint="An order that is estimated to cost more asks once more.">
          {(ids) => (
            <input
              {...ids}
              className="input"
              inputMode="decimal"
              placeholder="Never ask"
              value={form.budget}
              onChange={(event) => change({ budget: event.target.value })}
            />
          )}
        </Field>
      </div>
      <MetadataFields
        entries={form.metadata}
        fault={faults["/metadata"]}
        onChange={(metadata) => change({ metadata }, "/metadata")}
      />
    </div>
  );
}

function TimeField({
  label,
  hint,
  value,
  fault,
  onChange,
}: {
  label: string;
  hint: string;
  value: string;
  fault: string | undefined;
  onChange: (value: string) => void;
}) {
  return (
    <Field label={label} hint={hint} fault={fault}>
      {(ids) => (
        <input
          {...ids}
          type="datetime-local"
          className="input"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
