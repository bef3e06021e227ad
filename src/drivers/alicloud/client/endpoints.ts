/** The products that are called, and the version of each one's API. */
export const VERSIONS = {
  ecs: '2014-05-26',
  slb: '2014-05-15',
  alb: '2020-06-16',
  cms: '2019-01-01',
  vpc: '2016-04-28',
  cas: '2020-04-07',
  sts: '2015-04-01',
} as const

export type Product = keyof typeof VERSIONS

/** Regions whose endpoint of a product does not follow its rule, from the tables in the vendor's own clients. Asking the cloud's location
 *  service instead would stop all scaling on the day when that fails. */
const EXCEPTIONS: Partial<Record<Product, Readonly<Record<string, string>>>> = {
  ecs: {
    ...all('ecs-cn-hangzhou.aliyuncs.com', ['cn-hangzhou', 'cn-shanghai-finance-1', 'cn-shenzhen-finance-1']),
    ...all('ecs.aliyuncs.com', ['cn-north-2-gov-1', 'cn-hangzhou-finance']),
  },
  slb: all('slb.aliyuncs.com', [
    'ap-southeast-1',
    'cn-beijing',
    'cn-beijing-finance-1',
    'cn-hangzhou',
    'cn-hangzhou-finance',
    'cn-hongkong',
    'cn-north-2-gov-1',
    'cn-qingdao',
    'cn-shanghai',
    'cn-shanghai-finance-1',
    'cn-shenzhen',
    'cn-shenzhen-finance-1',
    'us-east-1',
    'us-west-1',
  ]),
  vpc: all('vpc.aliyuncs.com', [
    'cn-hangzhou',
    'cn-hangzhou-finance',
    'cn-north-2-gov-1',
    'cn-shanghai-finance-1',
    'cn-shenzhen-finance-1',
  ]),
  cas: all('cas.aliyuncs.com', [
    'ap-southeast-3',
    'ap-southeast-5',
    'cn-beijing',
    'cn-beijing-finance-1',
    'cn-chengdu',
    'cn-hangzhou',
    'cn-hangzhou-finance',
    'cn-hongkong',
    'cn-huhehaote',
    'cn-north-2-gov-1',
    'cn-qingdao',
    'cn-shanghai',
    'cn-shanghai-finance-1',
    'cn-shenzhen',
    'cn-shenzhen-finance-1',
    'cn-wulanchabu',
    'cn-zhangjiakou',
    'eu-west-1',
    'us-east-1',
    'us-west-1',
  ]),
  sts: {
    ...all('sts.aliyuncs.com', ['cn-beijing-finance-1', 'cn-hangzhou-finance']),
    'cn-north-2-gov-1': 'sts-vpc.cn-north-2-gov-1.aliyuncs.com',
    'cn-shenzhen-finance-1': 'sts-vpc.cn-shenzhen-finance-1.aliyuncs.com',
  },
}

function all(host: string, regions: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(regions.map((region) => [region, host]))
}

/** Where a product of a region is called, without a slash at the end. `override` stands for every product, as a proxy or a sandbox does. */
export function endpointOf(product: Product, region: string, override: string | null): string {
  if (override !== null) return override.replace(/\/+$/, '')
  const exceptions = EXCEPTIONS[product] ?? {}
  if (Object.hasOwn(exceptions, region)) return `https://${exceptions[region]}`
  return `https://${product === 'cms' ? 'metrics' : product}.${region}.aliyuncs.com`
}
