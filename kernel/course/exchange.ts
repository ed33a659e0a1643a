/** `<student>+<assignment>+<timestamp>+<random>`; the last part can be switched off, and a name may have `+` itself. */
const pattern = /^(.+)\+([^+]+)\+(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d[^+]*)(?:\+[^+]*)?$/;

/**
 * Which entries of a folder of submissions count for an assignment. In the `inbound` folder of nbgrader's exchange,
 * that is each student's last one for it; in other folders, all.
 *
 * @returns by entry, whose it is; `undefined` where its name is not one of nbgrader's
 */
export function countingEntries(names: readonly string[], assignment: string): Map<string, string | undefined> {
  const entries = new Map<string, string | undefined>();
  const last = new Map<string, { readonly name: string; readonly timestamp: string }>();
  for (const name of names) {
    const [, student, of, timestamp] = pattern.exec(name) ?? [];
    if (student === undefined) entries.set(name, undefined);
    // Timestamps such as `2026-11-28 17:53:04.123456 UTC` sort as texts.
    else if (of === assignment && timestamp > (last.get(student)?.timestamp ?? ""))
      last.set(student, { name, timestamp });
  }
  for (const [student, { name }] of last) entries.set(name, student);
  return entries;
}
