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

export function saveForm(form: FormState): void {
  try {
    localStorage.setItem(storageKey, JSON.stringify(form));
  } catch {
    // No storage, or no room in it: the next visit begins with the example.
  }
}
