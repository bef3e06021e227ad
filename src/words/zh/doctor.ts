import type { Catalog } from '../translate.ts'

/** What a vendor has to allow, and what is found in an account. */
export const DOCTOR: Catalog = {
  PERMISSION: '权限',
  FOR: '用途',
  'the list of servers, by tag': '按标签列出服务器',
  'servers that the cloud is about to disturb are replaced before': '云平台将影响的服务器提前替换',
  'a server that is kept is stopped': '停机保留服务器',
  'a server that is kept is started again': '重新启动保留的服务器',
  'a server that is kept, or started again, is marked so': '为保留或重新启动的服务器打标签',
  'what servers cost: the dearest leave first, and `prefer: price` takes the cheapest':
    '服务器的价格：最贵的先释放，`prefer: price` 选最便宜的',
  'the same of spot servers': '抢占式服务器的价格',
  'launches of servers, with their tags': '启动服务器并打上标签',
  'a server that has joined releases itself no more': '服务器加入后取消自动释放',
  'a server that is not needed any more is given back': '释放不再需要的服务器',
  'servers get the role that `ram-role` names': '为服务器授予 `ram-role` 指定的角色',
  'nothing in {file} is on Alibaba Cloud; expected a fleet of driver: alicloud-ecs':
    '{file} 中没有阿里云上的内容；应有 driver: alicloud-ecs 的机群',
  'doctor: whether the image is there': 'doctor：镜像是否存在',
  'doctor: what is in stock': 'doctor：库存',
  'doctor: how many vCPUs max of the fleet takes': 'doctor：机群达到 max 时所需的 vCPU 数',
  'doctor: how many the account may have': 'doctor：账号可用的 vCPU 数',
  'doctor: free addresses, zones and VPC of the vSwitches': 'doctor：交换机的可用 IP、可用区和 VPC',
  'doctor: which ports are open': 'doctor：哪些端口已放行',
  'doctor: whether the zones are there': 'doctor：可用区是否存在',
  '{name} is to be made: {changes...}': '{name} 将被创建：{changes...}',
  '{id}, which was created for {name}, is to be changed: {changes...}':
    '为 {name} 创建的 {id} 将被变更：{changes...}',
  '{id} was created for {name} and is as ordered': '{id} 已为 {name} 创建，与配置一致',
  '{name} costs {price...}': '{name} 的费用：{price...}',
  '{specification} is no specification that is known, and its price is not either':
    '{specification} 不是已知的规格，其价格也未知',
  'name one of these: {list!}': '请填写其中之一：{list!}',
  'name zones of this region: {zones!}': '请填写该地域的可用区：{zones!}',
  // validate
  'the fleet stands in {region}, which has no zone of this name, so that this does nothing; its zones are called like {region} and a letter':
    '机群位于 {region}，该地域没有此名称的可用区，因此不起作用；其可用区名称为 {region} 加一个字母',
  'driver {driver} tells no zone of its servers, so that this does nothing; say it by intensity':
    '驱动 {driver} 不提供服务器的可用区，因此不起作用；请用 intensity 设置',
  'all servers of {what...} stand in one zone, and are gone when it fails':
    '{what...}的所有服务器都在一个可用区，该可用区故障时将全部不可用',
  '{what...} is in {region}, and {other...} in {other}: what goes between regions is slow, and paid for':
    '{what...}位于 {region}，{other...}位于 {other}：跨地域的流量延迟高，且需付费',
  'fleet {name}': '机群 {name}',
  'balancer {name}': '负载均衡器 {name}',
  'server {id} of pool {pool}': '后端池 {pool} 的服务器 {id}',
  // doctor
  RESULT: '结果',
  CHECK: '检查项',
  FOUND: '情况',
  ok: '正常',
  warning: '警告',
  problem: '问题',
  credentials: '凭证',
  network: '网络',
  'the cloud does not answer: {code}: {why...}': '云平台没有响应：{code}：{why...}',
  'see whether this machine reaches it: its names (DNS), its proxy, its firewall; nothing else was looked at':
    '请检查本机能否访问云平台：域名解析（DNS）、代理、防火墙；其余各项均未检查',
  '{host} cannot be reached: {why...}': '无法访问 {host}：{why...}',
  '{host} gave no whole answer: {why...}': '{host} 没有给出完整的响应：{why...}',
  clock: '时钟',
  permissions: '权限',
  image: '镜像',
  stock: '库存',
  balancers: '负载均衡实例',
  'server-groups': '服务器组',
  '{id} runs, at {address}': '{id} 运行中，地址 {address}',
  '{id} carries nothing: it is {status}': '{id} 不承载流量：状态为 {status}',
  'start it in the console; one that is locked has something to be paid first':
    '请在控制台启动；被锁定的实例须先付清费用',
  '{group} of pool {pool} is one of {other}': '后端池 {pool} 的 {group} 属于 {other}',
  'name a virtual server group of {id}, or none': '请填写 {id} 的虚拟服务器组，或不填',
  "{group} of pool {pool}: {own} members are Tidegate's, and {others} of others stay as they are":
    '后端池 {pool} 的 {group}：{own} 个成员属于 Tidegate，另有 {others} 个保持不变',
  'wait until it is made, or start it in the console; one that is locked has something to be paid first':
    '请等待创建完成，或在控制台启动；被锁定的实例需先付费',
  'name a server group of instances or addresses in {vpc}, or none':
    '请填写 {vpc} 中的实例类型或 IP 类型的服务器组，或不填写',
  '{group} of pool {pool} is a group of {type}': '后端池 {pool} 的 {group} 是 {type} 类型的服务器组',
  '{group} of pool {pool} stands in another network (VPC) than {id}':
    '后端池 {pool} 的 {group} 与 {id} 不在同一专有网络（VPC）',
  'port {port} of {id} is free for listener {name}': '{id} 的端口 {port} 可用于监听 {name}',
  "port {port} of {id} has a listener that is not Tidegate's": '{id} 的端口 {port} 上的监听不属于 Tidegate',
  'leave listener {name} out and name the server group that it sends to, or delete it there':
    '请去掉监听 {name} 并填写该监听转发到的服务器组，或在控制台删除该监听',
  'mend what the cloud says here': '请按云平台的提示修正',
  strays: '无主服务器',
  'whether fleet {fleet}, which the file no longer has there, has servers yet is not known: {why...}':
    '配置文件在该处已没有机群 {fleet}，其是否仍有服务器未知：{why...}',
  '{ids!}: of fleet {fleet}, which the file no longer has there':
    '{ids!}：属于机群 {fleet}，而配置文件在该处已没有它',
  '`tidegate down` stops them, where nothing runs that lets them leave':
    '若没有正在运行的 Tidegate 让其退出，可用 `tidegate down` 停止',
  'delete them in the console, or put their fleet back into the file':
    '请在控制台释放，或将其机群写回配置文件',
  quota: '配额',
  costs: '费用',
  '{fleet} costs at most {most} an hour, beside disks and traffic: {max} of {type} at {price}':
    '{fleet} 每小时最多 {most}，云盘与流量另计：{max} 台 {type}，单价 {price}',
  vswitches: '交换机',
  'security-groups': '安全组',
  'health-checks': '健康检查',
  listeners: '监听',
  'cannot be looked at: {code}': '无法查看：{code}',
  'cannot be looked at: {code}: {why...}': '无法查看：{code}：{why...}',
  'run this again; the cloud or the network did not answer': '请重试；云平台或网络没有响应',
  'these credentials need {operation}: see `tidegate alicloud policy`':
    '这些凭证需要权限 {operation}：见 `tidegate alicloud policy` 的输出',
  'these credentials need more permissions: see `tidegate alicloud policy`':
    '这些凭证需要更多权限：见 `tidegate alicloud policy` 的输出',
  '{key} of the file has to be put right': '请更正配置文件中的 {key}',
  "the clock of this machine is {time} ahead of the cloud's; set it by NTP":
    '本机时钟比云平台快 {time}；请用 NTP 校时',
  "the clock of this machine is {time} behind the cloud's; set it by NTP":
    '本机时钟比云平台慢 {time}；请用 NTP 校时',
  "ask the cloud's support, with the id of the request": '请携带请求 ID 联系阿里云支持',
  'the account has to be topped up': '账户需要充值',
  'the quota has to be raised in the Quota Center, or max of the fleet lowered':
    '请在配额中心提高配额，或降低机群的 max',
  'the credentials are wrong or have ended': '凭证有误或已失效',
  'the clock of this machine is wrong': '本机时钟不准',
  'the security groups and vSwitches of a fleet have to be of one VPC: `tidegate doctor alicloud` says of which each is':
    '机群的安全组和交换机须属于同一 VPC：`tidegate doctor alicloud` 会说明各自所属的 VPC',
  'there is no such region': '没有该地域',
  'what the file names has to be put right': '请更正文件中的名称',
  '{identity}, by {source...}': '{identity}，来自{source...}',
  '{identity}, by {source...}: it may do anything in the account':
    '{identity}，来自{source...}：拥有整个账号的权限',
  'the environment': '环境变量',
  'make a RAM user or role of its own, and give it what `tidegate alicloud policy` prints':
    '请创建专用的 RAM 用户或角色，并授予 `tidegate alicloud policy` 输出的权限',
  'no credentials for Alibaba Cloud from {source...}: {why...}': '{source...} 中没有阿里云凭证：{why...}',
  'there is no such file, and so no profile {name}': '没有该文件，因此没有配置 {name}',
  'no credentials for Alibaba Cloud: nothing in {sources...}': '没有阿里云凭证：以下各处均没有：{sources...}',
  'set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or run `aliyun configure`':
    '请设置 ALIBABA_CLOUD_ACCESS_KEY_ID 和 ALIBABA_CLOUD_ACCESS_KEY_SECRET，或运行 `aliyun configure`',
  'this machine and the cloud agree on the time': '本机与云平台的时间一致',
  "the clock of this machine is {time} ahead of the cloud's": '本机时钟比云平台快 {time}',
  "the clock of this machine is {time} behind the cloud's": '本机时钟比云平台慢 {time}',
  'set it by NTP: new servers get their release time by it':
    '请用 NTP 校时：新服务器的自动释放时间以本机时钟为准',
  'a launch would be allowed; tried without buying: {count}': '创建实例会被允许；预检次数（未购买）：{count}',
  'a launch would be refused in {place...}: {code}': '在 {place...} 创建实例会被拒绝：{code}',
  'a launch would be refused in {place...}: {code}: {why...}':
    '在 {place...} 创建实例会被拒绝：{code}：{why...}',
  'a deletion would be allowed; tried on {id}, which stays': '释放实例会被允许；在 {id} 上预检，该实例保留',
  '{image} is there': '{image} 存在',
  '{image} is not to be had in {region}': '{region} 没有 {image}',
  'name an image of this region; an image of another region can be copied to it':
    '请填写该地域的镜像；其他地域的镜像可复制过来',
  '{pool}: {used} of {total} {type} in {zone} are used': '{pool}：{zone} 的 {total} 台 {type} 已用 {used} 台',
  '{pool}: {used} of {total} {type} in {zone} are used; paid for without being used: {idle}, {cost} an hour':
    '{pool}：{zone} 的 {total} 台 {type} 已用 {used} 台；付费而未使用：{idle} 台，每小时 {cost} 元',
  '{pool}: {used} of {total} {type} in {zone} are used; paid for without being used: {idle}':
    '{pool}：{zone} 的 {total} 台 {type} 已用 {used} 台；付费而未使用：{idle} 台',
  'the account has no open private pool of the types and in the zones of the fleet':
    '账号没有适合该机群的实例规格和可用区的开放私有池',
  'leave private-pool out, name one that is not open by its id, or buy an elasticity assurance or a capacity reservation for them':
    '去掉 private-pool，写明一个非开放私有池的 ID，或为它们购买弹性保障或容量预定',
  'there is no private pool {pool} in effect in {region}': '{region} 没有生效的私有池 {pool}',
  '{pool} keeps {what!}, which the fleet does not ask for': '{pool} 预留的是 {what!}，该机群并不使用',
  'name a private pool of these types and zones, as the ECS console lists them at elasticity assurances and capacity reservations, or open':
    '填写这些规格和可用区的私有池（见 ECS 控制台的弹性保障和容量预定），或 open',
  'doctor: what is reserved, and how much of it is used': 'doctor：预留了多少容量，用了多少',
  'doctor: the same of capacity reservations': 'doctor：容量预定的同样信息',
  '{type}: in stock in {zones!}': '{type}：{zones!} 有库存',
  '{type}: none in {zones!}': '{type}：{zones!} 无库存',
  'name another type, or a vSwitch in a zone that has it: {zones...}':
    '请增加其他实例规格，或增加有库存可用区的交换机：{zones...}',
  'name another type: no zone of the region has this one now':
    '请改用其他实例规格：该地域当前没有可用区有此规格',
  'vCPUs {kind...}: {free} of {whole} are free, and max of {fleet} takes {need} more':
    '{kind...} vCPU：共 {whole}，剩余 {free}，{fleet} 达到 max 还需 {need}',
  'on demand': '按量付费',
  'on the spot market': '抢占式实例',
  'raise the quota in the Quota Center, or lower max': '请在配额中心提高配额，或降低 max',
  '{id} is not in {region}': '{region} 没有 {id}',
  'name a vSwitch of this region, as the VPC console lists them': '请填写该地域的交换机，见专有网络控制台',
  '{id} in {zone}: {free} addresses are free': '{id}（{zone}）：剩余 {free} 个可用 IP',
  '{id} in {zone}: {free} addresses are free, and its share of max of {fleet} is {share}':
    '{id}（{zone}）：剩余 {free} 个可用 IP，{fleet} 达到 max 时需要 {share} 个',
  'add a vSwitch with more addresses, or lower max': '请增加可用 IP 更多的交换机，或降低 max',
  'all servers stand in {zone}': '所有服务器都在 {zone}',
  'add a vSwitch of another zone: one zone that fails takes all servers with it':
    '请增加其他可用区的交换机：一个可用区故障会影响所有服务器',
  'they are of {count} VPCs: {list!}': '它们属于 {count} 个 VPC：{list!}',
  'name vSwitches of one VPC: a security group holds in its own alone':
    '请填写同一 VPC 的交换机：安全组只在其所属 VPC 内有效',
  '{id} is of {vpc}, and the vSwitches are of {vpcs!}': '{id} 属于 {vpc}，而交换机属于 {vpcs!}',
  'name a security group of the VPC of the vSwitches, or vSwitches of {vpc}':
    '请填写交换机所在 VPC 的安全组，或 {vpc} 的交换机',
  '{groups!}: {port...} is open to {sources...}': '{groups!}：{port...} 已对 {sources...} 放行',
  '{groups!}: {port...} is closed': '{groups!}：{port...} 未放行',
  '{groups!}: {port...} is closed to {networks!}': '{groups!}：{port...} 未对 {networks!} 放行',
  '{groups!}: {port...} is closed but to members of {inside!}':
    '{groups!}：{port...} 只对 {inside!} 的成员放行',
  '{protocol} {port} ({why...})': '{protocol} {port}（{why...}）',
  'icmp ({why...})': 'icmp（{why...}）',
  traffic: '流量',
  anywhere: '任意地址',
  'checks of pool {pool}': '后端池 {pool} 的健康检查',
  '`tidegate doctor alicloud --open-ports` opens it': '用 `tidegate doctor alicloud --open-ports` 放行',
  '`tidegate doctor alicloud --open-ports` opens it, where the gateway is no member':
    '网关不是其成员时，用 `tidegate doctor alicloud --open-ports` 放行',
  'open {port...} of {group} to {networks!}': '在 {group} 中对 {networks!} 放行 {port...}',
  '+ open {port...} of {group} to {networks!}': '+ 在 {group} 中对 {networks!} 放行 {port...}',
  '`tidegate doctor alicloud --open-ports` would do this, after a question:':
    '`tidegate doctor alicloud --open-ports` 询问后会执行：',
  'done: {what...}': '完成：{what...}',
  'there is no port to open': '没有需要放行的端口',
  'nothing was opened; --yes opens it without a question': '没有放行任何端口；--yes 不询问直接放行',
  'Open them? (yes or no)': '放行这些端口吗？（yes 或 no）',
  'pool {pool}: no server runs yet to be checked': '后端池 {pool}：还没有运行中的服务器可检查',
  'pool {pool}: {passed} of {count} servers pass their check from here':
    '后端池 {pool}：从本机检查 {count} 台服务器，{passed} 台通过',
  'pool {pool}: {passed} of {count} servers pass their check from here: {why...}':
    '后端池 {pool}：从本机检查 {count} 台服务器，{passed} 台通过：{why...}',
  'open the port in their security group to this machine, or see what the server writes':
    '请在其安全组中对本机放行该端口，或查看服务器的输出',
  'this-machine': '本机',
  'clients come to it at {ports!}; whatever guards it has to let them in':
    '客户端从 {ports!} 访问本机；须在其防火墙或安全组中放行',
  'listener {name}': '监听 {name}',
  '{port...} is open to this machine, a member of {groups!}':
    '{port...} 已对本机放行，本机是 {groups!} 的成员',
  '`tidegate doctor alicloud --open-ports` opens it to anywhere, a rule of your own to fewer':
    '用 `tidegate doctor alicloud --open-ports` 对任意地址放行；也可自行添加规则，只对部分地址放行',
  'whether a cloud would let a configuration work': '检查云平台是否允许配置正常工作',
  'credentials, clock, permissions, image, stock, quota, networks, security groups, whether servers are reached, and which are nobody’s; each with the fix':
    '凭证、时钟、权限、镜像、库存、配额、网络、安全组、服务器是否可达，以及哪些服务器无主；并给出解决办法',
  'open the ports of servers that are closed, after a question': '询问后放行服务器上未放行的端口',
  'without the question': '不询问',
  'what Alibaba Cloud has to be told': '需要告知阿里云的内容',
  'print a RAM policy that allows what the configured drivers call, and nothing more':
    '输出一份 RAM 权限策略，只允许已配置的驱动所调用的操作',
}
