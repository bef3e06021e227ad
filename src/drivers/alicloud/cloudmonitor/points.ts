import { type Fields, WrongAnswer } from '../client/fields.ts'

/** One point of a series: when its period began, its dimensions and its values. */
export type Point = Readonly<Record<string, unknown>> & { readonly timestamp: number }

/** Points of an answer, which hold JSON in a text. How none looks is not documented: an empty list, an empty text, or no field. */
export function pointsIn(answer: Fields): readonly Point[] {
  const text = answer.has('Datapoints') ? answer.text('Datapoints') : ''
  const all: unknown = text === '' ? [] : parsed(text)
  if (!Array.isArray(all) || !all.every(isPoint))
    throw new WrongAnswer('Datapoints should be a list of points with timestamps, as JSON')
  return all
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function isPoint(value: unknown): value is Point {
  return typeof value === 'object' && value !== null && Number.isFinite((value as Point).timestamp)
}
