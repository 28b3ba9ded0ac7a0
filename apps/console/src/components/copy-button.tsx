import { IconButton } from "./button.tsx";
import { copyText } from "./copy-text.ts";

export function CopyButton({ text, name, what = "Text" }: { text: string; name: string; what?: string }) {
  return <IconButton name={name} icon="copy" onClick={() => void copyText(text, what)} />;
}
