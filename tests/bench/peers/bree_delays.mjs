// bree_delays.mjs SECONDS: by how many ms Bree's worker thread of a job due each second runs its first line late.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Bree from "bree";

const directory = mkdtempSync(join(process.cwd(), "bree-"));
const touched = join(directory, "touched");
const path = join(directory, "touch.js");
writeFileSync(touched, "");
writeFileSync(
  path,
  `require("node:fs").appendFileSync(${JSON.stringify(touched)}, (Date.now() % 1000) + "\\n");`,
);
// cron-validate, which Bree checks entries with, knows seconds only where it is told of them.
const bree = new Bree({
  root: false,
  logger: false,
  jobs: [{ name: "touch", path, cron: "* * * * * *", hasSeconds: true }],
});
await bree.start();
setTimeout(async () => {
  await bree.stop();
  console.log(readFileSync(touched, "utf8").trim());
  rmSync(directory, { recursive: true });
  process.exit(0);
}, Number(process.argv[2]) * 1000);
