// The states of our controls beside those that ipywidgets itself makes.
import { execFileSync } from "node:child_process";
import { afterAll, describe, expect, test } from "vitest";
import { setNotebookChannel } from "recsys-unlearning/core";
import * as nb from "recsys-unlearning/notebook";
import { peerPython } from "../../bench/peers";
import { FakeChannel } from "./fake-channel";

const python = peerPython();
if (python === null) console.log("skipped: ipywidgets is not installed (npm run peers)");

const script = `
import json, ipywidgets as w, anywidget
made = {
  "FloatSlider": w.FloatSlider(min=0, max=1, step=0.01, value=0.5), "IntSlider": w.IntSlider(min=0, max=10, value=5),
  "FloatRangeSlider": w.FloatRangeSlider(min=0, max=1, step=0.01, value=[0.25, 0.75]),
  "IntRangeSlider": w.IntRangeSlider(min=0, max=8, value=[2, 6]),
  "FloatLogSlider": w.FloatLogSlider(min=-2, max=0, value=0.1),
  "Dropdown": w.Dropdown(options=["a", "b"]), "Select": w.Select(options=["a", "b"]),
  "ToggleButtons": w.ToggleButtons(options=["a", "b"]), "Combobox": w.Combobox(options=["a"], continuous_update=False),
  "Checkbox": w.Checkbox(), "Text": w.Text(continuous_update=False), "Button": w.Button(description="b"),
  "IntProgress": w.IntProgress(max=10), "FloatProgress": w.FloatProgress(max=10), "HTML": w.HTML(value="<b>x</b>"),
  "HBox": w.HBox(), "VBox": w.VBox(), "Tab": w.Tab([w.Text()], titles=["t"], selected_index=0),
  "Accordion": w.Accordion([w.Text()], titles=["t"], selected_index=0), "Output": w.Output(), "Layout": w.Layout(),
}
class Any(anywidget.AnyWidget): _esm = "export default {}"
made["Any"] = Any()
states = {}
for name, one in made.items():
  states[name] = {k: v for k, v in one.get_state().items() if not isinstance(v, (bytes, memoryview))}
  if getattr(one, "style", None) is not None: states[name + ".style"] = one.style.get_state()
print(json.dumps(states))
`;

/** What ours has that differs on purpose, or stands for something else on the other side. */
const references = (value: unknown): unknown =>
  typeof value === "string" && value.startsWith("IPY_MODEL_")
    ? "IPY_MODEL"
    : Array.isArray(value)
      ? value.map(references)
      : value;

describe.skipIf(python === null)("states", () => {
  const theirs = JSON.parse(
    python === null
      ? "{}"
      : execFileSync(python, ["-c", script], { encoding: "utf8", env: { ...process.env, JUPYTER_PLATFORM_DIRS: "1" } }),
  ) as Record<string, Record<string, unknown>>;
  const channel = new FakeChannel();
  afterAll(() => setNotebookChannel(undefined));
  const ours: Record<string, nb.Widget> = {
    FloatSlider: nb.slider(0, 1),
    IntSlider: nb.intSlider(0, 10),
    FloatRangeSlider: nb.rangeSlider(0, 1),
    IntRangeSlider: nb.intRangeSlider(0, 8),
    FloatLogSlider: nb.logSlider(0.01, 1),
    Dropdown: nb.dropdown(["a", "b"]),
    Select: nb.select(["a", "b"]),
    ToggleButtons: nb.toggleButtons(["a", "b"]),
    Combobox: nb.combobox(["a"]),
    Checkbox: nb.checkbox(),
    Text: nb.text(),
    Button: nb.button("b"),
    IntProgress: nb.intProgressBar(10),
    FloatProgress: nb.progressBar(10),
    HTML: nb.markup(nb.html`<b>x</b>`),
    HBox: nb.hbox([]),
    VBox: nb.vbox([]),
    Tab: nb.tabs({ t: nb.text() }),
    Accordion: nb.accordion({ t: nb.text() }),
    Output: nb.output(),
    Any: nb.anyControl({ esm: "export default {}", state: {} }),
  };

  test.each(Object.keys(ours))("%s has ipywidgets' fields with its values", (name) => {
    const state = channel.stateOf(ours[name].open());
    const own = Object.fromEntries(Object.entries(state).map(([key, value]) => [key, references(value)]));
    const wanted = Object.fromEntries(Object.entries(theirs[name]).map(([key, value]) => [key, references(value)]));
    expect({ ...own, _anywidget_id: null }).toEqual({ ...wanted, _anywidget_id: null });
    const style = state["style"];
    if (style !== undefined)
      expect(channel.stateOf(String(style).replace("IPY_MODEL_", ""))).toEqual(theirs[`${name}.style`]);
    const layout = channel.stateOf(String(state["layout"]).replace("IPY_MODEL_", ""));
    expect(layout).toEqual(theirs["Layout"]);
  });
});
