import type { ReactNode } from "react";
import { Field } from "./field.tsx";
import { Icon, type IconName } from "./icon.tsx";

/** A whole number with buttons to lower and raise it; also by the arrow keys, as of any number. */
export function NumberField({
  label,
  value,
  minimum,
  maximum,
  onChange,
  hint,
  fault,
}: {
  label: string;
  value: string;
  minimum: number;
  maximum: number;
  onChange: (value: string) => void;
  hint?: ReactNode;
  fault?: string | undefined;
}) {
  const number = Number(value);
  const step = (by: number) => onChange(String(Math.min(maximum, Math.max(minimum, (number || 0) + by))));
  return (
    <Field label={label} hint={hint} fault={fault} className="min-w-0">
      {(ids) => (
        <div className="flex">
          <StepButton name={`Less: ${label}`} icon="minus" isAtEnd={number <= minimum} onClick={() => step(-1)} />
          <input
            {...ids}
            type="number"
            inputMode="numeric"
            min={minimum}
            max={maximum}
            step={1}
            value={value}
            onChange={(event) => onChange(event.target.value)}
            // A page that is scrolled must not change an order.
            onWheel={(event) => event.currentTarget.blur()}
            className="input relative min-w-0 rounded-none text-center text-lg font-semibold [appearance:textfield] focus:z-10 sm:text-lg [&::-webkit-inner-spin-button]:appearance-none [&::-webkit-outer-spin-button]:appearance-none"
          />
          <StepButton name={`More: ${label}`} icon="plus" isAtEnd={number >= maximum} onClick={() => step(1)} />
        </div>
      )}
    </Field>
  );
}

function StepButton({
  name,
  icon,
  isAtEnd,
  onClick,
}: {
  name: string;
  icon: IconName;
  isAtEnd: boolean;
  onClick: () => void;
}) {
  return (
    <button
      type="button"
      aria-label={name}
      disabled={isAtEnd}
      onClick={onClick}
      className="flex w-11 shrink-0 items-center justify-center border border-line-strong bg-raised text-ink hover:bg-line focus:z-10 disabled:text-ink-soft disabled:opacity-50 first:rounded-l-lg first:border-r-0 last:rounded-r-lg last:border-l-0"
    >
      <Icon name={icon} />
    </button>
  );
}
