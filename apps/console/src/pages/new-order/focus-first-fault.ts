/** Puts the focus where the first fault is told, and opens what hides it. */
export function focusFirstFault(form: HTMLFormElement | null): void {
  const field = form?.querySelector<HTMLElement>("[aria-invalid=true], [data-fault]");
  const details = field?.closest("details");
  if (details) details.open = true;
  field?.focus();
}
