import { execFileSync } from "node:child_process";
import { InvalidArgumentError, NotFoundError, sha256OfFile } from "../core";
import { addFont, allOwnFonts, type OwnFont, ownFontNamed } from "./fonts";
import { type Venue, venueOf, type VenueChoice } from "./venues";

/** A family's fonts as TeX distributions have them, the best first. All are free, and may be embedded. */
const files: Readonly<Record<Venue["family"], readonly string[]>> = {
  serif: ["lmroman8-regular.otf"], // Latin Modern at 8 points: Computer Modern with accents
  times: ["texgyretermes-regular.otf", "TeXGyreTermesX-Regular.otf", "XITS-Regular.otf", "STIXTwoText-Regular.otf"],
  libertine: ["LinLibertine_R.otf", "LibertinusSerif-Regular.otf"],
  sans: ["texgyreheros-regular.otf"],
};

/**
 * The family that a figure's text is set in, its font added: the name of one that is, the path of a file, or `"venue"`,
 * which looks for the venue's family in the TeX of this machine.
 *
 * @throws NotFoundError where there is no such font, with what to install
 * @throws InvalidArgumentError for `"venue"` without one, or a file that is no font
 * @example
 * const fontFamily = fontFamilyOf("venue", "ieee"); // a Times, where TeX has one
 * const value = { group: "ml-100k", series: "IFRU", value: 0.72 };
 * barChart([value], { valueTitle: "AUC", caption: "One bar." }).inLook({ fontFamily });
 */
export function fontFamilyOf(asked: string, choice: VenueChoice | undefined): string {
  if (/\.(ttf|otf|ttc)$/i.test(asked)) return addFont(asked);
  if (asked === "venue") return venueFamily(choice);
  if (ownFontNamed(asked) !== undefined) return asked;
  const added = allOwnFonts().map(({ family }) => JSON.stringify(family));
  throw new NotFoundError(`no font "${asked}" has been added`, {
    where: "fontFamily",
    remedy: `give the path of its .ttf or .otf file, or "venue"${added.length > 0 ? `, or ${added.join(", ")}` : ""}`,
  });
}

/**
 * The hash of that font's file; `null` where figures keep their own.
 *
 * @throws as `fontFamilyOf` does
 * @example
 * await fontHash("fonts/NotoSansJP-Regular.otf", undefined); // sha256 of that file
 * await fontHash(undefined, "ieee"); // null
 */
export async function fontHash(asked: string | undefined, choice: VenueChoice | undefined): Promise<string | null> {
  if (asked === undefined) return null;
  const { path } = ownFontNamed(fontFamilyOf(asked, choice)) as OwnFont;
  return sha256OfFile(path);
}

function venueFamily(choice: VenueChoice | undefined): string {
  if (choice === undefined)
    throw new InvalidArgumentError("the venue's font is that of no venue", {
      where: "fontFamily",
      remedy: "name a venue, such as --venue acm-sigconf, or give the path of a font",
    });
  const { name, family } = venueOf(choice);
  const path = texFile(files[family]);
  if (path !== undefined) return addFont(path);
  throw new NotFoundError(`no font of the family "${family}" of ${name} was found`, {
    where: "fontFamily",
    remedy:
      `install TeX with one of ${files[family].join(", ")} (Debian: texlive-fonts-extra, tex-gyre, lmodern), ` +
      "or give the path of a font",
  });
}

/** The first of some files that TeX knows. */
function texFile(names: readonly string[]): string | undefined {
  try {
    const found = execFileSync("kpsewhich", names, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return found.split("\n").find((line) => line !== "");
  } catch (error) {
    // without TeX nothing is found; where some files are missing, it names the others and ends with status 1
    const printed = (error as { stdout?: string }).stdout ?? "";
    return printed.split("\n").find((line) => line !== "");
  }
}
