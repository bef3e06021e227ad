import { join } from 'node:path'

/** Where everything lies in a state directory. */
export function statePaths(stateDir: string) {
  return {
    store: join(stateDir, 'store.db'),
    history: join(stateDir, 'history.db'),
    supervisorLock: join(stateDir, 'lock.db'),
    controllerLock: join(stateDir, 'controller-lock.db'),
    supervisor: join(stateDir, 'supervisor.json'),
    adminToken: join(stateDir, 'admin-token'),
    controller: join(stateDir, 'controller.json'),
    fleets: join(stateDir, 'fleets.json'),
    /** A fleet of each driver and region that there has been. */
    places: join(stateDir, 'places.json'),
    shadow: join(stateDir, 'shadow.json'),
    balancers: join(stateDir, 'balancers.json'),
    logs: join(stateDir, 'logs'),
    gatewayLog: join(stateDir, 'logs', 'gateway.log'),
    gateway: join(stateDir, 'gateway-process.json'),
    /** The gateway that is going to take its place. */
    successor: join(stateDir, 'gateway-successor.json'),
    controllerLog: join(stateDir, 'logs', 'controller.log'),
  }
}
