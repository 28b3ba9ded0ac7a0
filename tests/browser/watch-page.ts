import type { Page } from "playwright-core";

/** What a page did wrong by itself. A test that provokes a fault says so before. */
export interface PageWatch {
  /** From now on a complaint that matches is no fault. */
  allow(pattern: RegExp): void;
  /** Every console error, uncaught exception and violation of the content security policy that was not allowed. */
  readonly faults: readonly string[];
}

/** To be called before the page loads anything. */
export async function watchPage(page: Page): Promise<PageWatch> {
  const faults: string[] = [];
  const allowed: RegExp[] = [];
  const complain = (fault: string) => {
    if (!allowed.some((pattern) => pattern.test(fault))) faults.push(fault);
  };
  page.on("console", (message) => {
    if (message.type() === "error") complain(`console: ${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => complain(`uncaught: ${error.stack ?? error.message}`));
  await page.exposeFunction("reportPolicyViolation", complain);
  await page.addInitScript(() => {
    document.addEventListener(
      "securitypolicyviolation",
      ({ violatedDirective, blockedURI, sourceFile, lineNumber }) => {
        const { reportPolicyViolation } = window as unknown as { reportPolicyViolation(fault: string): void };
        reportPolicyViolation(`policy: ${violatedDirective} blocks ${blockedURI} (${sourceFile}:${lineNumber})`);
      },
    );
  });
  return { allow: (pattern) => void allowed.push(pattern), faults };
}
