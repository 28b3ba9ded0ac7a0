/**
 * Whether an `If-None-Match` header names this tag (RFC 9110, 13.1.2): a list of tags or `*`, compared weakly.
 * `tag` comes with its quotes.
 */
export function matchesEntityTag(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return header.split(",").some((candidate) => {
    const trimmed = candidate.trim();
    return trimmed === "*" || trimmed.replace(/^W\//, "") === tag;
  });
}
