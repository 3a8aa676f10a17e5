/** Turns of the event loop until something is so. Where it never is, the test does not end, and its runner says so. */
export const until = async (holds: () => Promise<boolean> | boolean): Promise<void> => {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve))
}
