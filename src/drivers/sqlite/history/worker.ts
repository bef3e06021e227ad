import { parentPort, workerData } from 'node:worker_threads'
import { asFault } from '../../../core/fault.ts'
import { HistoryBook } from '../../../core/history-book.ts'
import { type Database, openDatabase } from '../database.ts'
import type { Answered, Asked, Question, ThreadInit } from './messages.ts'
import { HISTORY } from './schema.ts'
import { sqliteShelf } from './shelf.ts'

/** The thread that owns history.db: whatever the disk does, only this thread waits for it. */
const { path, limits } = workerData as ThreadInit
let opened: { readonly db: Database; readonly book: HistoryBook } | null = null

parentPort!.on('message', ({ id, question }: Asked) => {
  parentPort!.postMessage(answerTo(id, question))
})

function answerTo(id: number, question: Question): Answered {
  try {
    return { id, ok: true, value: answer(question) }
  } catch (error) {
    const { code, message, source, retry } = asFault(error)
    // The book may know series that the failed transaction took back: it is read anew, and the file opened anew.
    if (code !== 'request.invalid') close()
    return { id, ok: false, code, message, source, retry }
  }
}

function answer(question: Question): unknown {
  if (question.kind === 'close') return close()
  const { db, book } = (opened ??= open())
  switch (question.kind) {
    case 'append': {
      const { names, series, ats, values, now } = question
      const samples = Array.from(ats, (at, index) => ({
        ...names[series[index]!]!,
        at,
        value: values[index]!,
      }))
      return db.transaction('normal', () => book.append(samples, now))
    }
    case 'read':
      return book.read(question.query, question.now)
    case 'series':
      return book.series()
    case 'import': {
      const { name, ats, values, now } = question
      const samples = Array.from(ats, (at, index) => ({ at, value: values[index]! }))
      return db.transaction('full', () => book.import(name, samples, now))
    }
    default:
      return question satisfies never
  }
}

function open() {
  const db = openDatabase(path, HISTORY)
  return { db, book: new HistoryBook(sqliteShelf(db), limits) }
}

function close(): void {
  opened?.db[Symbol.dispose]()
  opened = null
}
