/** What a request says about who sends it, by its headers. */
export interface CredentialHeaders {
  readonly authorization?: string | undefined;
  readonly cookie?: string | undefined;
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
  /** Set by browsers, where the page is served by HTTPS or locally: who made the page send it. */
  readonly "sec-fetch-site"?: string | string[] | undefined;
}

/** How a request says who sends it: with the API key, or with the session that a key was exchanged for. */
export type Credentials =
  | { readonly kind: "key"; readonly key: string }
  | { readonly kind: "session"; readonly token: string };

/** Of the console, since a page's images, downloads and streams of events carry no `Authorization`. */
export const sessionCookie = "tirage_session";

const bearer = /^bearer +(\S+) *$/i;
const sessionToken = new RegExp(`(?:^|;\\s*)${sessionCookie}=([^;\\s]+)`);
const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/** `Authorization`, else the console's cookie. */
export function credentialsOf({ authorization, cookie = "" }: CredentialHeaders): Credentials | undefined {
  if (authorization !== undefined) {
    const key = bearer.exec(authorization)?.[1];
    return key === undefined ? undefined : { kind: "key", key };
  }
  const token = sessionToken.exec(cookie)?.[1];
  return token === undefined ? undefined : { kind: "session", token };
}

/**
 * Whether the request may come by cookie. Browsers also send it for pages of this host's other ports and of its sister
 * domains, which are the same site: so what changes anything must be shown to come from a page of this very origin.
 */
export function mayComeByCookie(method: string, headers: CredentialHeaders): boolean {
  if (safeMethods.has(method)) return true;
  const site = headers["sec-fetch-site"];
  if (site !== undefined) return site === "same-origin";
  // The scheme cannot be compared: whoever ends TLS before this service is not known here.
  return headers.host !== undefined && URL.parse(headers.origin ?? "")?.host === headers.host.toLowerCase();
}
