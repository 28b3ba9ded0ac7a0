import { createStore } from "./create-store.ts";

const announcement = createStore("");

/** Told by screen readers when they have finished what they say. Sparingly: at the end of things, not at each step. */
export function announce(text: string): void {
  // Only a text that differs is told: the same again gets a space that nobody hears.
  announcement.set(announcement.get() === text ? `${text}\u00a0` : text);
}

/** Stands once in the page. */
export function Announcer() {
  return (
    <div role="status" aria-live="polite" className="sr-only">
      {announcement.use()}
    </div>
  );
}
