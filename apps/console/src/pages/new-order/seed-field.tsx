import { IconButton } from "../../components/button.tsx";
import { Field } from "../../components/field.tsx";

const seeds = 2 ** 32;

export function SeedField({
  seed,
  fault,
  onChange,
}: {
  seed: string;
  fault: string | undefined;
  onChange: (seed: string) => void;
}) {
  return (
    <Field label="Seed" hint="The same seed makes the same images. Generation n gets seed + n." fault={fault}>
      {(ids) => (
        <div className="flex gap-1">
          <input
            {...ids}
            className="input"
            inputMode="numeric"
            placeholder="Random, and noted"
            value={seed}
            onChange={(event) => onChange(event.target.value)}
          />
          <IconButton
            name="Choose a seed"
            icon="dice"
            onClick={() => onChange(String(Math.floor(Math.random() * seeds)))}
          />
        </div>
      )}
    </Field>
  );
}
