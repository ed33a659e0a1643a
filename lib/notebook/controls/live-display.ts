// Where an interaction shows what it computes.
import { type MimeBundle, notebookChannel, type OutputPlace } from "../../core";
import { Figure } from "../../figures";
import { bundleOf } from "../display";
import { errorBundle } from "./error-bundle";
import { type Gathered, partOfBundle } from "./gathered";
import { onPageLoad } from "./registry";
import { output } from "./output";
import { html } from "../html";

const empty: MimeBundle = { data: {}, metadata: {} };
/** How long nothing must have changed before a figure's picture is drawn for viewers without vega. */
const quietMs = 400;

let shownSoFar = 0;

/**
 * Two displays of a cell that are replaced in place, by `update_display_data`: what the computation printed, and its
 * picture. They are ordinary outputs. JupyterLab replaces them also when the cell has ended, and saves what they held
 * last; so a closed notebook and its export show the last picture without the state of any control. An
 * Output widget would be gone with its kernel, because pages do not save the state of widgets unless told to.
 *
 * A page that is loaded while the kernel lives does not know these displays: it is shown the same in `pages`, among the
 * controls.
 */
export class LiveDisplay {
  readonly pages = output();
  private place: OutputPlace | undefined;
  private readonly id = `interaction-${++shownSoFar}`;
  private hasNotes = false;
  private quiet: NodeJS.Timeout | undefined;
  private isFollowed = false;
  private last = empty;
  /** The figure that stands there, if one does: a newer one takes its room. */
  private figure: Figure | undefined;
  private notes = empty;
  private endListening: (() => void) | undefined;

  /** Takes its place in the running cell. */
  begin(): void {
    this.place = notebookChannel()?.place();
    this.endListening?.();
    this.endListening = onPageLoad((session) => {
      if (session === this.place?.session) return; // connected again
      this.isFollowed = true;
      this.showInPages();
    });
    this.place?.display(`${this.id}-notes`, empty, false);
    this.place?.display(this.id, empty, false);
  }

  /**
   * Shows a result instead of the one before.
   *
   * @param atOnce whether a figure comes without its picture at first, which takes longer to draw than the rest
   */
  show(result: unknown, atOnce: boolean): void {
    clearTimeout(this.quiet);
    if (atOnce && result instanceof Figure) {
      this.replace({ data: result.atOnce(this.figure), metadata: {} });
      this.quiet = setTimeout(() => this.addPicture(result), quietMs);
      this.quiet.unref();
    } else this.replace(result === undefined ? empty : bundleOf(result));
    this.figure = result instanceof Figure ? result : undefined;
  }

  /** That a figure cannot be drawn shows only when it is. */
  private addPicture(figure: Figure): void {
    try {
      this.replace(bundleOf(figure));
    } catch (error) {
      this.replace(errorBundle(error));
    }
  }

  /** Shows text instead of a result: an error. */
  showBundle(bundle: MimeBundle): void {
    clearTimeout(this.quiet);
    this.replace(bundle);
  }

  /** Shows what was printed meanwhile, and which values it is for. */
  showNotes(values: string | undefined, printed: Gathered): void {
    const { markup, text } = printed.asHtml();
    const head = values === undefined ? html`` : html`<div><small>${values}</small></div>`;
    const all = [values ?? "", text].filter((one) => one !== "").join("\n");
    if (all === "" && !this.hasNotes) return;
    this.hasNotes = all !== "";
    this.notes =
      all === "" ? empty : { data: { "text/html": `${head.markup}${markup.markup}`, "text/plain": all }, metadata: {} };
    this.place?.display(`${this.id}-notes`, this.notes, true);
    if (this.isFollowed) this.showInPages();
  }

  end(): void {
    clearTimeout(this.quiet);
    this.endListening?.();
    this.pages.close();
    this.place = undefined;
  }

  private replace(bundle: MimeBundle): void {
    this.last = bundle;
    this.place?.display(this.id, bundle, true);
    if (this.isFollowed) this.showInPages();
  }

  private showInPages(): void {
    const said = "This page was loaded after the cell ran: this is live, and what stands below is as it was.";
    const note = { "text/html": html`<div><small>${said}</small></div>`.markup, "text/plain": said };
    const outputs = [{ data: note, metadata: {} }, this.notes, this.last];
    this.pages.setOutputs(outputs.filter(({ data }) => Object.keys(data).length > 0));
  }
}

/** A result for where there are no controls: beside the text of the controls, if it is text itself. */
export function beside(still: { html: { markup: string }; text: string }, result: MimeBundle): MimeBundle {
  const { markup, text } = partOfBundle(result.data);
  const data = {
    ...result.data,
    "text/html": `${still.html.markup}${markup.markup}`,
    "text/plain": `${still.text}\n${text}`,
  };
  return { data, metadata: result.metadata };
}
