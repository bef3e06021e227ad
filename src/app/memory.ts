/** A heap grows to twice what lives in it before V8 collects what does not; left alone, V8 lets it grow to four times. Of 20,000 servers
 *  that is 300 MB instead of 470 MB, for a fiftieth of a core (`npm run bench -- controller`). */
const GROWING = '--heap-growing-percent=100'
/** For each half of where objects are born; left alone, V8 takes 32 MB. What one tick leaves for the next outlives both, what it does not
 *  leave is gone before either is full: 50 MB for nothing. */
const YOUNG = '--max-semi-space-size=8'

/** Options of Node for a process that answers to nobody within milliseconds and runs beside others: memory rather than speed. V8 takes the
 *  second only as it starts. */
export const SMALL_MEMORY: readonly string[] = [GROWING, YOUNG]
