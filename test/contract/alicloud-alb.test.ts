import { beforeEach } from 'vitest'
import { AlbShop } from '../kit/alb-shop.ts'
import { sandboxKeys } from '../kit/ecs.ts'
import { heard } from '../kit/heard.ts'
import { balancerContract } from './balancer.ts'

beforeEach(sandboxKeys)

balancerContract('alicloud-alb in the sandbox', async () => {
  const shop = new AlbShop()
  shop.anInstance('127.0.0.1')
  let made = 0
  return {
    balancer: heard(shop.balancer()),
    async aServer() {
      const ip = `127.10.9.${++made}`
      shop.anInstance(ip)
      const address = `${ip}:80`
      return { address, fall: async () => shop.answers(address, false) }
    },
    pass: () => shop.cloud.advance(1000),
    close: () => shop.close(),
  }
})
