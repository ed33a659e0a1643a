// Notebooks that leave JupyterLab: as HTML by its menu (nbconvert), and as PDF. The PDF is that page as Chromium prints
// it, which is what nbconvert's `webpdf` does. Its `pdf` would need pandoc and XeLaTeX.
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { inRepository } from "recsys-unlearning/core";
import { readNotebook } from "recsys-unlearning-kernel";
import { describeInLab } from "./lab";
import { inLocal } from "./notebook-page";

const exported = "notebooks/explore/forget-me.ipynb";

describeInLab("exports from JupyterLab", (lab) => {
  test("HTML shows every picture and table without a kernel, a network or vega", async () => {
    const notebook = await lab.copy(exported);
    // The menu gets its formats from the server, which asks nbconvert for them. It then opens the export's address.
    await expect
      .poll(() => notebook.page.evaluate(() => fetch("/api/nbconvert").then(({ ok }) => ok)), { timeout: 90_000 })
      .toBe(true);
    await notebook.page.evaluate(
      () => (window.open = (url) => ((document.body.dataset["opened"] = String(url)), null)),
    );
    await notebook.menu("File", "Save and Export Notebook As", "HTML");
    // A dialog offers to sanitize what is exported. nbconvert's sanitizer spells out the tags of headings: declined.
    await notebook.page.locator('.jp-Dialog input[type="checkbox"]').uncheck();
    await notebook.page.locator(".jp-Dialog .jp-mod-accept").click();
    const opened = () => notebook.page.evaluate(() => document.body.dataset["opened"] ?? "");
    await expect.poll(opened, { timeout: 60_000 }).toContain("/nbconvert/html/");
    const get = async (url: string) =>
      fetch(url).then((answer) => (answer.ok ? answer.text() : `${answer.status} ${url}`));
    const html = await notebook.page.evaluate(get, await opened());
    expect(html).toContain("</html>");
    writeFileSync(inLocal("forget-me.html"), html);
    await notebook.close();

    const cells = (await readNotebook(inRepository(exported))).cells;
    const data = cells.flatMap(({ outputs = [] }) => outputs.flatMap((one) => ("data" in one ? [one.data] : [])));
    // Figures have a picture of their own; those that an interaction shows beside its result stand in its markup.
    const inMarkup = data.flatMap((one) => String(one["text/html"] ?? "").match(/<img /g) ?? []).length;
    const pictures = data.filter((one) => "image/png" in one).length + inMarkup;
    const paper = await lab.browser.newPage({ viewport: { width: 1100, height: 1000 }, offline: true });
    await paper.goto(pathToFileURL(inLocal("forget-me.html")).href, { timeout: 90_000 });
    const drawn = () => paper.locator(".jp-OutputArea img").evaluateAll((all) => all.filter((one) => (one as HTMLImageElement).naturalWidth > 100).length); // prettier-ignore
    expect(pictures).toBeGreaterThan(0);
    await expect.poll(drawn, { timeout: 20_000 }).toBe(pictures);
    expect(await paper.locator(".jp-OutputArea img").count()).toBe(pictures);
    expect(await paper.locator(".jp-OutputArea table").count()).toBeGreaterThan(2);
    expect(await paper.locator(".jp-OutputArea").allInnerTexts()).toEqual(expect.not.arrayContaining([expect.stringMatching(/\[object|undefined/)])); // prettier-ignore
    expect(await paper.locator("h1").first().innerText()).toMatch(/^Forget me/);
    await paper.screenshot({ path: inLocal("export-html.png") });

    // The same page on paper.
    const pdf = await paper.pdf({ format: "A4", printBackground: true });
    writeFileSync(inLocal("forget-me.pdf"), pdf);
    await paper.close();
    const text = readFileSync(inLocal("forget-me.pdf"), "latin1");
    expect(text.startsWith("%PDF-")).toBe(true);
    expect(text.match(/\/Type \/Page\b/g)?.length ?? 0).toBeGreaterThan(1);
    expect(text.match(/\/Subtype \/Image\b/g)?.length ?? 0).toBeGreaterThanOrEqual(pictures);
  });
});
