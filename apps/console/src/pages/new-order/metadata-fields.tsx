import { orderLimits } from "@tirage/contracts";
import { createKey } from "../../api/create-key.ts";
import { Button, IconButton } from "../../components/button.tsx";
import { FieldFault } from "../../components/field.tsx";
import type { FormState } from "./form-state.ts";

type Entry = FormState["metadata"][number];

/** Words of the customer's own that stay with the order. */
export function MetadataFields({
  entries,
  fault,
  onChange,
}: {
  entries: readonly Entry[];
  fault: string | undefined;
  onChange: (entries: Entry[]) => void;
}) {
  const replace = (id: string, change: Partial<Entry>) =>
    onChange(entries.map((entry) => (entry.id === id ? { ...entry, ...change } : entry)));
  return (
    <fieldset className="space-y-2">
      <legend className="mb-1.5 text-sm font-medium">Metadata</legend>
      {entries.map(({ id, key, value }, index) => (
        <div key={id} className="flex gap-2">
          <input
            aria-label={`Key ${index + 1}`}
            aria-invalid={fault !== undefined && key === "" ? true : undefined}
            className="input"
            placeholder="customer"
            maxLength={orderLimits.metadataKeyCharacters}
            value={key}
            onChange={(event) => replace(id, { key: event.target.value })}
          />
          <input
            aria-label={`Value ${index + 1}`}
            className="input"
            placeholder="42"
            maxLength={orderLimits.metadataValueCharacters}
            value={value}
            onChange={(event) => replace(id, { value: event.target.value })}
          />
          <IconButton
            name={`Remove ${key || `entry ${index + 1}`}`}
            icon="close"
            onClick={() => onChange(entries.filter((entry) => entry.id !== id))}
          />
        </div>
      ))}
      <FieldFault fault={fault} />
      {entries.length < orderLimits.metadataKeys && (
        <Button
          size="small"
          icon="plus"
          onClick={() => onChange([...entries, { id: createKey(), key: "", value: "" }])}
        >
          Add an entry
        </Button>
      )}
    </fieldset>
  );
}
