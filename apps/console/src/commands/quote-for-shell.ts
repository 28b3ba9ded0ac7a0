/** One word of a POSIX shell: bare where nothing in it means anything to the shell, else in single quotes. */
export const quoteForShell = (text: string): string =>
  /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
