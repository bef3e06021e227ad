import type { Catalog } from '../translate.ts'

/** Another configuration beside the active one, and the verdict on it. */
export const SHADOW: Catalog = {
  '{file!} decides in shadow; `tidegate shadow` shows how it differs':
    '{file!} 正在影子模式下决策；`tidegate shadow` 显示差异',
  'the shadow has ended': '影子模式已结束',
  'nothing runs in shadow': '没有影子配置在运行',
  'it has not decided yet': '尚未做出决策',
  '{file!} decides in shadow since {day} {time}, by {who}':
    '{file!} 自 {day} {time} 起在影子模式下决策，由 {who} 发起',
  '{fleet}: {count} ticks compared; it wanted more in {more}, fewer in {fewer}':
    '{fleet}：已比较 {count} 次；影子希望更多的占 {more}，更少的占 {fewer}',
  '{fleet}: it wanted {hours} server-hours, the active configuration {active}':
    '{fleet}：影子希望 {hours} 服务器小时，当前配置 {active}',
  '{fleet}: its shadow has failed and decides no more: {why...}': '{fleet}：影子配置出错，不再决策：{why...}',
  'nothing runs in shadow; start one with `tidegate shadow FILE`':
    '没有影子配置在运行；请用 `tidegate shadow FILE` 启动',
  '{fleet}: {verdict...}: {hours...}, {changes...}, otherwise in {ticks} of the ticks, refused in {refused}, in {span}':
    '{fleet}：{verdict...}：{hours...}，{changes...}，{ticks} 的时刻不同，{refused} 的时刻被拒绝，共 {span}',
  '{fleet}: {verdict...}: {hours...}, {cost} of the cost, {changes...}, otherwise in {ticks} of the ticks, refused in {refused}, in {span}':
    '{fleet}：{verdict...}：{hours...}，费用为 {cost}，{changes...}，{ticks} 的时刻不同，{refused} 的时刻被拒绝，共 {span}',
  '{share} of the server-hours': '服务器小时为 {share}',
  'servers where the active configuration wants none': '当前配置不需要服务器，而影子需要',
  '{share} of the changes': '变更次数为 {share}',
  'the active configuration made no change and the shadow {count}': '当前配置没有变更，影子变更 {count} 次',
  '{text!}: {fleet}: the active configuration made no change and the shadow {count}':
    '{text!}：{fleet}：当前配置没有变更，影子变更 {count} 次',
  same: '相同',
  cheaper: '更省',
  dearer: '更贵',
  differs: '不同',
  '{fleet}: too-short: {span} are compared so far': '{fleet}：时间太短：至今只比较了 {span}',
  '{fleet}: failed: {why...}': '{fleet}：已出错：{why...}',
  'no verdict: it has to be compared for {span} (--least), and must not have failed':
    '没有结论：必须已比较 {span}（--least），且未出错',
  '{text!}: no fleet {fleet} has a shadow': '{text!}：机群 {fleet} 没有影子',
  '{text!}: no fleet has a shadow': '{text!}：没有机群有影子',
  '{text!}: {fleet} has nothing to compare it with': '{text!}：{fleet} 没有可比较的对象',
  'active: {what...}': '当前：{what...}',
  'shadow: {what...}': '影子：{what...}',
}
