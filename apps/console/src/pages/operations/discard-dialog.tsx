import type { DeadLetter } from "@tirage/client";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { formatCount } from "../../components/format.ts";

/** Asks before messages are dropped for good. */
export function DiscardDialog({
  letters,
  onClose,
  onDiscard,
}: {
  letters: readonly DeadLetter[];
  onClose: () => void;
  onDiscard: () => void;
}) {
  const orders = new Set(letters.flatMap(({ orderId }) => orderId ?? [])).size;
  return (
    <Dialog title={`Discard ${formatCount(letters.length, "dead letter")}?`} onClose={onClose}>
      <p className="text-sm">
        {letters.length === 1 ? "The message is" : "The messages are"} dropped for good, and cannot be replayed
        afterwards.
        {orders > 0 &&
          ` ${formatCount(orders, "order")} ${orders === 1 ? "is" : "are"} concerned; what has ended stays as it is.`}
      </p>
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Keep</Button>
        <Button kind="danger" icon="trash" onClick={onDiscard}>
          Discard {formatCount(letters.length, "letter")}
        </Button>
      </div>
    </Dialog>
  );
}
