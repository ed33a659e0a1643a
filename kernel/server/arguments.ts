/**
 * The ways in which kernels are told of their connection file: by kernelspecs, and by programs made for Python's
 * kernel.
 */
const names = ["--config-path", "-f", "--f", "--IPKernelApp.connection_file", "--connection-file"];

/**
 * The connection file among a kernel's arguments. What else stands there (Jupyter's programs hand on options of theirs)
 * is passed over, as Python's kernel does.
 *
 * @throws Error where there is none
 */
export function connectionFileIn(given: readonly string[]): string {
  for (const [index, word] of given.entries()) {
    const [name, value] = word.split(/=(.*)/s);
    if (!names.includes(name)) continue;
    const path = value ?? given[index + 1];
    if (path !== undefined && path !== "") return path;
  }
  // `jupyter kernel` and the like give it by itself at times.
  const alone = given.find((word) => !word.startsWith("-") && word.endsWith(".json"));
  if (alone !== undefined) return alone;
  throw new Error("no connection file is given: --config-path CONNECTION_FILE");
}
