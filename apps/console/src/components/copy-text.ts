import { showToast } from "./toasts.tsx";

/** Puts the text on the clipboard and says so. A page that is not served over HTTPS or from this machine has none. */
export async function copyText(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    showToast({ tone: "good", message: `${what} copied` });
  } catch {
    showToast({
      tone: "bad",
      message: `${what} could not be copied: the browser gives no access to the clipboard here`,
    });
  }
}
