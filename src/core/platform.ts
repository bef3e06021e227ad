/** What an operating system gives to Tidegate. Everything that depends on the system asks here. */
export interface Platform {
  /** Several workers can listen on one port, and connections are spread over them (SO_REUSEPORT as Node.js supports it). */
  readonly sharedPorts: boolean
  /** /proc tells of processes: who they are, what they use, who holds a port. */
  readonly proc: boolean
  /** Sockets are files, which their modes protect; otherwise they are named pipes. */
  readonly unixSockets: boolean
  /** SIGTERM asks a process to end, and a negative pid reaches a whole group; otherwise a signal ends one process at once. */
  readonly signals: boolean
}

const LINUX: Platform = { sharedPorts: true, proc: true, unixSockets: true, signals: true }
const OTHER_UNIX: Platform = { ...LINUX, sharedPorts: false, proc: false }
const WINDOWS: Platform = { sharedPorts: false, proc: false, unixSockets: false, signals: false }

/** `name` is Node's `process.platform`. A system that nobody has looked at counts as a Unix that has nothing special. */
export function platformOf(name: string): Platform {
  if (name === 'linux') return LINUX
  return name === 'win32' ? WINDOWS : OTHER_UNIX
}

/** How many gateway workers there can be. */
export function workersOn({ sharedPorts }: Platform, wanted: number): number {
  return sharedPorts ? wanted : 1
}

/** What a user should know before relying on it here: a sentence each, none on Linux. */
export function lacksOf({ sharedPorts, proc, signals }: Platform): readonly string[] {
  return [
    ...(sharedPorts ? [] : ['the gateway runs with one worker, because workers cannot share a port here']),
    ...(proc
      ? []
      : [
          'servers of `driver: local` are not found again after a crash of the controller, and their cpu and memory are not measured: there is no /proc',
        ]),
    ...(signals
      ? []
      : [
          'Ctrl-C and `tidegate down` end everything without draining and may leave servers of `driver: local` behind, and a reload needs `tidegate reload`: this system has no signals that ask',
        ]),
  ]
}
