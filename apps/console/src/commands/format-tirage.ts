import { quoteForShell } from "./quote-for-shell.ts";

/** Where the command looks for the API when it is not told. */
const usualOrigin = "http://localhost:8080";

/**
 * A `tirage` command as it runs for somebody who has but cloned and started Tirage: `npx` finds it from anywhere in that
 * folder.
 */
export function formatTirage(words: string, origin: string): string {
  const api = origin === usualOrigin ? "" : ` --api-url ${quoteForShell(origin)}`;
  return `npx tirage ${words}${api}`;
}
