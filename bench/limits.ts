import { type MachineKind, nameOf } from "./machine";
import type { Row } from "./benchmark";

/** Ratios that were committed for one kind of machine and releases of the peers. */
export interface KindLimits {
  readonly kind: MachineKind;
  /** Names and releases of peers that were measured, as `PyTorch 2.5.1`. */
  readonly peers: readonly string[];
  /** The largest ratio by row and by how the peer's name begins, without its release: `adam / PyTorch`. */
  readonly limits: Readonly<Record<string, number>>;
}

/** What `bench/limits.json` holds. */
export interface Limits {
  /** What a limit is multiplied by on a kind of machine, or with a release of a peer, that it was not measured on. */
  readonly marginElsewhere: number;
  readonly kinds: readonly KindLimits[];
}

/** What holding rows to limits found. */
export interface Held {
  /** Which limits were held, and whether with the margin. */
  readonly notes: readonly string[];
  /** Row, value and limit of each that is above it. */
  readonly failures: readonly string[];
}

/**
 * Holds ratios to the limits of this kind of machine. A kind that has none is held to those of the most similar one,
 * with the margin; so is a row whose peer has another release.
 *
 * @example
 * holdToLimits(rows, limits, thisMachine()).failures; // such as "adam: 0.71 x PyTorch 2.5.1, 1 thread, limit 0.5"
 */
export function holdToLimits(rows: readonly Row[], { marginElsewhere, kinds }: Limits, machine: MachineKind): Held {
  const nearest = [...kinds].sort((a, b) => alike(b.kind, machine) - alike(a.kind, machine))[0];
  if (nearest === undefined) return { notes: ["there are no limits of any kind of machine"], failures: [] };
  const isKnown = alike(nearest.kind, machine) === fields.length;
  const notes = [
    isKnown
      ? `limits of this kind of machine: ${nameOf(machine)}`
      : `no limits of this kind of machine (${nameOf(machine)}): those of ${nameOf(nearest.kind)} ` +
        `are held, times ${marginElsewhere}`,
  ];
  const failures: string[] = [];
  const otherReleases = new Set<string>();
  for (const { name, peerName, ratio } of rows) {
    if (ratio === null) continue;
    const limit = limitOf(nearest.limits, `${name} / ${withoutRelease(peerName)}`);
    if (limit === undefined) notes.push(`${name} / ${peerName} has no limit: ${shown(ratio)}`);
    else {
      const release = releaseOf(peerName);
      const isKnownRelease = release === null || nearest.peers.includes(release);
      if (!isKnownRelease) otherReleases.add(release);
      const held = isKnown && isKnownRelease ? limit : limit * marginElsewhere;
      if (ratio > held) failures.push(`${name}: ${shown(ratio)} x ${peerName}, limit ${shown(held)}`);
    }
  }
  for (const release of otherReleases)
    notes.push(`the limits were not measured with ${release}: times ${marginElsewhere}`);
  return { notes, failures };
}

const fields = ["cpu", "cores", "simdBits", "nodeMajor"] as const;

function alike(a: MachineKind, b: MachineKind): number {
  return fields.filter((field) => a[field] === b[field]).length;
}

/** The longest that fits: a limit of one peer's variant comes before that of all. */
function limitOf(limits: Readonly<Record<string, number>>, key: string): number | undefined {
  const [longest] = Object.keys(limits)
    .filter((start) => key.startsWith(start))
    .sort((a, b) => b.length - a.length);
  return longest === undefined ? undefined : limits[longest];
}

const released = /^(.*?) (\d+(?:\.\d+)+[^\s,]*)/;

/** `PyTorch 2.5.1` of `PyTorch 2.5.1, 2 threads`; `null` for a peer without a release, such as `Retrain`. */
export function releaseOf(peerName: string): string | null {
  const found = released.exec(peerName);
  return found === null ? null : `${found[1]} ${found[2]}`;
}

function withoutRelease(peerName: string): string {
  return peerName.replace(/ \d+(?:\.\d+)+[^\s,]*/g, "");
}

function shown(value: number): string {
  return String(Number(value.toPrecision(3)));
}
