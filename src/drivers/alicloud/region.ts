const REGION = /^(?:cn|ap|us|eu|me|na|sa)-[a-z]+(?:-[a-z0-9]+)*$/

/** The region that the name of a host of this cloud tells, as those of databases do in most regions: `rm-1.mysql.cn-chengdu.rds.aliyuncs.com`;
 *  null = it tells none. */
export function regionOf(host: string): string | null {
  const labels = host.toLowerCase().split('.')
  if (!/^aliyuncs(slb)?$/.test(labels.at(-2) ?? '') || labels.at(-1) !== 'com') return null
  return labels.slice(1, -2).find((label) => REGION.test(label)) ?? null
}
