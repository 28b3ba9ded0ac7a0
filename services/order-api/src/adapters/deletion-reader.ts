/** Reads of what is left of deleted orders. */
import type pg from "pg";
import type { OrderDeletion, OrderReader } from "../ports.ts";

const deletionText = `SELECT id, deleted_at AS "deletedAt" FROM deleted_orders WHERE tenant_id = $1 AND id = $2`;
const sinceText = `SELECT * FROM
  (SELECT id, deleted_at AS "deletedAt" FROM deleted_orders WHERE tenant_id = $1 AND deleted_at > $2
   ORDER BY deleted_at DESC LIMIT 1000) AS newest
ORDER BY "deletedAt", id`;

interface DeletionRow {
  readonly id: string;
  readonly deletedAt: Date;
}

const showDeletion = ({ id, deletedAt }: DeletionRow): OrderDeletion => ({ id, deletedAt: deletedAt.toISOString() });

export function createDeletionReader({
  pool,
}: {
  readonly pool: pg.Pool;
}): Pick<OrderReader, "findDeletion" | "listDeletionsSince"> {
  return {
    async findDeletion(tenantId, orderId) {
      const query = { name: "find-deletion", text: deletionText, values: [tenantId, orderId] };
      const { rows } = await pool.query<DeletionRow>(query);
      return rows[0] && showDeletion(rows[0]);
    },
    async listDeletionsSince(tenantId, after) {
      const query = { name: "list-deletions-since", text: sinceText, values: [tenantId, after] };
      const { rows } = await pool.query<DeletionRow>(query);
      return rows.map(showDeletion);
    },
  };
}
