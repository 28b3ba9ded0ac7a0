/** Between `<input type="datetime-local">`, which knows no time zone, and RFC 3339. */

const minuteMs = 60_000;

/** The reader's own time of an instant. */
export function toLocalTime(instant: string): string {
  const date = new Date(instant);
  return new Date(date.getTime() - date.getTimezoneOffset() * minuteMs).toISOString().slice(0, 16);
}

/** The instant in UTC; undefined when nothing, or nothing readable, was entered. */
export function toInstant(localTime: string): string | undefined {
  const date = new Date(localTime);
  return localTime === "" || Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
