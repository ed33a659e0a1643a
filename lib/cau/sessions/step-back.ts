import type { SessionModel } from "../../models";

/** How often a state between two epochs is looked at, at most. */
const mostLooks = 6;

/**
 * The model at a share of the straight way from one state to another, parameter by parameter. At 0 and at 1 it has the
 * bytes of the one and of the other.
 *
 * @param from a state of a model
 * @param to another state of the same model
 * @param share from 0 to 1
 * @example
 * const { update } = await cau.unlearn(gru, eventRequest, { validation: sessionSplit.valid });
 * const halfway = modelBetween(gru, applyUpdate(gru, update), 0.5); // forgets about half as much
 */
export function modelBetween(from: SessionModel, to: SessionModel, share: number): SessionModel {
  if (share === 0 || share === 1) return share === 0 ? from : to;
  const ends = to.parameters();
  const values = from.parameters().map(({ name, values: start }, n) => {
    const end = ends[n].values;
    return [name, start.map((value, place) => (1 - share) * value + share * end[place])] as const;
  });
  return from.withParameters(new Map(values));
}

/** A share that was looked at, and for how many looks since then it has been an end of what is left. */
interface Look {
  readonly share: number;
  readonly gap: number;
  readonly stays: number;
}

/**
 * Goes to the share at which a gap that falls from above 0 to 0 or below meets 0. Every look is where a straight line
 * through the ends of what is left meets it; an end that stays again is drawn at half its gap, or a bent fall would be
 * followed from one side alone (the Illinois method). It ends once a gap is near, or after six looks.
 *
 * @param ends the gaps at 0 and at 1
 * @param near as near to 0 as it needs to be
 * @param gapAt looks at a share
 * @returns the share whose gap is nearest to 0 of all that were looked at, the ends among them
 * @example
 * await shareAtLevel([0.3, -0.1], 0.001, async (share) => 0.3 - 0.4 * share); // 0.75
 */
export async function shareAtLevel(
  ends: readonly [above: number, below: number],
  near: number,
  gapAt: (share: number) => Promise<number>,
): Promise<number> {
  let [above, below]: Look[] = ends.map((gap, share) => ({ share, gap, stays: 0 }));
  let nearest = Math.abs(below.gap) <= above.gap ? below : above;
  for (let look = 0; look < mostLooks && Math.abs(nearest.gap) > near; look++) {
    const share = meeting(above, below);
    const seen = { share, gap: await gapAt(share), stays: 0 };
    if (Math.abs(seen.gap) <= Math.abs(nearest.gap)) nearest = seen;
    [above, below] = seen.gap > 0 ? [seen, stayed(below)] : [stayed(above), seen];
  }
  return nearest.share;
}

const stayed = (look: Look): Look => ({ ...look, stays: look.stays + 1 });

/** Where the line through both meets 0. */
function meeting(above: Look, below: Look): number {
  const [high, low] = [above, below].map(({ gap, stays }) => gap / 2 ** Math.max(0, stays - 1));
  return above.share + ((below.share - above.share) * high) / (high - low);
}
