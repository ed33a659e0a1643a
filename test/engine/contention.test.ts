import { describe, expect, it } from "vitest";
import { Contention } from "../../lib/engine/threads/contention";

describe("threads that were late", () => {
  /** How many operations pass before the threads compute again. */
  const rest = (contention: Contention) => {
    let count = 0;
    while (contention.isResting()) count++;
    return count;
  };
  const [late, inTime] = [
    [5, 1],
    [2.9, 1],
  ] as const;

  it("rest twice as long each time they are late again, and shorter once they were in time", () => {
    const contention = new Contention();
    expect(rest(contention)).toBe(0);
    const rests = Array.from({ length: 9 }, () => {
      contention.note(...late);
      return rest(contention);
    });
    expect(rests).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 256]);
    contention.note(...inTime);
    expect(rest(contention)).toBe(0);
    contention.note(...late);
    expect(rest(contention)).toBe(256);
    for (let n = 0; n < 9; n++) contention.note(...inTime);
    contention.note(...late);
    expect(rest(contention)).toBe(2);
  });
});
