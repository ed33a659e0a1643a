// Controls as a person sees them: JupyterLab with jupyterlab_widgets and anywidget, in a real browser. The screenshots
// in figures/local/browser are to be looked at.
import { beforeAll, expect, test } from "vitest";
import { describeInLab } from "./lab";
import type { NotebookPage } from "./notebook-page";
import { expectScreenshot } from "./screenshots";

const cells = {
  controls: `import * as nb from "recsys-unlearning/notebook";
nb.vbox([nb.slider(0, 1, { label: "number" }), nb.dropdown(["a", "b"], { label: "choice" }), nb.text({ label: "words" }),
  nb.button("Forget", { icon: "trash", colour: "danger" }), nb.tabs({ first: nb.checkbox(), second: nb.output() })])`,
  interact: `import { table } from "recsys-unlearning/tables";
nb.interact({ user: nb.intSlider(1, 20, { value: 3 }), wrong: nb.checkbox() }, ({ user, wrong }) => {
  if (wrong) throw new RangeError("wrong was ticked");
  console.log("computed for", user);
  return table({ rows: [{ user, square: user * user }] });
})`,
  any: `const counter = nb.anyControl({ esm: \`export default { render({ model, el }) {
  const button = document.createElement("button");
  const show = () => (button.textContent = "count " + model.get("count"));
  button.onclick = () => { model.set("count", model.get("count") + 1); model.save_changes(); };
  model.on("change:count", show); show(); el.append(button);
} }\`, state: { count: 0 } });
counter.onChange(({ count }) => { if (count === 2) counter.update({ count: 10 }); });
counter`,
} as const;

describeInLab("controls in JupyterLab", (lab) => {
  let notebook: NotebookPage<keyof typeof cells>;
  beforeAll(async () => {
    notebook = await lab.create("controls.ipynb", cells);
  }, 240_000);

  const slider = () => notebook.cell("interact").locator(".noUi-handle").first();

  test("are drawn", async () => {
    await notebook.run("controls");
    await notebook.cell("controls").locator(".noUi-handle").waitFor({ timeout: 30_000 });
    await expectScreenshot("controls", notebook, "controls");
    await notebook.shows("controls", /number.*0\.50.*choice.*words.*Forget.*first.*second/);
  });

  test("a slider's value replaces the result in place; 200 quick ones leave the last", async () => {
    await notebook.run("interact");
    await notebook.shows("interact", /computed for 3 user square 3 9$/);
    const at = (await slider().boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    const [x, y] = [at.x + at.width / 2, at.y + at.height / 2];
    await notebook.page.mouse.move(x, y);
    await notebook.page.mouse.down();
    for (let i = 0; i < 200; i++) await notebook.page.mouse.move(x + (i % 2 === 0 ? 60 : -60), y);
    await notebook.page.mouse.move(x + 1000, y);
    await notebook.page.mouse.up();
    await notebook.shows("interact", /user: 20 · wrong: no computed for 20 user square 20 400$/);
    await expectScreenshot("interact", notebook, "interact");
  });

  test("an error stands in the place of the result, until the next value", async () => {
    await notebook.cell("interact").locator("input[type=checkbox]").click();
    await notebook.shows("interact", /RangeError: wrong was ticked/);
    await expectScreenshot("interact-error", notebook, "interact");
    await notebook.cell("interact").locator("input[type=checkbox]").click();
    await notebook.shows("interact", /20 400$/);
  });

  test("a front end of one's own speaks with the kernel", async () => {
    await notebook.run("any");
    const button = notebook.cell("any").locator(".jp-OutputArea-output button");
    await button.waitFor({ timeout: 30_000 });
    for (let i = 0; i < 2; i++) await button.click();
    await expect.poll(() => button.innerText(), { timeout: 20_000 }).toBe("count 10");
    await notebook.picture("any-control", "any");
  });

  test("a saved notebook has the last result; a page that is loaded again goes on", async () => {
    await notebook.save();
    const saved = async () => JSON.stringify((await notebook.saved()).cells[1].outputs);
    await expect.poll(saved, { timeout: 20_000 }).toMatch(/20 +400/);
    await notebook.open();
    await slider().waitFor({ timeout: 30_000 });
    await slider().click();
    await notebook.page.keyboard.press("ArrowLeft");
    await notebook.shows("interact", /loaded after the cell ran.*computed for 19 user square 19 361/);
    await notebook.picture("interact-reloaded", "interact");
  });
});
