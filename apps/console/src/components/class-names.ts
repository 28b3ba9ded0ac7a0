/** The names that are there, as `className` takes them. */
export const classNames = (...names: readonly (string | false | undefined)[]): string =>
  names.filter((name) => name).join(" ");
