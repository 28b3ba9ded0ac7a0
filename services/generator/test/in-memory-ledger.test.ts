import { createInMemoryLedger } from "./in-memory-ledger.ts";
import { contractLeaseMs, describeLedger } from "./ledger.contract.ts";

describeLedger((body) => body(createInMemoryLedger({ leaseMs: contractLeaseMs })));
