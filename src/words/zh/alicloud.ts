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
  // balancers
  'the id of an ALB instance, alb-..., or create': 'ALB 实例 ID，alb-...，或 create',
  '{least} to {most} vSwitches, each in a zone of its own': '{least} 到 {most} 个交换机，各在不同可用区',
  '{id} has {key} {is!}, and the file orders {wanted!}; change it in the console, or put the file back':
    '{id} 的 {key} 为 {is!}，而配置文件要求 {wanted!}；请在控制台更改，或改回配置文件',
  '{id} was created and is not ready: its status is {status}': '{id} 已创建但尚未就绪：其状态为 {status}',
  '{servers!} still finishes what it holds in server group {group}, and can come back when that is done':
    '{servers!} 仍在服务器组 {group} 中处理完已有请求，完成后才能重新加入',
  'there is no vSwitch {id} in this region': '本地域没有交换机 {id}',
  'vSwitch {id} cannot be read: {code}: {why...}': '无法读取交换机 {id}：{code}：{why...}',
  'nothing: the group of server-group has its own': '无：server-group 所指的服务器组自有此项',
  'listener {name} speaks http, and only https listeners send to servers by {protocol}':
    '监听 {name} 使用 http，而只有 https 监听才能以 {protocol} 转发到服务器',
  'an https listener redirects to https alone': 'https 监听只能重定向到 https',
  'an IPv4 address and port': 'IPv4 地址和端口',
  'TLSv1.2: it speaks that too': 'TLSv1.2：它也支持该版本',
  'at least one certificate': '至少一个证书',
  'at most {most} rules': '至多 {most} 条转发规则',
  'at most {most} networks': '至多 {most} 个网段',
  'at most {most} pools': '至多 {most} 个后端池',
  'at most {most} values to compare': '至多 {most} 个匹配值',
  'at most 1 KiB of ASCII': '至多 1 KiB 的 ASCII 文本',
  '2xx, 4xx or 5xx': '2xx、4xx 或 5xx',
  'it compares values and prefixes; expected one of these': '它只按值或前缀匹配；应为其中之一',
  'to it, * and ? in a value stand for others; expected none': '在它那里，值中的 * 与 ? 是通配符；不应含有',
  'it always keeps the query; expected it at the end, such as {example}':
    '它总会保留查询字符串；应写在末尾，例如 {example}',
  'its edition, network and name are known': '获知其版本、网络和名称',
  'changes are followed until they are done': '跟踪变更直至完成',
  'the server groups of Tidegate are found by tag': '按标签查找 Tidegate 的服务器组',
  'its settings are kept as the file has them': '使其设置与配置文件保持一致',
  'listeners that are taken over get its tag': '被接管的监听打上其标签',
  'rules are kept as the file has them': '使转发规则与配置文件保持一致',
  'certificates of a listener are compared with the file': '将监听的证书与配置文件比较',
  'listeners show the certificates of the file': '监听使用配置文件中的证书',
  'listeners show no former certificate': '监听不再使用先前的证书',
  'the zones of vSwitches, and which addresses are of the VPC': '获知交换机的可用区，以及哪些地址属于 VPC',
  'the server groups cannot be read: {code}: {why...}': '无法读取服务器组：{code}：{why...}',
  'a server group for pool {pool} cannot be made: {code}: {why...}':
    '无法为后端池 {pool} 创建服务器组：{code}：{why...}',
  'the server group of pool {pool} is not there yet': '后端池 {pool} 的服务器组尚未就绪',
  'there is no server group {id} in this region': '本地域没有服务器组 {id}',
  'the jobs of ALB cannot be read: {code}: {why...}': '无法读取 ALB 的异步任务：{code}：{why...}',
  'the cloud has not ended job {id} after {time}': '云平台在 {time} 后仍未完成任务 {id}',
  'the networks of {id} cannot be read: {code}: {why...}': '无法读取 {id} 的网段：{code}：{why...}',
  'the health of listener {id} cannot be read: {code}: {why...}':
    '无法读取监听 {id} 的健康状态：{code}：{why...}',
  'the rules of listener {id} cannot be read: {code}: {why...}':
    '无法读取监听 {id} 的转发规则：{code}：{why...}',
  'the certificates of listener {id} cannot be read: {code}: {why...}':
    '无法读取监听 {id} 的证书：{code}：{why...}',
  'certificate {id} cannot be read: {code}: {why...}': '无法读取证书 {id}：{code}：{why...}',
  'a certificate cannot be uploaded: {code}: {why...}': '无法上传证书：{code}：{why...}',
  '{address} is no address; a server of this group is an IPv4 address':
    '{address} 不是地址；该服务器组的服务器须为 IPv4 地址',
  'its address is shown': '显示其地址',
  "what its checks find is the members' state": '以其健康检查结果作为成员状态',
  'the server groups of Tidegate are found by name': '按名称查找 Tidegate 的服务器组',
  'a pool without `server-group` gets one': '未填写 `server-group` 的后端池会得到一个服务器组',
  'a server group of Tidegate goes when no pool has it': '没有后端池使用时删除 Tidegate 的服务器组',
  'members are read before and after each change': '每次变更前后读取成员',
  'servers join': '服务器加入',
  'weights grow, and servers drain at weight 0': '权重逐步增大；权重为 0 时服务器排空',
  'servers leave': '服务器离开',
  "listeners are told from other people's": '区分自己的监听与他人的监听',
  'listeners of the file run': '启动配置文件中的监听',
  'listeners that the file no longer has go': '删除配置文件中不再有的监听',
  'rules are compared with the file': '将转发规则与配置文件比较',
  'rules of the file are made': '创建配置文件中的转发规则',
  'rules that the file no longer has go': '删除配置文件中不再有的转发规则',
  'listeners of the file are made': '创建配置文件中的监听',
  'listeners are kept as the file has them': '使监听与配置文件保持一致',
  'servers join the default group': '服务器加入默认服务器组',
  'weights of the default group grow, and servers drain at weight 0':
    '默认服务器组中的权重逐步增大；权重为 0 时服务器排空',
  'servers leave the default group': '服务器离开默认服务器组',
  'its servers have ports of their own; expected server-group: default beside it':
    '其服务器各有端口；应同时填写 server-group: default',
  'rules send to virtual groups alone; expected a pool without server-group: default':
    '转发规则只能指向虚拟服务器组；应为没有 server-group: default 的后端池',
  'pool {pool} has {group}; expected another one': '后端池 {pool} 已使用 {group}；应为另一个服务器组',
  '{pool} has the default group; expected another one': '{pool} 已使用默认服务器组；应为另一个服务器组',
  '{address} takes traffic at another port than the servers of the default group, {port}':
    '{address} 的端口与默认服务器组的端口 {port} 不同',
  'the listener at port {port} was made for port {from} of its servers, which CLB cannot change to {to}; delete it there, and it is made anew':
    '端口 {port} 上的监听创建时指向服务器端口 {from}，CLB 不能改为 {to}；请在那边删除，它会被重新创建',
  'listeners are compared with the file': '将监听与配置文件比较',
  'certificates that were uploaded are found': '查找已上传的证书',
  'certificates of the file are uploaded, and again when they are renewed':
    '上传配置文件中的证书，续期后再次上传',
  'former certificates of Tidegate go': '删除 Tidegate 先前上传的证书',
  'a server of the file is found by its address': '按地址查找配置文件中的服务器',
  'a rule before it takes some of what this one matches, and there the nearest host wins; expected it before that rule':
    '前面的规则匹配了本规则的部分请求，而那里以最精确的域名为准；应将本规则放在它之前',
  'it takes whatever comes; expected a host or a path, or pool of the listener':
    '它匹配所有请求；应填写 host 或 path，或使用监听的 pool',
  'balancer {name} has {id} already; expected its listeners and pools to name {name}':
    '负载均衡器 {name} 已使用 {id}；其监听和后端池应填写 {name}',
  'a pool, for what no rule takes': 'pool，用于没有规则匹配的请求',
  'the certificates that were uploaded cannot be seen yet': '已上传的证书尚未出现在列表中',
  'certificate {id} stays: a listener still shows it': '证书 {id} 保留：仍有监听在使用',
  'the listeners of the region cannot be read: {code}: {why...}': '无法读取本地域的监听：{code}：{why...}',
  'the certificates of the listener at port {port} of {id} cannot be read: {code}: {why...}':
    '无法读取 {id} 端口 {port} 上监听的证书：{code}：{why...}',
  'certificates of server names are compared with the file': '将扩展域名的证书与配置文件比较',
  'a listener shows a certificate for each server name of the file': '监听为配置文件中的每个域名出示证书',
  'certificates of server names are renewed': '续期扩展域名的证书',
  'server names that the file no longer has go': '删除配置文件中不再有的扩展域名',
  'http, https, tcp or udp': 'http、https、tcp 或 udp',
  'the id of a CLB instance, lb-..., or create': 'CLB 实例 ID（lb-...）或 create',
  'load-balancer or create, not both': 'load-balancer 与 create 二者之一',
  'internet or intranet': 'internet 或 intranet',
  'the id of a vSwitch, which gives it its address': '交换机 ID，实例从中获得地址',
  'an address in the internet has none; expected no vswitch': '公网地址没有交换机；应不填写 vswitch',
  'two zones, of the master and of the slave': '两个可用区：主可用区和备可用区',
  'whole Mbps from {least} to {most}': '{least} 到 {most} 之间的整 Mbps 数',
  'billed by use, what it sends is paid; expected a specification beside it':
    '按使用量计费时按流量付费；应同时填写 specification',
  'only what goes to the internet is paid; expected no bandwidth': '只有公网流量收费；应不填写 bandwidth',
  '{id} was created with billing by use, which cannot become by specification {wanted}; put it back, or give the balancer another name, and a new one is created':
    '{id} 按使用量计费，不能改为按规格 {wanted} 计费；请改回，或给该负载均衡器换一个名称，将另建一个',
  '{id} was created with {key} {value}, which cannot become {wanted}; put it back, or give the balancer another name, and a new one is created':
    '{id} 创建时的 {key} 为 {value}，不能改为 {wanted}；请改回，或给该负载均衡器换一个名称，将另建一个',
  '{ids!} bear the same tags of Tidegate; take the tag tidegate:balancer from those that it is not to have':
    '{ids!} 带有相同的 Tidegate 标签；请从不归它使用的实例上删除标签 tidegate:balancer',
  '{id} was created and cannot be seen yet': '{id} 已创建，但尚未出现在列表中',
  '{id} cannot be changed ({action}): {code}: {why...}': '无法变更 {id}（{action}）：{code}：{why...}',
  'a load balancer cannot be created for {name}: {code}: {why...}':
    '无法为 {name} 创建负载均衡：{code}：{why...}',
  'the load balancers cannot be read: {code}: {why...}': '无法读取负载均衡列表：{code}：{why...}',
  'its specification is kept as ordered': '使规格与配置文件保持一致',
  'it is billed by use where ordered so': '订单如此时按使用量计费',
  'its bandwidth is kept as ordered': '使带宽与配置文件保持一致',
  'its deletion protection is kept as ordered': '使实例释放保护与配置文件保持一致',
  'what Tidegate has created is found by its tags': '按标签查找 Tidegate 创建的负载均衡',
  'the file orders a load balancer': '配置文件要求创建负载均衡',
  '`tidegate down --balancers` deletes it': '由 `tidegate down --balancers` 释放',
  '{id} has listeners that Tidegate has not made ({listeners!}); delete them there first':
    '{id} 上有并非由 Tidegate 创建的监听（{listeners!}）；请先在那边删除',
  '{id} cannot be deleted: {code}: {why...}': '无法释放 {id}：{code}：{why...}',
  'it keeps the tags of the file': '保持配置文件中的标签',
  'the private address and port of an instance': '实例的私网地址和端口',
  '{known!} behind a listener of {protocol}': '{protocol} 监听之后的 {known!}',
  'whole seconds from {least} to {most}': '{least} 到 {most} 之间的整秒数',
  'whole hundreds from 200 to 599, such as 200-399': '200 到 599 之间的整百区间，例如 200-399',
  '{least} to {most}': '{least} 到 {most}',
  'pool: it can only forward': 'pool：它只能转发',
  'it listens at its own address; expected {bind}': '它在自己的地址上监听；应为 {bind}',
  'it compares the beginning of a path; expected {example}': '它按路径前缀匹配；应为 {example}',
  'a rule before it takes all that this one matches, and there the longest path wins; expected it before that rule':
    '前面的规则会匹配该规则的全部请求，而那里以最长路径优先；应放在那条规则之前',
  'pool {pool}: its balancer is being opened anew': '后端池 {pool}：其负载均衡器正在重新打开',
  // the sandbox
  'the load balancers go on as they were: {why!}': '负载均衡保持原有配置：{why!}',
  'not served until its port is free: {why!}': '端口空闲之前不会提供服务：{why!}',
  // what the cloud did not do
  'too many calls of this operation wait already': '该操作等待的调用已过多',
  '{what...}; the account has to be topped up': '{what...}；账户需要充值',
  '{what...}; the quota has to be raised in the Quota Center, or max of the fleet lowered':
    '{what...}；请在配额中心提高配额，或降低机群的 max',
  '{what...}; these credentials need {operation}: see `tidegate alicloud policy`':
    '{what...}；这些凭证需要权限 {operation}：见 `tidegate alicloud policy` 的输出',
  '{what...}; these credentials need more permissions: see `tidegate alicloud policy`':
    '{what...}；这些凭证需要更多权限：见 `tidegate alicloud policy` 的输出',
  '{what...}; {key} of the file has to be put right': '{what...}；请更正配置文件中的 {key}',
  "{what...}; the clock of this machine is {time} ahead of the cloud's; set it by NTP":
    '{what...}；本机时钟比云平台快 {time}；请用 NTP 校时',
  "{what...}; the clock of this machine is {time} behind the cloud's; set it by NTP":
    '{what...}；本机时钟比云平台慢 {time}；请用 NTP 校时',
  '{what...} (request {id})': '{what...}（请求 ID {id}）',
  '{what...}; the credentials are wrong or have ended': '{what...}；凭据有误或已失效',
  '{what...}; the clock of this machine is wrong': '{what...}；本机时钟不准',
  '{what...}; its deletion protection has to be switched off by whoever switched it on':
    '{what...}；须由开启者关闭其实例释放保护',
  '{what...}; it is paid for in advance and cannot be released before its time':
    '{what...}；它是包年包月实例，到期前不能释放',
  '{what...}; it stands in another network (VPC) than the balancer':
    '{what...}；它与负载均衡器不在同一个专有网络（VPC）',
  '{what...}; a server has to exist and to run before it can join':
    '{what...}；服务器须存在且处于运行中才能加入',
  '{what...}; the balancer has as many as it may have; its quota has to be raised, or max of the fleet lowered':
    '{what...}；该负载均衡器已达数量上限；请提高其配额，或降低机群的 max',
  '{what...}; the security groups and vSwitches of a fleet have to be of one VPC: `tidegate doctor alicloud` says of which each is':
    '{what...}；机群的安全组和交换机须属于同一 VPC：`tidegate doctor alicloud` 会说明各自所属的 VPC',
  '{what...}; there is no such region': '{what...}；没有该地域',
  '{what...}; what the file names has to be put right': '{what...}；请更正文件中的名称',
  'the list of servers cannot be read: {code}: {why...}': '无法读取服务器列表：{code}：{why...}',
  'server group {id} cannot be read: {code}: {why...}': '无法读取服务器组 {id}：{code}：{why...}',
  'server group {id} cannot be changed: {code}: {why...}': '无法变更服务器组 {id}：{code}：{why...}',
  'server group {id} cannot be deleted: {code}: {why...}': '无法删除服务器组 {id}：{code}：{why...}',
  'a server group cannot be made in {id}: {code}: {why...}': '无法在 {id} 中创建服务器组：{code}：{why...}',
  'the server groups of {id} cannot be read: {code}: {why...}': '无法读取 {id} 的服务器组：{code}：{why...}',
  'the health of {id} cannot be read: {code}: {why...}': '无法读取 {id} 的健康状态：{code}：{why...}',
  'the listeners of {id} cannot be read: {code}: {why...}': '无法读取 {id} 的监听：{code}：{why...}',
  'the listener at port {port} of {id} cannot be read: {code}: {why...}':
    '无法读取 {id} 端口 {port} 上的监听：{code}：{why...}',
  'the rules of the listener at port {port} of {id} cannot be read: {code}: {why...}':
    '无法读取 {id} 端口 {port} 上监听的转发规则：{code}：{why...}',
  'the certificate of listener {name} cannot be uploaded: {code}: {why...}':
    '无法上传监听 {name} 的证书：{code}：{why...}',
  'certificate {id} cannot be deleted: {code}: {why...}': '无法删除证书 {id}：{code}：{why...}',
  'the certificates cannot be read: {code}: {why...}': '无法读取证书：{code}：{why...}',
  'the certificate {cert} with {key} cannot be read: {why!}': '无法读取证书 {cert} 及其私钥 {key}：{why!}',
  'the instance at {address} cannot be looked up: {code}: {why...}':
    '无法查找地址为 {address} 的实例：{code}：{why...}',
  '{id} cannot be configured ({action}): {code}: {why...}': '无法配置 {id}（{action}）：{code}：{why...}',
  '{id} cannot be read: {code}: {why...}': '无法读取 {id}：{code}：{why...}',
  '{address} {why!}; a server of this balancer is an instance of the region':
    '{address} {why!}；该负载均衡器的服务器须为本地域的实例',
  'pool {pool}: {member} of {group} is a member that Tidegate has not added ({description!}); remove it there, and it is added anew; with adopt: true of the balancer it is taken over':
    '后端池 {pool}：{group} 中的 {member} 是一个并非由 Tidegate 添加的成员（{description!}）；请在那边移除，它会被重新添加；若该负载均衡器设 adopt: true，则予以接管',
  'rule {name!} of the listener at port {port} stands where one of this file should, and Tidegate has not made it; delete it there, or leave it out of this file; with adopt: true of the balancer it is taken over':
    '端口 {port} 上监听的转发规则 {name!} 占用了本文件中一条规则的位置，且并非由 Tidegate 创建；请在那边删除，或从本文件中去掉该规则；若该负载均衡器设 adopt: true，则将其接管',
  'the certificate for {domain} of the listener at port {port} stands where one of this file should, and Tidegate has not made it; delete it there, or leave it out of this file; with adopt: true of the balancer it is taken over':
    '端口 {port} 上监听已有 {domain} 的扩展域名证书，且并非由 Tidegate 创建；请在那边删除，或从本文件中去掉该证书；若该负载均衡器设 adopt: true，则将其接管',
  'port {port} has a {protocol} listener that Tidegate has not made ({description!}); delete it there, or name its server group in the pool and leave the listener out of this file; with adopt: true of the balancer one of the same protocol is taken over':
    '端口 {port} 上有一个并非由 Tidegate 创建的 {protocol} 监听（{description!}）；请在那边删除，或在后端池中填写它的服务器组并从本文件中去掉该监听；若该负载均衡器设 adopt: true，则接管同协议的监听',
  'servers cannot be launched in {place...}: {code}: {why...}':
    '无法在 {place...} 创建服务器：{code}：{why...}',
  '{id} still releases itself: {code}: {why...}': '{id} 仍会自动释放：{code}：{why...}',
  '{ids!} cannot be tagged: {code}: {why...}': '{ids!} 无法打标签：{code}：{why...}',
  '{ids!} cannot be stopped: {code}: {why...}': '{ids!} 无法停止：{code}：{why...}',
  '{ids!} cannot be started: {code}: {why...}': '{ids!} 无法启动：{code}：{why...}',
  '{ids!} cannot be deleted: {code}: {why...}': '{ids!} 无法释放：{code}：{why...}',
  '{ids!}: a server that is being made can be deleted only when that is done':
    '{ids!}：正在创建的服务器须待创建完成后才能释放',
  'nothing more to be had: {places...}': '没有更多资源：{places...}',
  'nothing there lately': '近期已无库存',
  'only {got} of {wanted}': '{wanted} 台中只得到 {got} 台',
  '{vswitch} the type of the launch template': '{vswitch} 启动模板的实例规格',
  '{place...} (spot)': '{place...}（抢占式）',
  'its status is {status}': '其状态为 {status}',
  'the cloud has given notice: {why!}': '云平台已发出通知：{why!}',
}
