import * as z from 'zod'
import type { FieldMeta } from './fields.ts'

/** One key of a section, however deep. */
export interface Leaf {
  readonly path: readonly string[]
  readonly meta: FieldMeta
  readonly field: z.ZodType
  readonly optional: boolean
}

/** Every key of a section that has a value of its own, in the order of the schema. */
export function leavesOf(schema: z.ZodObject, prefix: readonly string[] = []): readonly Leaf[] {
  return Object.entries(schema.shape).flatMap(([key, value]) => {
    const field = value as z.ZodType
    const path = [...prefix, key]
    const inner = unwrap(field)
    if (inner instanceof z.ZodObject) return leavesOf(inner, path)
    const meta = metaOf(field)
    return meta ? [{ path, meta, field, optional: field instanceof z.ZodOptional }] : []
  })
}

/** null for what another schema describes. */
export function metaOf(field: z.ZodType): FieldMeta | null {
  const meta =
    field.meta() ?? (field instanceof z.ZodOptional ? (field.unwrap() as z.ZodType).meta() : undefined)
  return (meta as FieldMeta | undefined) ?? null
}

/** The schema inside defaults and optionals. */
export function unwrap(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional)
    return unwrap(schema.unwrap() as z.ZodType)
  return schema
}
