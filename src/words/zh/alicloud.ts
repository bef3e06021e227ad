import type { Catalog } from '../translate.ts'

/** What the drivers of Alibaba Cloud say, in the terms of its console. */
export const ALICLOUD: Catalog = {
  // the file
  'a region such as cn-hangzhou': '地域，例如 cn-hangzhou',
  'a list of texts': '文本列表',
  'a map of keys to values': '键值映射',
  'an address with its scheme, such as {example}': '带协议的地址，例如 {example}',
  'the id of an image, or a launch-template': '镜像 ID，或 launch-template',
  'cloud_essd or the like': 'cloud_essd 之类的云盘类型',
  'its id, lt-...': '其 ID，lt-...',
  'at most 32 KiB': '不超过 32 KiB',
  'at most {most} tags': '最多 {most} 个标签',
  'a name of at most 128 characters that begins with none of aliyun, acs:, tidegate:':
    '不超过 128 个字符、且不以 aliyun、acs:、tidegate: 开头的名称',
  'a price by the hour, such as {example}': '每小时价格，例如 {example}',
  'the ARN of a role, such as {example}': '角色的 ARN，例如 {example}',
  'keys come from one place; expected profile or ecs-role': '密钥只来自一处；应为 profile 或 ecs-role',
  'expected order or price': '应为 order 或 price',
  'only a role asks for it; expected role beside it': '只有角色才需要它；应同时设置 role',
  // the sandbox
  'the load balancers go on as they were: {why!}': '负载均衡保持原有配置：{why!}',
  // what the cloud did not do
  '{what...}; the account has to be topped up': '{what...}；账户需要充值',
  '{what...}; the quota has to be raised in the Quota Center, or max of the fleet lowered':
    '{what...}；请在配额中心提高配额，或降低机群的 max',
  '{what...}; the RAM policy of these credentials lacks the permission':
    '{what...}；这些凭据的 RAM 权限策略缺少该权限',
  '{what...}; the credentials are wrong or have ended': '{what...}；凭据有误或已失效',
  '{what...}; the clock of this machine is wrong': '{what...}；本机时钟不准',
  '{what...}; its deletion protection has to be switched off by whoever switched it on':
    '{what...}；须由开启者关闭其实例释放保护',
  '{what...}; it is paid for in advance and cannot be released before its time':
    '{what...}；它是包年包月实例，到期前不能释放',
  '{what...}; there is no such region': '{what...}；没有该地域',
  '{what...}; what the file names has to be put right': '{what...}；请更正文件中的名称',
  'the list of servers cannot be read: {code}: {why!}': '无法读取服务器列表：{code}：{why!}',
  'servers cannot be launched in {place!}: {code}: {why!}': '无法在 {place!} 创建服务器：{code}：{why!}',
  '{id} still releases itself: {code}: {why!}': '{id} 仍会自动释放：{code}：{why!}',
  '{ids!} cannot be deleted: {code}: {why!}': '{ids!} 无法释放：{code}：{why!}',
  'a server that is being made can be deleted only when that is done':
    '正在创建的服务器须待创建完成后才能释放',
  'nothing more to be had: {places!}': '没有更多资源：{places!}',
  'its status is {status}': '其状态为 {status}',
  'the cloud has given notice: {why!}': '云平台已发出通知：{why!}',
}
