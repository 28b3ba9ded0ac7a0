import { TirageProblem } from "@tirage/client";
import { useEffect, useState } from "react";
import type { Faults } from "./build-request.ts";
import type { FormState } from "./form-state.ts";
import { saveForm } from "./saved-form.ts";

/** Changes the form, and forgets what the API found wrong at the places that changed. */
export type ChangeForm = (change: Partial<FormState>, ...pointers: string[]) => void;

/** The form's state. What it holds is kept for the next visit. */
export function useOrderForm(initial: FormState) {
  const [form, setForm] = useState(initial);
  const [refused, setRefused] = useState<Faults>({});
  useEffect(() => saveForm(form), [form]);
  const change: ChangeForm = (changed, ...pointers) => {
    setForm((before) => ({ ...before, ...changed }));
    setRefused((before) => Object.fromEntries(Object.entries(before).filter(([place]) => !pointers.includes(place))));
  };
  return {
    form,
    change,
    replace(next: FormState) {
      setForm(next);
      setRefused({});
    },
    /** What the API found wrong, by place. */
    refused,
    /** Takes the faults of a problem; answers whether it had any. */
    refuse(error: unknown): boolean {
      const errors = error instanceof TirageProblem ? error.errors : [];
      setRefused(Object.fromEntries(errors.map(({ pointer, detail }) => [pointer, detail])));
      return errors.length > 0;
    },
  };
}
