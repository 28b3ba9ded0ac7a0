import { exampleForm, type FormState, readFormState } from "./form-state.ts";

const storageKey = "tirage.new-order";

/** What the form held last; the example in the first visit, or where nothing may be stored. */
export function readSavedForm(): FormState {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? "null");
    return readFormState(stored) ?? exampleForm;
  } catch {
    return exampleForm;
  }
}

/** In millionths of a dollar. Nothing entered is no bound; what cannot be read asks always. */
export function readBudget(dollars: string): number {
  if (dollars.trim() === "") return Number.POSITIVE_INFINITY;
  return (Number(dollars) || 0) * 1_000_000;
}

export function saveForm(form: FormState): void {
  try {
    localStorage.setItem(storageKey, JSON.stringify(form));
  } catch {
    // No storage, or no room in it: the next visit begins with the example.
  }
}
