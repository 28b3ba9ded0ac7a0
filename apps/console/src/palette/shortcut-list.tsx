import { Dialog } from "../components/dialog.tsx";
import { Keys } from "./keys.tsx";
import { jumps } from "./read-keys.ts";

const others: readonly { keys: readonly string[]; what: string }[] = [
  { keys: ["Ctrl", "K"], what: "Find a page, an order or a command" },
  { keys: ["Ctrl", "Enter"], what: "Place the order, in its form" },
  { keys: ["?"], what: "This list" },
  { keys: ["j"], what: "Next order of the list" },
  { keys: ["k"], what: "Previous order" },
  { keys: ["←"], what: "Previous image, when one is shown large" },
  { keys: ["→"], what: "Next image" },
  { keys: ["Esc"], what: "Close what lies over the page" },
];

export function ShortcutList({ onClose }: { onClose: () => void }) {
  const rows = [
    ...others,
    ...Object.entries(jumps).map(([key, { title }]) => ({ keys: ["g", key], what: `Go to ${title}` })),
  ];
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <dl className="space-y-2 text-sm">
        {rows.map(({ keys, what }) => (
          <div key={what} className="flex items-center justify-between gap-4">
            <dt className="min-w-0">{what}</dt>
            <dd>
              <Keys keys={keys} />
            </dd>
          </div>
        ))}
      </dl>
      <p className="mt-4 text-xs text-ink-soft">Single keys do nothing while you type. On a Mac, ⌘ is Ctrl.</p>
    </Dialog>
  );
}
