import type { Catalog } from '../translate.ts'

/** What the simulator says of traces and results. */
export const SIMULATOR: Catalog = {
  'an instant such as 1767225600 or 2026-01-01T00:00:00Z': '形如 1767225600 或 2026-01-01T00:00:00Z 的时刻',
  'expected at least 2 values, got {count}': '至少应有 2 个值，实际为 {count} 个',
  'all lines have the same timestamp': '所有行的时间戳相同',
  '{span} in steps of {step} are more than {count}; give a longer step':
    '以 {step} 为步长划分 {span} 会超过 {count} 步；请给出更长的步长',
  'negative values, taken as missing: {count} (first in line {line})':
    '负值，按缺失处理：{count} 个（首个在第 {line} 行）',
  'lines without a value: {count} (first in line {line})': '没有值的行：{count} 行（首个在第 {line} 行）',
  'lines out of order, sorted: {count} (first in line {line})':
    '顺序错乱的行，已排序：{count} 行（首个在第 {line} 行）',
  'timestamps that repeat, their mean taken: {count}': '重复的时间戳，已取平均值：{count} 个',
  'steps of {step} without a value, bridged by a straight line: {count} of {all}, the longest gap {gap}':
    '没有值的 {step} 步，以直线补齐：{all} 中的 {count} 步，最长缺口 {gap}',
}
