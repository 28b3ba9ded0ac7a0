import type { Faults } from "./build-request.ts";

/** Places that have a field; a fault of any other is told beside the button. */
const fields =
  /^\/(provider|model|modelVersion|prompt|generations|batchSize|quantity|seed|startAt|expiresAt|metadata|parameters\/.+)$/;

/** Faults of the order as a whole, or of places that the form has no field for. */
export function UnplacedFaults({ faults }: { faults: Faults }) {
  const unplaced = Object.entries(faults).filter(([place]) => !fields.test(place));
  if (unplaced.length === 0) return null;
  return (
    <div role="alert" data-fault tabIndex={-1} className="card border-bad p-4 text-sm">
      <p className="font-semibold text-bad">The order was not accepted</p>
      <ul className="mt-1 space-y-1">
        {unplaced.map(([place, detail]) => (
          <li key={place}>
            {place && <code className="font-mono text-xs">{place}</code>} {detail}
          </li>
        ))}
      </ul>
    </div>
  );
}
