import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { isTyping } from "./is-typing.ts";
import { type KeyState, readKey } from "./read-keys.ts";

type Overlay = "palette" | "shortcuts" | undefined;

/** Follows the keys of the whole page, and says which of the overlays they have opened. */
export function useShortcuts(): [Overlay, (overlay: Overlay) => void] {
  const [overlay, setOverlay] = useState<Overlay>();
  const navigate = useNavigate();
  const keys = useRef<KeyState>({});
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
        event.preventDefault();
        setOverlay((before) => (before === "palette" ? undefined : "palette"));
        return;
      }
      // A dialog has keys of its own, and text is text.
      const isElsewhere = isTyping(event.target) || document.querySelector("dialog[open]") !== null;
      if (isElsewhere || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      const { state, meaning } = readKey(keys.current, event.key, event.timeStamp);
      keys.current = state;
      if (meaning?.kind === "jump") void navigate({ to: meaning.path });
      if (meaning?.kind === "shortcuts") setOverlay("shortcuts");
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [navigate]);
  return [overlay, setOverlay];
}
