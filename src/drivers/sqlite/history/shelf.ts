import { LEVELS } from '../../../core/history-levels.ts'
import type { Shelf } from '../../../core/history-shelf.ts'
import type { Database } from '../database.ts'
import { usedBytes } from '../prune.ts'

/** Blocks in a table a level. Throws Fault store.failed. */
export function sqliteShelf(db: Database): Shelf {
  const tables = LEVELS.map((_level, index) => `level${index}`)
  return {
    rolledAt: () => Number(db.get('SELECT at FROM rolled')?.at),
    setRolledAt: (at) => void db.run('UPDATE rolled SET at = ?', at),
    series: () =>
      db.all('SELECT * FROM series').map(({ id, fleet, metric, lastAt }) => ({
        id: Number(id),
        fleet: String(fleet),
        metric: String(metric),
        lastAt: Number(lastAt),
      })),
    setSeries: ({ id, fleet, metric, lastAt }) =>
      void db.run('INSERT OR REPLACE INTO series VALUES (?, ?, ?, ?)', id, fleet, metric, lastAt),
    removeSeries: (id) => void db.run('DELETE FROM series WHERE id = ?', id),
    get(level, id) {
      const body = db.get(`SELECT body FROM ${tables[level]} WHERE id = ?`, id)?.body
      // A copy: eight-byte numbers must lie at a multiple of eight.
      return body instanceof Uint8Array ? new Float64Array(body.slice().buffer) : null
    },
    set(level, id, body) {
      const sql = `INSERT INTO ${tables[level]} VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body`
      db.run(sql, id, new Uint8Array(body.buffer))
    },
    ids: (level, from, to) =>
      db
        .all(`SELECT id FROM ${tables[level]} WHERE id >= ? AND id < ? ORDER BY id`, from, to)
        .map(({ id }) => Number(id)),
    firstId(level) {
      const id = db.get(`SELECT min(id) AS id FROM ${tables[level]}`)?.id
      return id == null ? null : Number(id)
    },
    remove: (level, from, to) =>
      void db.run(`DELETE FROM ${tables[level]} WHERE id >= ? AND id < ?`, from, to),
    bytes: () => usedBytes(db),
  }
}
