/** Milliseconds to wait after so many tries in vain: each time longer, up to half a minute, and never in step with others. */
export const patience = (tries: number): number => Math.min(30_000, 1000 * 2 ** (tries - 1)) * (0.5 + Math.random() / 2);
