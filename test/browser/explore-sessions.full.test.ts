// The notebook whose training takes longest: a walk over the steps of CAU.
import { expect, test } from "vitest";
import { hasMovieLens } from "./data";
import { openAndRun } from "./explore";
import { describeInLab } from "./lab";
import { expectScreenshot } from "./screenshots";

const hasData = await hasMovieLens("the notebooks that answer");

describeInLab("sessions that answer", (lab) => {
  test.skipIf(!hasData)("forget-from-sessions: a walk over the steps", async () => {
    const notebook = await openAndRun(lab, "forget-from-sessions");
    const cell = notebook.names[notebook.names.length - 1];
    const before = await notebook.chartPicture(cell);
    await notebook.drag(cell, 0, "first");
    await notebook.shows(cell, /Step 1, in pass 1/);
    await notebook.settled(cell);
    expect([(await notebook.chartPicture(cell)) === before, await notebook.charts(cell)]).toEqual([false, 1]);
    await expectScreenshot("forget-from-sessions", notebook, cell);
    await notebook.close();
  });
});
