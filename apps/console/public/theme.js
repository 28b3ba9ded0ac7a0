// Before the first paint, so that a page in the chosen theme never flashes in the other. A file of its own because the
// Content-Security-Policy allows no inline script. The choice is written by src/shell/theme.ts.
try {
  const theme = localStorage.getItem("tirage.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // No storage: the system's theme it is.
}
