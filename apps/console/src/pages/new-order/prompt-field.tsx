import { orderLimits } from "@tirage/contracts";
import { Field } from "../../components/field.tsx";
import { formatWhole } from "../../components/format.ts";

const examples = [
  "A lighthouse at dusk, gouache on rough paper",
  "Studio photo of a ceramic teapot, soft window light",
  "Isometric cutaway of a tiny bookshop at night",
  "Linocut print of two foxes in tall grass",
];
/** Below this the number of characters is nobody's concern. */
const countFrom = orderLimits.promptCharacters - 1_000;

export function PromptField({
  prompt,
  fault,
  onChange,
}: {
  prompt: string;
  fault: string | undefined;
  onChange: (prompt: string) => void;
}) {
  const hint =
    prompt.length > countFrom
      ? `${formatWhole(prompt.length)} of ${formatWhole(orderLimits.promptCharacters)} characters`
      : undefined;
  return (
    <div className="space-y-3">
      <Field label="Prompt" hint={hint} fault={fault}>
        {(ids) => (
          <textarea
            {...ids}
            rows={4}
            value={prompt}
            onChange={(event) => onChange(event.target.value)}
            placeholder="What should the images show?"
            className="input field-sizing-content max-h-80 min-h-28 leading-relaxed"
          />
        )}
      </Field>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would have the look of one */}
      <div role="group" aria-label="Ideas" className="flex flex-wrap gap-2">
        {examples.map((example) => (
          <button
            key={example}
            type="button"
            onClick={() => onChange(example)}
            className="max-w-full truncate rounded-full border border-line bg-canvas px-3 py-1 text-xs text-ink-soft hover:border-line-strong hover:text-ink"
          >
            {example}
          </button>
        ))}
      </div>
    </div>
  );
}
