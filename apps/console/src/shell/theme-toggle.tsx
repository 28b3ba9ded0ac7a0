import { IconButton } from "../components/button.tsx";
import type { IconName } from "../components/icon.tsx";
import { chooseTheme, type Theme, theme, themes } from "./theme.ts";

const icons: Readonly<Record<Theme, IconName>> = { system: "monitor", light: "sun", dark: "moon" };

/** System, light, dark, and around again. */
export function ThemeToggle() {
  const current = theme.use();
  const next = themes[(themes.indexOf(current) + 1) % themes.length] ?? "system";
  return (
    <IconButton name={`Theme: ${current}. Change to ${next}`} icon={icons[current]} onClick={() => chooseTheme(next)} />
  );
}
