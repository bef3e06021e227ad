import type { AuditRecord } from '../../core/audit.ts'
import type { Database } from './database.ts'

/** Who changed what is asked long after the decisions of that time are pruned: so the newest are kept, however old. */
const KEPT = 10_000

/** Inside a transaction. */
export function insertAudit(db: Database, record: Omit<AuditRecord, 'id'>): void {
  const { id } = db.run('INSERT INTO audits (at, body) VALUES (?, ?)', record.at, JSON.stringify(record))
  db.run('DELETE FROM audits WHERE id <= ?', id - KEPT)
}

/** Newest first. */
export function auditsBefore(
  db: Database,
  { limit, beforeId }: { limit: number; beforeId?: number },
): readonly AuditRecord[] {
  const sql = 'SELECT id, body FROM audits WHERE id < ? ORDER BY id DESC LIMIT ?'
  return db.all(sql, beforeId ?? Number.MAX_SAFE_INTEGER, limit).map(({ id, body }) => ({
    ...(JSON.parse(String(body)) as Omit<AuditRecord, 'id'>),
    id: Number(id),
  }))
}
