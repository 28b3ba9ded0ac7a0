// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g;

/** The text on one line: a prompt of another person must not be able to move the cursor or paint over what it follows. */
export const printable = (text: string): string => text.replace(controls, " ");

/** At most so many characters, the last an ellipsis where some are missing. */
export function shorten(text: string, characters: number): string {
  const all = Array.from(text);
  return all.length <= characters ? text : `${all.slice(0, Math.max(0, characters - 1)).join("")}…`;
}
