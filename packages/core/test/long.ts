/** Whether this is `npm run test:long`: the same tests, with many more examples. */
export const long = process.env.STREETLIGHT_LONG === "1";

/** How many examples a random test takes: `usual` in `npm test`, `atLength` in `npm run test:long`. */
export const times = (usual: number, atLength: number): number => (long ? atLength : usual);
