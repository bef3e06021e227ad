// Preloaded by NODE_OPTIONS=--import: Tidegate, its processes and its threads take this system for macOS.
Object.defineProperty(process, 'platform', { value: 'darwin' })
