// bree_idle.mjs JOBS: so many jobs that are due once a year; ends with its standard input.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Bree from "bree";

const directory = mkdtempSync(join(process.cwd(), "bree-"));
const path = join(directory, "nothing.js");
writeFileSync(path, "");
const jobs = Array.from({ length: Number(process.argv[2]) }, (_, i) => ({ name: `job_${i}`, path, cron: "0 4 1 1 *" }));
const bree = new Bree({ root: false, logger: false, jobs });
await bree.start();
console.log("ready");
process.stdin.resume();
process.stdin.on("end", async () => {
  await bree.stop();
  rmSync(directory, { recursive: true });
  process.exit(0);
});
