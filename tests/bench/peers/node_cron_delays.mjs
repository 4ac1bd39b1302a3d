// node_cron_delays.mjs SECONDS: by how many ms node-cron calls a function late that is due each second.
import cron from "node-cron";

const late = [];
const now = () => (performance.timeOrigin + performance.now()) % 1000;
const task = cron.schedule("* * * * * *", () => late.push(now()));
setTimeout(() => {
  console.log(late.join("\n"));
  task.stop();
  process.exit(0);
}, Number(process.argv[2]) * 1000);
