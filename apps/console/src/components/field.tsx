import { type ReactNode, useId } from "react";

/** What ties an input to its label, hint and fault. */
export interface FieldIds {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": true | undefined;
}

/** A label, the input, what to enter, and what is wrong with what was entered. */
export function Field({
  label,
  hint,
  fault,
  children,
  className,
}: {
  label: string;
  hint?: ReactNode;
  fault?: string | undefined;
  children: (ids: FieldIds) => ReactNode;
  className?: string;
}) {
  const id = useId();
  const describedBy = [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(" ");
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block text-sm font-medium">
        {label}
      </label>
      {children({ id, "aria-describedby": describedBy || undefined, "aria-invalid": fault ? true : undefined })}
      {hint && (
        <p id={`${id}-hint`} className="mt-1.5 text-xs text-ink-soft">
          {hint}
        </p>
      )}
      <FieldFault id={`${id}-fault`} fault={fault} />
    </div>
  );
}

export function FieldFault({ id, fault }: { id?: string; fault: string | undefined }) {
  if (!fault) return null;
  return (
    <p id={id} className="mt-1.5 text-xs font-medium text-bad">
      {fault.charAt(0).toUpperCase() + fault.slice(1)}
    </p>
  );
}
