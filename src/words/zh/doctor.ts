import type { Catalog } from '../translate.ts'

/** What a vendor has to allow, and what is found in an account. */
export const DOCTOR: Catalog = {
  PERMISSION: '权限',
  FOR: '用途',
  'the list of servers, by tag': '按标签列出服务器',
  'servers that the cloud is about to disturb are replaced before': '云平台将影响的服务器提前替换',
  'what servers cost: the dearest leave first, and `prefer: price` takes the cheapest':
    '服务器的价格：最贵的先释放，`prefer: price` 选最便宜的',
  'the same of spot servers': '抢占式服务器的价格',
  'launches of servers, with their tags': '启动服务器并打上标签',
  'a server that has joined releases itself no more': '服务器加入后取消自动释放',
  'a server that is not needed any more is given back': '释放不再需要的服务器',
  'servers get the role that `ram-role` names': '为服务器授予 `ram-role` 指定的角色',
  'nothing in {file} is on Alibaba Cloud; expected a fleet of driver: alicloud-ecs':
    '{file} 中没有阿里云上的内容；应有 driver: alicloud-ecs 的机群',
  'what Alibaba Cloud has to be told': '需要告知阿里云的内容',
  'print a RAM policy that allows what the configured drivers call, and nothing more':
    '输出一份 RAM 权限策略，只允许已配置的驱动所调用的操作',
}
