import { createStore } from "./create-store.ts";

const announcement = createStore("");

/** Told by screen readers when they have finished what they say. Sparingly: at the end of things, not at each step. */
export const announce = (text: string): void => announcement.set(text);

/** Stands once in the page. */
export function Announcer() {
  return (
    <div role="status" aria-live="polite" className="sr-only">
      {announcement.use()}
    </div>
  );
}
