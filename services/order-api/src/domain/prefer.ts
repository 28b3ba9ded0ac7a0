/** A wait longer than this is answered after it, with the order as it then is. */
const maximumWaitSeconds = 60;

/**
 * Seconds to wait, from a `Prefer` header (RFC 7240): `wait=10`, or `wait` alone for the longest wait. More than 60 is
 * 60. What cannot be read is no preference, as the RFC says; the first `wait` counts.
 */
export function readWaitSeconds(prefer: string | readonly string[] | undefined): number | undefined {
  if (prefer === undefined) return undefined;
  const preferences = (typeof prefer === "string" ? prefer : prefer.join(",")).split(",");
  for (const preference of preferences) {
    const [nameAndValue = ""] = preference.split(";");
    const [name = "", ...rest] = nameAndValue.split("=");
    if (name.trim().toLowerCase() !== "wait") continue;
    if (rest.length === 0) return maximumWaitSeconds;
    const digits = /^"?(\d{1,9})"?$/.exec(rest.join("=").trim())?.[1];
    return digits === undefined ? undefined : Math.min(Number(digits), maximumWaitSeconds);
  }
  return undefined;
}
