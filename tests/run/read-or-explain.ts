/** Reads a command line. What does not fit is said in words, above the usage, and the process ends with 2. */
export function readOrExplain<T>(read: () => T, usage: string): T {
  try {
    return read();
  } catch (error) {
    // parseArgs throws it, and so do readers of their own.
    if (!(error instanceof TypeError)) throw error;
    console.error(`${error.message}\n\n${usage}`);
    process.exit(2);
  }
}
