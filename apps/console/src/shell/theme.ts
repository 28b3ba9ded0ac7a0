import { createStore } from "../components/create-store.ts";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

/** Also read by public/theme.js, before the first paint. */
const storageKey = "tirage.theme";

const readTheme = (): Theme => {
  const { theme } = document.documentElement.dataset;
  return theme === "light" || theme === "dark" ? theme : "system";
};

export const theme = createStore<Theme>(readTheme());

/** `system` follows the system from now on. */
export function chooseTheme(chosen: Theme): void {
  theme.set(chosen);
  if (chosen === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
  try {
    localStorage.setItem(storageKey, chosen);
  } catch {
    // No storage: it holds until the page is left.
  }
}
