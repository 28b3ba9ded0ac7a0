import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { formatMoney } from "./format.ts";

/** Asks once more before an order that is dearer than the budget. */
export function BudgetDialog({
  costMicroUsd,
  budgetMicroUsd,
  onConfirm,
  onClose,
}: {
  costMicroUsd: number;
  budgetMicroUsd: number;
  onConfirm: () => void;
  onClose: () => void;
}) {
  return (
    <Dialog title={`This order costs about ${formatMoney(costMicroUsd)}`} onClose={onClose}>
      <p className="text-sm text-ink-soft">
        That is above {formatMoney(budgetMicroUsd)}, from where you wanted to be asked. The provider charges each call
        that it accepts; cancelling later saves what has not been sent by then.
      </p>
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Go back</Button>
        <Button
          kind="primary"
          onClick={() => {
            onClose();
            onConfirm();
          }}
        >
          Order for {formatMoney(costMicroUsd)}
        </Button>
      </div>
    </Dialog>
  );
}
