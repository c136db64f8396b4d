// How many random histories a heavy property test plays: a few in the quick check, more in `npm test`
// (TRAM_PROPERTY_RUNS), as many as one likes when looking for a rare failure.

export const propertyRuns = (quick: number): number => Number(process.env.TRAM_PROPERTY_RUNS ?? quick);
