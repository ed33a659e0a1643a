import { visibleText } from "../core";
import type { LatexFamily } from "./latex-options";
import { codePointText, isTypeset, thinSpace } from "./latex-text";

/** The two weights that a table is set in. */
export type Weight = "regular" | "bold";

/**
 * Widths of the characters from space to tilde, in thousandths of the type's size, as pdfTeX reports them: Computer
 * Modern at 10 pt, Times, Linux Libertine and Helvetica; the wider of the encodings OT1 and T1.
 */
const asciiWidths: Readonly<Record<LatexFamily, Readonly<Record<Weight, readonly number[]>>>> = {
  serif: {
    regular: [
      334, 278, 500, 834, 500, 834, 778, 278, 389, 389, 500, 778, 278, 334, 278, 500, 500, 500, 500, 500, 500, 500, 500,
      500, 500, 500, 278, 278, 778, 778, 778, 473, 778, 750, 709, 723, 764, 681, 653, 785, 750, 362, 514, 778, 625, 917,
      750, 778, 681, 778, 737, 556, 723, 750, 750, 1028, 750, 750, 612, 278, 500, 278, 611, 778, 500, 500, 556, 445,
      556, 445, 306, 500, 556, 278, 306, 528, 278, 834, 556, 500, 556, 528, 392, 395, 389, 556, 528, 723, 528, 528, 445,
      500, 278, 500, 611,
    ],
    bold: [
      384, 350, 603, 959, 575, 959, 895, 320, 448, 448, 575, 895, 320, 384, 320, 575, 575, 575, 575, 575, 575, 575, 575,
      575, 575, 575, 320, 320, 895, 895, 895, 544, 895, 870, 819, 831, 882, 756, 724, 905, 900, 437, 595, 902, 692,
      1092, 900, 864, 787, 864, 863, 639, 800, 885, 870, 1189, 870, 870, 703, 320, 575, 320, 703, 895, 575, 560, 639,
      512, 639, 528, 352, 575, 639, 320, 352, 607, 320, 959, 639, 575, 639, 607, 474, 454, 448, 639, 607, 831, 607, 607,
      512, 575, 320, 575, 703,
    ],
  },
  times: {
    regular: [
      250, 333, 444, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500, 500, 500, 500, 500,
      500, 500, 500, 278, 278, 778, 564, 778, 444, 921, 722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889,
      722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 500, 333, 469, 500, 500, 444, 500, 444, 500,
      444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500, 500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 500,
      278, 500, 541,
    ],
    bold: [
      250, 333, 555, 500, 500, 1000, 833, 278, 333, 333, 500, 570, 250, 333, 250, 278, 500, 500, 500, 500, 500, 500,
      500, 500, 500, 500, 333, 333, 895, 570, 895, 500, 930, 722, 667, 722, 722, 667, 611, 778, 778, 389, 500, 778, 667,
      944, 722, 778, 611, 778, 722, 556, 667, 722, 722, 1000, 722, 722, 667, 333, 575, 333, 581, 500, 500, 500, 556,
      444, 556, 444, 333, 500, 556, 278, 333, 556, 278, 833, 556, 500, 556, 556, 444, 389, 333, 556, 500, 722, 500, 500,
      444, 575, 320, 575, 520,
    ],
  },
  libertine: {
    regular: [
      250, 288, 336, 465, 465, 637, 705, 190, 298, 298, 369, 550, 220, 338, 220, 323, 465, 465, 465, 465, 465, 465, 465,
      465, 465, 465, 236, 236, 550, 550, 550, 435, 895, 695, 588, 646, 701, 557, 485, 685, 730, 297, 322, 637, 528, 839,
      699, 702, 541, 702, 587, 485, 597, 661, 652, 951, 660, 575, 604, 356, 287, 356, 518, 486, 500, 457, 493, 428, 506,
      447, 310, 500, 538, 271, 272, 512, 264, 790, 542, 504, 519, 503, 372, 390, 316, 531, 497, 747, 490, 515, 424, 277,
      205, 277, 449,
    ],
    bold: [
      250, 266, 376, 514, 514, 637, 729, 215, 315, 315, 433, 537, 244, 358, 244, 316, 514, 514, 514, 514, 514, 514, 514,
      514, 514, 514, 256, 256, 512, 551, 512, 430, 988, 740, 654, 706, 734, 609, 545, 732, 817, 367, 373, 736, 577, 899,
      740, 730, 614, 730, 716, 504, 652, 732, 700, 1028, 718, 624, 624, 397, 307, 397, 518, 486, 500, 506, 542, 456,
      561, 489, 391, 521, 619, 322, 312, 613, 325, 905, 616, 551, 581, 573, 428, 427, 358, 598, 529, 777, 561, 558, 452,
      307, 220, 307, 473,
    ],
  },
  sans: {
    regular: [
      278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
      556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556,
      833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 500, 556, 556, 500,
      556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500,
      334, 260, 334, 584,
    ],
    bold: [
      278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
      556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833,
      722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556, 500, 556, 611, 556, 611,
      556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389,
      280, 389, 584,
    ],
  },
};

