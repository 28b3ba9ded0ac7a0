/** The API key, where the installation asks for one: kept in a cookie, which images and downloads carry too. */
import { TirageProblem } from "@tirage/client";
import { createStore } from "../components/create-store.ts";

const cookieName = "tirage_api_key";
const keptForSeconds = 30 * 24 * 60 * 60;

/** Whether a call was refused for want of a key that is known. */
export const isKeyWanted = createStore(false);

/** Takes an error of any call. */
export function noteRefusal(error: unknown): void {
  if (error instanceof TirageProblem && error.status === 401) isKeyWanted.set(true);
}

export const hasKey = (): boolean => document.cookie.split("; ").some((cookie) => cookie.startsWith(`${cookieName}=`));

export const keepKey = (key: string): void => writeCookie(encodeURIComponent(key), keptForSeconds);

export const forgetKey = (): void => writeCookie("", 0);

function writeCookie(value: string, maximumAgeSeconds: number): void {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing on pages that are not served by HTTPS
  document.cookie = `${cookieName}=${value}; Path=/; SameSite=Strict; Max-Age=${maximumAgeSeconds}${secure}`;
}
