/** What a request says about who sends it, by its headers. */
export interface KeyHeaders {
  readonly authorization?: string | undefined;
  readonly cookie?: string | undefined;
  /** Set by browsers: who made the page send it. */
  readonly "sec-fetch-site"?: string | string[] | undefined;
}

const bearer = /^bearer +(\S+) *$/i;
/** The console's: a page's images and downloads carry no `Authorization`. */
const keyCookie = /(?:^|;\s*)tirage_api_key=([^;\s]+)/;

/**
 * The key that a request brings: `Authorization`, else the console's cookie. By cookie only pages of this very origin may
 * change anything, since browsers also send it for pages of this host's other ports.
 */
export function keyOfRequest(headers: KeyHeaders, method: string): string | undefined {
  if (headers.authorization !== undefined) return bearer.exec(headers.authorization)?.[1];
  const site = headers["sec-fetch-site"];
  const isReading = method === "GET" || method === "HEAD";
  if (!isReading && site !== undefined && site !== "same-origin") return undefined;
  const encoded = keyCookie.exec(headers.cookie ?? "")?.[1];
  return encoded === undefined ? undefined : decode(encoded);
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
