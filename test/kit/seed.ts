import fc from 'fast-check'

/** A run's random inputs are the same for everybody and for CI; `FUZZ_SEED=7 npm test` draws others. */
fc.configureGlobal({ seed: Number(process.env.FUZZ_SEED ?? 1) })