/** Computer Modern is drawn anew for each size, wider where it is small; so are the symbols of mathematics. */
const opticalStretch: readonly (readonly [size: number, stretch: number])[] = [
  [5, 1.451],
  [6, 1.267],
  [7, 1.165],
  [8, 1.069],
  [9, 1.031],
  [10, 1],
];

/** The widest that each of them is in the four families. */
const symbolWidths: Readonly<Record<string, number>> = {
  "–": 575,
  "—": 1150,
  "…": 1533,
  "†": 588,
  "‡": 588,
  "±": 778,
  "×": 778,
  "·": 278,
  "∞": 1000,
  "≤": 778,
  "≥": 778,
  "≠": 778,
  "→": 1024,
  "↑": 500,
  "↓": 500,
  "−": 778,
  "≈": 778,
  α: 644,
  β: 619,
  γ: 574,
  δ: 497,
  ε: 458,
  ζ: 513,
  η: 533,
  θ: 512,
  ι: 354,
  κ: 577,
  λ: 584,
  μ: 603,
  ν: 558,
  ξ: 484,
  ο: 611,
  π: 610,
  ρ: 565,
  σ: 608,
  τ: 551,
  υ: 577,
  φ: 596,
  χ: 626,
  ψ: 688,
  ω: 681,
};

/** Letters that are no letter with an accent, and the apostrophe that some carons become: as wide as the widest. */
const otherWidth = 1170;
const accentWidth = 260;
/** A character spelt as its code point, in a typewriter font. */
const typewriterWidth = 525;

const thinSpaceWidth = 167;

/** Kerning may add a little between round letters. */
const kerning = 1.01;

/** How much wider a font is for its size than at 10 pt; between two sizes TeX may take the smaller. */
function stretchAt(sizePt: number): number {
  const smaller = opticalStretch.filter(([size]) => size <= sizePt);
  return (smaller.at(-1) ?? opticalStretch[0])[1];
}

/** The width of a text as `escapeLatex` writes it, in points; never less than what TeX makes of it. */
export function textWidthPt(text: string, family: LatexFamily, sizePt: number, weight: Weight = "regular"): number {
  const ascii = asciiWidths[family][weight];
  const stretch = stretchAt(sizePt);
  const own = family === "serif" ? stretch : 1;
  let thousandths = 0;
  for (const character of visibleText(text).normalize("NFC")) thousandths += widthOf(character);
  return (thousandths * kerning * sizePt) / 1000;

  function widthOf(character: string): number {
    const code = character.codePointAt(0) as number;
    if (code >= 0x20 && code <= 0x7e) return ascii[code - 0x20] * own;
    if (character === thinSpace) return thinSpaceWidth;
    const symbol = symbolWidths[character];
    if (symbol !== undefined) return symbol * stretch;
    if (!isTypeset(character)) return codePointText(character).length * typewriterWidth * stretch;
    const [base, ...accents] = character.normalize("NFD");
    return (accents.length === 0 ? otherWidth : ascii[base.charCodeAt(0) - 0x20] + accentWidth) * own;
  }
}
