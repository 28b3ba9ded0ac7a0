import { IconButton } from "../components/button.tsx";
import { CommandPalette } from "./command-palette.tsx";
import { ShortcutList } from "./shortcut-list.tsx";
import { useShortcuts } from "./use-shortcuts.ts";

/** The page's keys, the button for who has none, and what they open. Stands once in the page. */
export function Keyboard() {
  const [overlay, setOverlay] = useShortcuts();
  const close = () => setOverlay(undefined);
  return (
    <>
      <IconButton name="Find (Ctrl K)" icon="search" onClick={() => setOverlay("palette")} />
      {overlay === "palette" && <CommandPalette onClose={close} showShortcuts={() => setOverlay("shortcuts")} />}
      {overlay === "shortcuts" && <ShortcutList onClose={close} />}
    </>
  );
}
