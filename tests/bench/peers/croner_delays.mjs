// croner_delays.mjs SECONDS: by how many ms croner calls a function late that is due each second.
import { Cron } from "croner";

const late = [];
const job = new Cron("* * * * * *", () => late.push((performance.timeOrigin + performance.now()) % 1000));
setTimeout(() => {
  console.log(late.join("\n"));
  job.stop();
}, Number(process.argv[2]) * 1000);
